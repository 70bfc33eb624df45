import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseReverseName } from "../../../../src/core/protocol/reverse-name.ts";
import { anyUnit } from "../../support/any-text.ts";

describe("parseReverseName", () => {
  it("takes names of hosts, in lower case and without the last dot", () => {
    expect(parseReverseName("Edge-8.CDN.example.net.")).toBe("edge-8.cdn.example.net");
    expect(parseReverseName("_gateway.example")).toBe("_gateway.example");
    expect(parseReverseName("xn--mnchen-3ya.example")).toBe("xn--mnchen-3ya.example");
    expect(parseReverseName("münchen.example")).toBe("xn--mnchen-3ya.example");
  });

  it.each([
    ["an address", "192.0.2.1"],
    ["an IPv6 address", "2001:db8::1"],
    ["one label", "localhost"],
    ["the question handed back", "1.2.0.192.in-addr.arpa"],
    ["markup", "<img src=x onerror=alert(1)>.example"],
    ["a terminal escape", "\u001b[2J.example"],
    ["a right-to-left override", "a\u202eb.example"],
    ["spaces", "not a name.example"],
    ["an escaped byte", "a\\000b.example"],
    ["an empty label", "a..example"],
    ["a label that begins with a hyphen", "-a.example"],
    ["a label too long", `${"a".repeat(64)}.example`],
    ["a name too long", `${"a.".repeat(130)}example`],
    ["nothing", ""],
  ])("refuses %s", (_what, text) => {
    expect(parseReverseName(text)).toBeUndefined();
  });

  it("gives nothing but lower-case ASCII names, whatever comes in", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: anyUnit("aZ09-_.é。") }), fc.domain()), (text) => {
        const name = parseReverseName(text);
        return name === undefined || (/^[a-z0-9._-]+$/.test(name) && name.length <= 253);
      }),
      { numRuns: 3000 },
    );
  });
});
