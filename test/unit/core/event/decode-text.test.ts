import fc from "fast-check";
import { expect, test } from "vitest";
import {
  decodeCString,
  decodeStrings,
  decodeUtf8,
  formatAddress,
  formatIpv6,
} from "../../../../src/core/event/decode-text.ts";
import { anyUnit } from "../../support/any-text.ts";
import { addressBytes } from "../../support/encode-records.ts";

const AF_INET = 2;
const AF_INET6 = 10;

test("UTF-8 is decoded as the platform decodes it, whatever the bytes", () => {
  const platform = new TextDecoder("utf-8", { ignoreBOM: true });
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
      expect(decodeUtf8(bytes, 0, bytes.length)).toBe(platform.decode(bytes));
    }),
    { numRuns: 5000 },
  );
  fc.assert(
    fc.property(fc.string({ unit: anyUnit("aé日🦊\ufeff\0") }), fc.nat(40), (text, cut) => {
      const bytes = new TextEncoder().encode(text).subarray(0, cut);
      expect(decodeUtf8(bytes, 0, bytes.length)).toBe(platform.decode(bytes));
    }),
    { numRuns: 2000 },
  );
});

test("every lead and second byte is judged as the platform judges it", () => {
  const platform = new TextDecoder("utf-8", { ignoreBOM: true });
  for (let lead = 0x80; lead < 0x100; lead += 1) {
    for (let second = 0x70; second < 0x100; second += 1) {
      const bytes = new Uint8Array([lead, second, 0x80, 0x80, 0x41]);
      expect(decodeUtf8(bytes, 0, bytes.length)).toBe(platform.decode(bytes));
    }
  }
});

test("a C string ends at its NUL or at the end of its field", () => {
  const bytes = new TextEncoder().encode("ab\0cdef");
  expect(decodeCString(bytes, 0, 7)).toBe("ab");
  expect(decodeCString(bytes, 3, 2)).toBe("cd");
});

test("strings in a row keep empty ones and a cut last one", () => {
  const bytes = new TextEncoder().encode("a\0\0bc\0de");
  expect(decodeStrings(bytes, 0, bytes.length)).toEqual(["a", "", "bc", "de"]);
  expect(decodeStrings(bytes, 0, 0)).toEqual([]);
});

test.each([
  ["2001:db8:0:0:0:0:2:1", "2001:db8::2:1"],
  ["2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"], // section 4.2.2: one zero group is not shortened
  ["2001:0:0:1:0:0:0:1", "2001:0:0:1::1"], // section 4.2.3: the longest run
  ["2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"], // the first of two equal runs
  ["0:0:0:0:0:0:0:1", "::1"],
  ["0:0:0:0:0:0:0:0", "::"],
  ["fe80:0:0:0:0:0:0:0", "fe80::"],
  ["2001:DB8:AA:BB:CC:DD:EE:FF", "2001:db8:aa:bb:cc:dd:ee:ff"],
  ["0:0:0:0:0:ffff:c000:201", "192.0.2.1"], // IPv4-mapped
  ["0:0:0:0:0:0:c000:201", "::c000:201"], // IPv4-compatible is not mapped
])("%s is written %s, as RFC 5952 has it", (address, text) => {
  expect(formatIpv6(addressBytes(address), 0)).toBe(text);
});

test("the family decides how the 16 bytes are read", () => {
  expect(formatAddress(addressBytes("192.0.2.1"), 0, AF_INET)).toBe("192.0.2.1");
  expect(formatAddress(addressBytes("192.0.2.1"), 0, AF_INET6)).toBe("c000:201::");
});
