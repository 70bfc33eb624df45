import { describe, expect, it } from "vitest";
import {
  candidateNames,
  candidatesText,
  contradictionText,
  encryptedDnsWords,
  hopsText,
  nameKnownText,
} from "../../../../src/core/model/name-words.ts";

describe("nameKnownText", () => {
  it("says how old a lookup was when the connection was opened", () => {
    expect(nameKnownText("own-answer", 185e9)).toBe("asked for by this program, 3 min 5 s before connecting");
  });
  it("says so when the lookup came right before", () => {
    expect(nameKnownText("own-answer", 300_000)).toBe("asked for by this program, just before connecting");
  });
  it("says when the answer came after the connection", () => {
    expect(nameKnownText("host-answer", -200e6)).toBe(
      "asked for by another program on this machine; the answer arrived 200 ms after connecting",
    );
  });
  it("says no age where the source has none of its own", () => {
    expect(nameKnownText("server-name", -20e6)).toBe("named by this program in its connection");
    expect(nameKnownText("reverse-dns", -90e9)).toBe("what the address's owner calls it");
    expect(nameKnownText(null, null)).toBe("no name seen, only the address");
  });
});

describe("contradictionText", () => {
  const tls = { name: "b.example", source: "server-name" } as const;
  it("tells both names in words", () => {
    expect(contradictionText([tls, { name: "a.example", source: "own-answer" }])).toBe(
      "looked up a.example, TLS says b.example",
    );
    expect(
      contradictionText([
        { ...tls, source: "http-host" },
        { name: "a.example", source: "own-lookup" },
      ]),
    ).toBe("looked up a.example, its request says b.example");
  });
  it("leaves out lookups of others, which contradict nothing, and counts many", () => {
    const own = ["a", "c", "d", "e"].map((name) => ({ name: `${name}.example`, source: "own-answer" }) as const);
    expect(contradictionText([tls, ...own, { name: "z.example", source: "host-answer" }])).toBe(
      "looked up a.example, c.example and 2 others, TLS says b.example",
    );
  });
  it("stays true when the other name is not known any more", () => {
    expect(contradictionText([tls])).toBe("its lookup and its connection disagree");
  });
  it("shows names as people write them, and hostile ones as they are sent", () => {
    expect(
      contradictionText([
        { name: "xn--80ak6aa92e.com", source: "server-name" },
        { name: "xn--mnchen-3ya.example", source: "own-answer" },
      ]),
    ).toBe("looked up münchen.example, TLS says xn--80ak6aa92e.com");
  });
});

describe("candidates", () => {
  it("are named like the graph's label", () => {
    expect(candidateNames([])).toBe("");
    expect(candidateNames(["a.example", "b.example"])).toBe("a.example or b.example");
    expect(candidateNames(["a.example", "b.example", "c.example", "d.example"])).toBe("a.example or 3 others");
  });
  it("are told in a sentence, at most eight by name", () => {
    expect(candidatesText(["a.example", "b.example"])).toBe(
      "both names share an address, and nothing on the connection says which it was",
    );
    const many = Array.from({ length: 10 }, (_, index) => `n${index}.example`);
    expect(candidatesText(many)).toContain("n7.example and 2 more share an address");
  });
});

describe("what stands between a program and a name", () => {
  it("is the proxy, by name or address", () => {
    expect(hopsText(["proxy.example:3128", "192.0.2.1:8080"])).toBe("through proxy.example:3128, 192.0.2.1:8080");
  });
  it("is the resolver it encrypts its lookups to", () => {
    const used = [
      { protocol: "doh", resolver: "dns.google" },
      { protocol: "dot", resolver: "dns.google" },
    ] as const;
    expect(encryptedDnsWords(used)).toEqual({
      plain: "sends its lookups to dns.google, encrypted: Telltale sees them only as connections",
      exact: "DNS over HTTPS, DNS over TLS",
    });
  });
});
