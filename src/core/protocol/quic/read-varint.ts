/**
 * RFC 9000 section 16: the top two bits of the first byte tell the length.
 * Values above 2^53 lose their low bits; they are larger than anything a
 * datagram can hold, which is all that anyone asks of them here.
 */
import { type ByteCursor, readUint } from "../byte-cursor.ts";

export function readVarint(cursor: ByteCursor): number | undefined {
  const first = cursor.offset < cursor.end ? cursor.bytes[cursor.offset] : undefined;
  if (first === undefined) return undefined;
  switch (first >> 6) {
    case 0:
      cursor.offset += 1;
      return first;
    case 1: {
      const value = readUint(cursor, 2);
      return value === undefined ? undefined : value & 0x3fff;
    }
    case 2: {
      const value = readUint(cursor, 4);
      return value === undefined ? undefined : value & 0x3fffffff;
    }
    default: {
      const high = readUint(cursor, 4);
      const low = readUint(cursor, 4);
      return high === undefined || low === undefined ? undefined : (high & 0x3fffffff) * 2 ** 32 + low;
    }
  }
}
