/** Who answers lookups over HTTPS, from the list that ships. */
import { describe, expect, it } from "vitest";
import { indexEncryptedResolvers } from "../../../../src/core/classify/encrypted-resolvers.ts";
import { parseRuleData } from "../../../../src/core/classify/rule-data.ts";
import { formatAddress } from "../../../../src/core/event/decode-text.ts";
import { localityOf } from "../../../../src/core/model/locality.ts";
import { addressBytes } from "../../support/encode-records.ts";
import { shippedRules } from "./shipped-rules.ts";

const { encryptedResolvers } = parseRuleData(shippedRules);
const find = indexEncryptedResolvers(encryptedResolvers);

describe("a resolver is known", () => {
  it.each([
    "dns.google",
    "cloudflare-dns.com",
    "mozilla.cloudflare-dns.com",
    "chrome.cloudflare-dns.com",
    "dns.quad9.net",
    "dns.nextdns.io",
    "abc123.dns.nextdns.io",
    "d.adguard-dns.com",
    "0123abcd.d.adguard-dns.com",
    "adblock.dns.mullvad.net",
    "dns.controld.com",
    "doh.opendns.com",
    "doh.cleanbrowsing.org",
    "dns0.eu",
    "doh.dns.sb",
  ])("by its name: %s", (name) => {
    expect(find(name, null)).toBe(name);
  });

  it.each([
    ["8.8.8.8", "dns.google"],
    ["2606:4700:4700::1111", "cloudflare-dns.com"],
    ["9.9.9.9", "dns.quad9.net"],
  ])("by its address: %s", (address, host) => {
    expect(find(null, address)).toBe(host);
    expect(find("one.example", address)).toBe("one.example");
  });

  it.each(["example.org", "google", "notdns.google", "dns.google.evil.example", "www.quad9.net", "nextdns.io"])(
    "and %s is none",
    (name) => expect(find(name, "203.0.113.1")).toBe(null),
  );
});

describe("the list that ships", () => {
  it("names the page of each operator and claims no host or address twice", () => {
    const hosts = encryptedResolvers.flatMap((resolver) => resolver.hosts);
    const addresses = encryptedResolvers.flatMap((resolver) => resolver.addresses);
    expect(new Set(hosts).size).toBe(hosts.length);
    expect(new Set(addresses).size).toBe(addresses.length);
    expect(encryptedResolvers.filter(({ source }) => source.url === null)).toEqual([]);
  });

  it("writes addresses as the decoder does, all of the internet", () => {
    for (const address of encryptedResolvers.flatMap((resolver) => resolver.addresses)) {
      expect(formatAddress(addressBytes(address), 0, address.includes(":") ? 10 : 2)).toBe(address);
      expect(localityOf(address)).toBe("internet");
    }
  });
});
