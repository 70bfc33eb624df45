/** The unprotected front of QUIC long header packets (RFC 8999 section 5.1, RFC 9000 section 17.2). */
import { createCursor, readBlock, readUint, remaining, skip } from "../byte-cursor.ts";
import { isInitial, isKnownVersion } from "./initial-keys.ts";
import { readVarint } from "./read-varint.ts";

/** Where the parts of one packet lie in its datagram. */
export interface LongHeader {
  readonly version: number;
  readonly isInitial: boolean;
  readonly destinationId: Uint8Array;
  /** First byte of the packet. */
  readonly start: number;
  /** First byte of the protected packet number. */
  readonly numberOffset: number;
  /** Behind the last byte; beyond the datagram's end where the capture cut it. */
  readonly end: number;
}

/** The version of a long header; undefined: not one. The fixed bit may be 0 (RFC 9287), so it proves nothing. */
export function versionAt(datagram: Uint8Array, offset: number): number | undefined {
  if (((datagram[offset] ?? 0) & 0x80) === 0) return undefined;
  return readUint(createCursor(datagram, offset + 1), 4);
}

/** RFC 9000 section 17.2: longer ones are not valid in versions 1 and 2. */
const MAX_CONNECTION_ID_BYTES = 20;

/** A packet of a known version that has a Length field: Initial, 0-RTT, Handshake. undefined: malformed. */
export function readLongHeader(datagram: Uint8Array, start: number): LongHeader | undefined {
  const version = versionAt(datagram, start);
  if (version === undefined || !isKnownVersion(version)) return undefined;
  const cursor = createCursor(datagram, start + 5);
  const destination = readBlock(cursor, 1);
  const source = readBlock(cursor, 1);
  if (destination === undefined || source === undefined) return undefined;
  if (remaining(destination) > MAX_CONNECTION_ID_BYTES || remaining(source) > MAX_CONNECTION_ID_BYTES) return undefined;
  const isFirstFlight = isInitial(version, datagram[start] ?? 0);
  if (isFirstFlight) {
    const tokenBytes = readVarint(cursor);
    if (tokenBytes === undefined || skip(cursor, tokenBytes) === undefined) return undefined;
  }
  const length = readVarint(cursor);
  if (length === undefined) return undefined;
  return {
    version,
    isInitial: isFirstFlight,
    destinationId: datagram.slice(destination.offset, destination.end),
    start,
    numberOffset: cursor.offset,
    end: cursor.offset + length,
  };
}
