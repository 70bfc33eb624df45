import { expect, test } from "vitest";
import type { DnsRecord } from "../../../../../src/core/protocol/dns/parse-message.ts";
import { resolveName } from "../../../../../src/core/protocol/dns/resolve-answer.ts";

const address = (name: string, value: string): DnsRecord => ({ kind: "address", name, ttlSec: 1, address: value });
const cname = (name: string, target: string): DnsRecord => ({ kind: "cname", name, ttlSec: 1, target });

test("addresses are those at the end of the alias chain, in whatever order the records come", () => {
  const records = [address("c.test", "192.0.2.1"), cname("b.test", "c.test"), cname("a.test", "b.test")];
  expect(resolveName("a.test", records)).toEqual({
    name: "a.test",
    aliases: ["b.test", "c.test"],
    addresses: ["192.0.2.1"],
    ttlSec: 1,
    echPublicNames: [],
  });
});

test("records beside the chain were not asked for", () => {
  const records = [address("a.test", "192.0.2.1"), address("other.test", "192.0.2.2")];
  expect(resolveName("a.test", records).addresses).toEqual(["192.0.2.1"]);
});

test("aliases in a circle end", () => {
  expect(resolveName("a.test", [cname("a.test", "b.test"), cname("b.test", "a.test")])).toEqual({
    name: "a.test",
    aliases: ["b.test"],
    addresses: [],
    ttlSec: 1,
    echPublicNames: [],
  });
});

test("an HTTPS query for another port names the host itself", () => {
  const hint: DnsRecord = {
    kind: "service",
    name: "_8443._https.a.test",
    ttlSec: 1,
    target: ".",
    addressHints: ["192.0.2.1"],
    echPublicNames: ["front.test"],
  };
  expect(resolveName("_8443._https.a.test", [hint])).toEqual({
    name: "a.test",
    aliases: [],
    addresses: ["192.0.2.1"],
    ttlSec: 1,
    echPublicNames: ["front.test"],
  });
});
