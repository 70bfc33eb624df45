/** The cache gives what the plain functions give, and the same object for the same bytes. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { decodeCString, formatAddress } from "../../../../src/core/event/decode-text.ts";
import { createTextCache } from "../../../../src/core/event/text-cache.ts";

const AF_INET = 2;
const AF_INET6 = 10;
/** Few distinct bytes, so that fields meet in their places and repeat. */
const field = fc.array(fc.constantFrom(0, 1, 10, 127, 255), { minLength: 16, maxLength: 16 });

test("whatever was asked for before, the text is that of the bytes", () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(field, fc.constantFrom(AF_INET, AF_INET6), fc.nat(65_535)), { maxLength: 60 }),
      (asked) => {
        const texts = createTextCache();
        for (const [values, family, port] of asked) {
          // Beyond its first four bytes the field of an IPv4 address is zero.
          const bytes = new Uint8Array(values.map((value, index) => (family === AF_INET && index > 3 ? 0 : value)));
          const view = new DataView(bytes.buffer);
          const address = formatAddress(bytes, 0, family);
          expect(texts.address(view, bytes, 0, family)).toBe(address);
          expect(texts.endpoint(view, bytes, 0, family, port)).toEqual({ address, port });
          expect(texts.comm(view, bytes, 0)).toBe(decodeCString(bytes, 0, 16));
        }
      },
    ),
  );
});

test("an end that comes again is the same object", () => {
  const texts = createTextCache();
  const bytes = new Uint8Array(32);
  bytes.set([192, 0, 2, 1], 8);
  const view = new DataView(bytes.buffer);
  const first = texts.endpoint(view, bytes, 8, AF_INET, 443);
  expect(texts.endpoint(view, bytes, 8, AF_INET, 443)).toBe(first);
  expect(texts.endpoint(view, bytes, 8, AF_INET, 80)).toEqual({ address: "192.0.2.1", port: 80 });
});
