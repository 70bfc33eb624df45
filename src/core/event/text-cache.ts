/**
 * Texts of addresses and program names that repeat from record to record:
 * reading four words and comparing them costs a tenth of writing the text anew,
 * and equal texts become one object, which later map lookups find faster. A
 * place holds the text that was wanted last; forgetting changes no result.
 */
import { decodeCString, formatAddress } from "./decode-text.ts";

export interface TextCache {
  /** The 16 bytes of an event.h address. */
  readonly address: (view: DataView, bytes: Uint8Array, offset: number, family: number) => string;
  /** A name in a field of 16 bytes. */
  readonly comm: (view: DataView, bytes: Uint8Array, offset: number) => string;
}

/** Distinct texts a machine uses at a time: some thousand addresses, some hundred programs. */
const PLACES_BITS = 12;
const PLACES = 2 ** PLACES_BITS;
const FIELD_BYTES = 16;
const AF_INET6 = 10;

type Read = (view: DataView, bytes: Uint8Array, offset: number) => string;

/** `write` makes the text of 16 bytes. */
function createPlaces(write: (bytes: Uint8Array, offset: number) => string): Read {
  const words = new Int32Array(PLACES * 4);
  const texts: (string | undefined)[] = new Array(PLACES).fill(undefined);
  return (view, bytes, offset) => {
    const a = view.getInt32(offset, true);
    const b = view.getInt32(offset + 4, true);
    const c = view.getInt32(offset + 8, true);
    const d = view.getInt32(offset + 12, true);
    // Multiplicative hashing (Knuth, TAOCP 3, section 6.4): the upper bits of the product are well mixed.
    const mixed = a ^ Math.imul(b, 0x85ebca6b) ^ Math.imul(c, 0xc2b2ae35) ^ Math.imul(d, 0x27d4eb2f);
    const place = Math.imul(mixed, 0x9e3779b1) >>> (32 - PLACES_BITS);
    const at = place * 4;
    const known = texts[place];
    const isSame = words[at] === a && words[at + 1] === b && words[at + 2] === c && words[at + 3] === d;
    if (known !== undefined && isSame) return known;
    const text = write(bytes, offset);
    words[at] = a;
    words[at + 1] = b;
    words[at + 2] = c;
    words[at + 3] = d;
    texts[place] = text;
    return text;
  };
}

export function createTextCache(): TextCache {
  const ipv4 = createPlaces((bytes, offset) => formatAddress(bytes, offset, 0));
  const ipv6 = createPlaces((bytes, offset) => formatAddress(bytes, offset, AF_INET6));
  return {
    address: (view, bytes, offset, family) =>
      family === AF_INET6 ? ipv6(view, bytes, offset) : ipv4(view, bytes, offset),
    comm: createPlaces((bytes, offset) => decodeCString(bytes, offset, FIELD_BYTES)),
  };
}
