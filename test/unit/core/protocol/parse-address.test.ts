import { isIP } from "node:net";
import fc from "fast-check";
import { expect, test } from "vitest";
import { parseAddress } from "../../../../src/core/protocol/parse-address.ts";

test("IPv4 addresses are those of four decimal numbers", () => {
  expect(parseAddress("192.0.2.1")).toBe("192.0.2.1");
  expect(parseAddress("0.0.0.0")).toBe("0.0.0.0");
  for (const text of [
    "",
    "1",
    "127.1",
    "1.2.3",
    "1.2.3.4.5",
    "256.1.1.1",
    "01.2.3.4",
    "1.2.3.4 ",
    "1.2.3.x",
    "1..2.3",
  ]) {
    expect(parseAddress(text)).toBe(undefined);
  }
});

test("IPv6 addresses of RFC 4291 section 2.2 and RFC 5952 take their one form", () => {
  expect(parseAddress("ABCD:EF01:2345:6789:ABCD:EF01:2345:6789")).toBe("abcd:ef01:2345:6789:abcd:ef01:2345:6789");
  expect(parseAddress("2001:DB8:0:0:8:800:200C:417A")).toBe("2001:db8::8:800:200c:417a");
  expect(parseAddress("FF01:0:0:0:0:0:0:101")).toBe("ff01::101");
  expect(parseAddress("0:0:0:0:0:0:0:1")).toBe("::1");
  expect(parseAddress("::")).toBe("::");
  expect(parseAddress("1::")).toBe("1::");
  expect(parseAddress("0:0:0:0:0:0:13.1.68.3")).toBe("::d01:4403");
  expect(parseAddress("::FFFF:129.144.52.38")).toBe("129.144.52.38");
  expect(parseAddress("2001:db8:0:1:1:1:1:1")).toBe("2001:db8:0:1:1:1:1:1");
});

test("a zone is dropped, an empty one refused", () => {
  expect(parseAddress("fe80::1%eth0")).toBe("fe80::1");
  expect(parseAddress("fe80::1%")).toBe(undefined);
});

test("what is almost an address is none", () => {
  for (const text of [
    ":",
    ":::",
    "1:2:3:4:5:6:7",
    "1:2:3:4:5:6:7:8:9",
    "1::2::3",
    "::1::",
    "12345::",
    "g::",
    "1:",
    ":1",
    "1:2:3:4:5:6:7::8",
    "::1.2.3",
    "1.2.3.4::",
    "::1.2.3.4:5",
    `${"0".repeat(60)}::1`,
  ]) {
    expect(parseAddress(text)).toBe(undefined);
  }
});

test("every address that Node knows is read, and to itself when read again", () => {
  fc.assert(
    fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), (text) => {
      const parsed = parseAddress(text);
      expect(isIP(parsed ?? "")).not.toBe(0);
      expect(parseAddress(parsed ?? "")).toBe(parsed);
    }),
    { numRuns: 2000 },
  );
});

test("any text is read as Node reads it", () => {
  const text = fc.stringMatching(/^[0-9a-f:.]{0,20}$/);
  fc.assert(
    fc.property(text, (candidate) => {
      expect(parseAddress(candidate) !== undefined).toBe(isIP(candidate) !== 0);
    }),
    { numRuns: 5000 },
  );
});
