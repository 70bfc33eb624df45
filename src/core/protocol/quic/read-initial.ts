/**
 * The datagrams a client sends -> the ClientHello in its QUIC Initial packets
 * (RFC 9000, 9001, 9369). The hello may lie in pieces over several packets and
 * datagrams; a server may change the connection id in between, ask for a Retry,
 * or make the client begin anew in another version.
 */
import type { ClientHello } from "../tls/parse-client-hello.ts";
import { readHandshake } from "../tls/read-handshake.ts";
import { type CryptoStream, createCryptoStream } from "./crypto-stream.ts";
import type { InitialCiphers } from "./initial-ciphers.ts";
import { deriveClientKeys, type InitialKeys, isKnownVersion } from "./initial-keys.ts";
import { type OpenedPacket, openInitial } from "./open-initial.ts";
import { readCryptoFrames } from "./read-frames.ts";
import { type LongHeader, readLongHeader, versionAt } from "./read-long-header.ts";

/**
 * not-quic: another protocol. malformed: opened, but no handshake in it, or
 * headers that contradict themselves. undecryptable: no keys we know open it
 * (its first packet was not seen, or it is no Initial at all). unknown-version:
 * a version without rules here. too-long: over a cap, cut by the capture, or
 * still with a hole after all datagrams there can be.
 */
export type QuicFailure = "not-quic" | "malformed" | "undecryptable" | "unknown-version" | "too-long";

export type QuicResult =
  | { readonly status: "more" }
  | { readonly status: "complete"; readonly hello: ClientHello; readonly version: number }
  | { readonly status: "failed"; readonly reason: QuicFailure };

export interface InitialReader {
  /**
   * Datagrams of the client's direction, in the order sent. `isCut`: the capture
   * kept only the front. Call no more after "complete" or "failed".
   */
  readonly push: (datagram: Uint8Array, isCut: boolean) => QuicResult;
  /** How many decryptions it has tried so far: what it costs. */
  readonly attempts: () => number;
}

/** A hello takes 1 to 3 datagrams; the rest is room for retransmissions, Retry and version negotiation. */
export const MAX_DATAGRAMS = 16;
/** Datagrams from which nothing could be opened, until we give up. A client starts anew after a few lost ones. */
const MAX_UNOPENED_DATAGRAMS = 5;
/** Coalesced packets of one datagram: one for each encryption level (RFC 9000 section 12.2), and some to spare. */
const MAX_PACKETS = 8;
/** Keys of the first packet, those after a Retry, those after version negotiation. */
const MAX_CONNECTIONS = 4;
/** Each costs some 50 us: 16 datagrams with one Initial, or two, tried with all keys there can be. */
const MAX_ATTEMPTS = 64;
/** RFC 9000 section 14.1: a client's first datagram in any version we may meet is at least so long. */
const MIN_FIRST_DATAGRAM_BYTES = 1200;

/** What one first packet began. After compatible version negotiation it goes on with keys of two versions. */
interface Connection {
  readonly destinationId: Uint8Array;
  readonly sides: Map<number, { readonly keys: InitialKeys; readonly stream: CryptoStream }>;
  largest: number;
}

type Side = { readonly keys: InitialKeys; readonly stream: CryptoStream };

interface State {
  readonly ciphers: InitialCiphers;
  /** Newest last. */
  readonly connections: Connection[];
  datagrams: number;
  unopened: number;
  attempts: number;
  /** Why the newest datagram that gave nothing did so. */
  lastFailure: QuicFailure;
}

const MORE: QuicResult = { status: "more" };
const failed = (reason: QuicFailure): QuicResult => ({ status: "failed", reason });

const isSameId = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length && a.every((byte, index) => byte === b[index]);

function sideOf(ciphers: InitialCiphers, connection: Connection, version: number): Side | undefined {
  const known = connection.sides.get(version);
  if (known !== undefined) return known;
  const keys = deriveClientKeys(ciphers, version, connection.destinationId);
  return keys === undefined ? undefined : { keys, stream: createCryptoStream() };
}

interface Opened {
  readonly packet: OpenedPacket;
  readonly stream: CryptoStream;
}

