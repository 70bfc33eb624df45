/**
 * The first bytes a client sends on a TCP stream -> its ClientHello, which may
 * span several pieces and several TLS records (RFC 8446 section 5.1).
 */
import { createStreamJoiner } from "../join-stream.ts";
import type { ClientHello } from "./parse-client-hello.ts";
import { MAX_HELLO_BYTES, readHandshake } from "./read-handshake.ts";

export type HelloResult =
  | { readonly status: "more" }
  | { readonly status: "complete"; readonly hello: ClientHello }
  /** not-tls: another protocol. malformed: TLS that cannot be read. lost: a piece is missing. too-long: over the cap. */
  | { readonly status: "failed"; readonly reason: "not-tls" | "malformed" | "lost" | "too-long" };

export interface HelloAssembler {
  /** Pieces of the client's direction. Call no more after "complete" or "failed". */
  readonly push: (streamOffset: number, data: Uint8Array) => HelloResult;
}

const CONTENT_TYPE_HANDSHAKE = 22;
const RECORD_HEADER_BYTES = 5;
/** RFC 8446 section 5.1 and 5.2: a record has at most 2^14 bytes and expansion. */
const MAX_RECORD_BYTES = 2 ** 14 + 256;

const MORE: HelloResult = { status: "more" };
const failed = (reason: "not-tls" | "malformed" | "lost" | "too-long"): HelloResult => ({ status: "failed", reason });

/** The first three bytes tell TLS from everything else: handshake, major version 3. */
function looksLikeTls(bytes: Uint8Array): boolean {
  if (bytes[0] !== CONTENT_TYPE_HANDSHAKE) return false;
  return bytes.length < 2 || bytes[1] === 3;
}

interface JoinedRecords {
  /** From whole and partial records, up to the first that is no handshake. */
  readonly handshake: Uint8Array;
  /** Such a record follows: early data (RFC 8446 section 2.3) comes right behind a hello, often in the same segment. */
  readonly isEnded: boolean;
}

/** A hello fits one record, and then needs no copy; null: there is more than that, or less. */
function onlyRecord(stream: Uint8Array): JoinedRecords | null {
  const recordBytes = ((stream[3] ?? 0) << 8) | (stream[4] ?? 0);
  const isWhole = recordBytes > 0 && stream.length === RECORD_HEADER_BYTES + recordBytes;
  return isWhole ? { handshake: stream.subarray(RECORD_HEADER_BYTES), isEnded: false } : null;
}

function joinRecords(stream: Uint8Array): JoinedRecords {
  const joined = new Uint8Array(stream.length);
  let length = 0;
  let at = 0;
  while (at + RECORD_HEADER_BYTES <= stream.length) {
    const recordBytes = ((stream[at + 3] ?? 0) << 8) | (stream[at + 4] ?? 0);
    const isHandshake = stream[at] === CONTENT_TYPE_HANDSHAKE && stream[at + 1] === 3;
    // Section 5.1: no empty handshake records.
    if (!isHandshake || recordBytes === 0 || recordBytes > MAX_RECORD_BYTES) {
      return { handshake: joined.subarray(0, length), isEnded: true };
    }
    const data = stream.subarray(at + RECORD_HEADER_BYTES, at + RECORD_HEADER_BYTES + recordBytes);
    joined.set(data, length);
    length += data.length;
    at += RECORD_HEADER_BYTES + recordBytes;
  }
  return { handshake: joined.subarray(0, length), isEnded: false };
}

/** Judges the stream's front as far as it came. */
export function readHello(stream: Uint8Array): HelloResult {
  if (stream.length === 0) return MORE;
  if (!looksLikeTls(stream)) return failed("not-tls");
  const { handshake, isEnded } = onlyRecord(stream) ?? joinRecords(stream);
  const result = readHandshake(handshake);
  if (result.status !== "more") return result;
  if (isEnded) return failed("malformed");
  return stream.length >= MAX_HELLO_BYTES ? failed("too-long") : MORE;
}

export function createHelloAssembler(): HelloAssembler {
  const joiner = createStreamJoiner();
  let stream = new Uint8Array(0);
  function push(streamOffset: number, data: Uint8Array): HelloResult {
    const fresh = joiner.push(streamOffset, data);
    if (joiner.isLost()) return failed("lost");
    if (fresh.length === 0) return MORE;
    const room = MAX_HELLO_BYTES - stream.length;
    const joined = new Uint8Array(stream.length + Math.min(fresh.length, room));
    joined.set(stream);
    joined.set(fresh.subarray(0, room), stream.length);
    stream = joined;
    return readHello(stream);
  }
  return { push };
}
