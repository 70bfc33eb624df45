/**
 * Texts of addresses and program names, and the ends of flows, that repeat from
 * record to record: reading four words and comparing them costs a tenth of
 * making the text anew, and equal ones become one object, which later map
 * lookups find faster. A place holds what was wanted last; forgetting changes
 * no result.
 */
import type { Endpoint } from "../model/endpoint.ts";
import { decodeCString, formatAddress } from "./decode-text.ts";
import { FAMILY } from "./layout.ts";

export interface TextCache {
  /** The 16 bytes of an event.h address. */
  readonly address: (view: DataView, bytes: Uint8Array, offset: number, family: number) => string;
  /** The same with a port. */
  readonly endpoint: (view: DataView, bytes: Uint8Array, offset: number, family: number, port: number) => Endpoint;
  /** A name in a field of 16 bytes. */
  readonly comm: (view: DataView, bytes: Uint8Array, offset: number) => string;
}

/** Distinct texts a machine uses at a time: some thousand addresses, some hundred programs. */
const PLACES_BITS = 12;
const PLACES = 2 ** PLACES_BITS;
const FIELD_BYTES = 16;

type Read<T> = (view: DataView, bytes: Uint8Array, offset: number, port: number) => T;

/** Places for what is made of 16 bytes and a port (0 where there is none). */
function createPlaces<T>(make: Read<T>): Read<T> {
  const words = new Int32Array(PLACES * 4);
  const ports = new Uint16Array(PLACES);
  const known: (T | undefined)[] = new Array(PLACES).fill(undefined);
  return (view, bytes, offset, port) => {
    const a = view.getInt32(offset, true);
    const b = view.getInt32(offset + 4, true);
    const c = view.getInt32(offset + 8, true);
    const d = view.getInt32(offset + 12, true);
    // Multiplicative hashing (Knuth, TAOCP 3, section 6.4): the upper bits of the product are well mixed.
    const mixed = a ^ Math.imul(b, 0x85ebca6b) ^ Math.imul(c, 0xc2b2ae35) ^ Math.imul(d ^ port, 0x27d4eb2f);
    const place = Math.imul(mixed, 0x9e3779b1) >>> (32 - PLACES_BITS);
    const at = place * 4;
    const before = known[place];
    if (
      before !== undefined &&
      ports[place] === port &&
      words[at] === a &&
      words[at + 1] === b &&
      words[at + 2] === c &&
      words[at + 3] === d
    ) {
      return before;
    }
    const made = make(view, bytes, offset, port);
    words[at] = a;
    words[at + 1] = b;
    words[at + 2] = c;
    words[at + 3] = d;
    ports[place] = port;
    known[place] = made;
    return made;
  };
}

export function createTextCache(): TextCache {
  const ipv4 = createPlaces((_, bytes, offset) => formatAddress(bytes, offset, 0));
  const ipv6 = createPlaces((_, bytes, offset) => formatAddress(bytes, offset, FAMILY.inet6));
  const comms = createPlaces((_, bytes, offset) => decodeCString(bytes, offset, FIELD_BYTES));
  const ends4 = createPlaces<Endpoint>((view, bytes, offset, port) => ({
    address: ipv4(view, bytes, offset, 0),
    port,
  }));
  const ends6 = createPlaces<Endpoint>((view, bytes, offset, port) => ({
    address: ipv6(view, bytes, offset, 0),
    port,
  }));
  return {
    address: (view, bytes, offset, family) =>
      family === FAMILY.inet6 ? ipv6(view, bytes, offset, 0) : ipv4(view, bytes, offset, 0),
    endpoint: (view, bytes, offset, family, port) => {
      // Frames that are not IP are too rare to be worth places of their own.
      if (family === FAMILY.packet) return { address: formatAddress(bytes, offset, family), port };
      return (family === FAMILY.inet6 ? ends6 : ends4)(view, bytes, offset, port);
    },
    comm: (view, bytes, offset) => comms(view, bytes, offset, 0),
  };
}