function tryConnection(
  state: State,
  datagram: Uint8Array,
  header: LongHeader,
  connection: Connection,
): Opened | undefined {
  if (state.attempts >= MAX_ATTEMPTS) return undefined;
  state.attempts += 1;
  const side = sideOf(state.ciphers, connection, header.version);
  if (side === undefined) return undefined;
  const packet = openInitial(state.ciphers, datagram, header, side.keys, connection.largest);
  if (packet === undefined) return undefined;
  // Kept only now: who opens nothing leaves nothing behind.
  connection.sides.set(header.version, side);
  connection.largest = Math.max(connection.largest, packet.packetNumber);
  return { packet, stream: side.stream };
}

/**
 * RFC 9001 section 5.2: the keys come from the first packet's destination id and
 * stay when the server picks another. After a Retry, or when a new connection
 * begins on the socket, the packet's own id gives the keys.
 */
function openPacket(state: State, datagram: Uint8Array, header: LongHeader): Opened | undefined {
  const isOwn = ({ destinationId }: Connection): boolean => isSameId(destinationId, header.destinationId);
  const known = [...state.connections].reverse();
  for (const connection of [...known.filter(isOwn), ...known.filter((one) => !isOwn(one))]) {
    const opened = tryConnection(state, datagram, header, connection);
    if (opened !== undefined) return opened;
  }
  if (known.some(isOwn)) return undefined;
  const fresh: Connection = { destinationId: header.destinationId, sides: new Map(), largest: -1 };
  const opened = tryConnection(state, datagram, header, fresh);
  if (opened === undefined) return undefined;
  state.connections.push(fresh);
  if (state.connections.length > MAX_CONNECTIONS) state.connections.shift();
  return opened;
}

/** The hello as far as this packet completes it. */
function readPacket({ packet, stream }: Opened, version: number): QuicResult {
  const pieces = readCryptoFrames(packet.frames);
  if (pieces === undefined) return failed("malformed");
  for (const piece of pieces) {
    const verdict = stream.add(piece);
    if (verdict !== "added") return failed(verdict);
  }
  const result = readHandshake(stream.front());
  return result.status === "complete" ? { ...result, version } : result;
}

/** Why nothing can be read from here on; undefined: there is a packet of a version we know. */
function judgeStart(datagram: Uint8Array, start: number): QuicFailure | undefined {
  const version = versionAt(datagram, start);
  // Version 0 is version negotiation, which only servers send (RFC 8999 section 6).
  if (version === undefined || version === 0) return "not-quic";
  if (isKnownVersion(version)) return undefined;
  return datagram.length < MIN_FIRST_DATAGRAM_BYTES ? "not-quic" : "unknown-version";
}

function readDatagram(state: State, datagram: Uint8Array, isCut: boolean): QuicResult {
  let hasOpened = false;
  let at = 0;
  for (let count = 0; count < MAX_PACKETS && (at === 0 || at < datagram.length); count += 1) {
    const failure = judgeStart(datagram, at);
    if (failure !== undefined) {
      if (at === 0) state.lastFailure = failure;
      break; // a short header has no length: whatever follows belongs to it
    }
    const header = readLongHeader(datagram, at);
    if (header === undefined || header.end > datagram.length) {
      state.lastFailure = isCut ? "too-long" : "malformed";
      break;
    }
    at = header.end;
    const opened = header.isInitial ? openPacket(state, datagram, header) : undefined;
    if (opened === undefined) {
      state.lastFailure = "undecryptable";
      continue;
    }
    hasOpened = true;
    const result = readPacket(opened, header.version);
    if (result.status !== "more") return result;
  }
  if (!hasOpened) state.unopened += 1;
  return MORE;
}

export function createInitialReader(ciphers: InitialCiphers): InitialReader {
  const state: State = {
    ciphers,
    connections: [],
    datagrams: 0,
    unopened: 0,
    attempts: 0,
    lastFailure: "undecryptable",
  };
  function push(datagram: Uint8Array, isCut: boolean): QuicResult {
    state.datagrams += 1;
    const result = readDatagram(state, datagram, isCut);
    if (result.status !== "more") return result;
    const isNothingOpened = state.connections.length === 0;
    if (isNothingOpened && state.lastFailure === "not-quic") return failed("not-quic");
    if (isNothingOpened && state.unopened >= MAX_UNOPENED_DATAGRAMS) return failed(state.lastFailure);
    return state.datagrams >= MAX_DATAGRAMS ? failed(isNothingOpened ? state.lastFailure : "too-long") : MORE;
  }
  return { push, attempts: () => state.attempts };
}
