/**
 * Bytes of bpf/event.h -> KernelEvent. One DataView a batch and a callback an
 * event: this runs for every packet-sized thing the machine does.
 *
 * These are our own bytes, so a record that contradicts the header throws.
 * Record types we do not know are skipped by their size and counted.
 */
import { socketCookie } from "../model/ids.ts";
import { decodeCString, decodeStrings, decodeUtf8 } from "./decode-text.ts";
import type {
  CgroupEvent,
  Endpoints,
  ExitEvent,
  FlowBytesEvent,
  FlowOpenEvent,
  FlowOrigin,
  FlowOwnerEvent,
  FlowStateEvent,
  ForkEvent,
  KernelEvent,
  LookupCall,
  LookupEvent,
  Owner,
  PayloadEvent,
  PayloadKind,
  ProcessEvent,
} from "./kernel-event.ts";
import {
  BYTES_FLAG_FINAL,
  CGROUP,
  ENDPOINTS,
  EXIT,
  FAMILY,
  FLOW_BYTES,
  FLOW_OPEN,
  FLOW_OWNER,
  FLOW_STATE,
  FORK,
  FRAME_PROTOCOL,
  HEADER,
  LIMITS,
  LOOKUP,
  LOOKUP_FLAG,
  OWNER,
  PAYLOAD,
  PROCESS,
  PROCESS_FLAG,
} from "./layout.ts";
import { createTextCache, type TextCache } from "./text-cache.ts";

/** The bytes are not what bpf/event.h says. */
export class RecordError extends Error {}

/** One record within its batch. */
interface RecordBytes {
  readonly view: DataView;
  readonly bytes: Uint8Array;
  readonly texts: TextCache;
  start: number;
  size: number;
}

/** Above 2^53 (104 days of ns) a double rounds to a few ns; the same input rounds alike, so keys still match. */
const readU64 = (view: DataView, offset: number): number =>
  view.getUint32(offset, true) + view.getUint32(offset + 4, true) * 4_294_967_296;

/** Signed: cookies taken in interrupt context count down from -1. */
const readCookie = (view: DataView, offset: number): number =>
  view.getUint32(offset, true) + view.getInt32(offset + 4, true) * 4_294_967_296;

function decodeOwner(record: RecordBytes, at: number): Owner {
  const { view } = record;
  const offset = record.start + at;
  return {
    pid: view.getUint32(offset + OWNER.pid, true),
    startNs: readU64(view, offset + OWNER.startNs),
    uid: view.getUint32(offset + OWNER.uid, true),
    cgroupId: readU64(view, offset + OWNER.cgroupId),
    comm: record.texts.comm(view, record.bytes, offset + OWNER.comm),
  };
}

function decodeEndpoints(record: RecordBytes, at: number): Endpoints {
  const { view, bytes, texts } = record;
  const offset = record.start + at;
  const family = view.getUint16(offset + ENDPOINTS.family, true);
  const localPort = view.getUint16(offset + ENDPOINTS.localPort, true);
  const remotePort = view.getUint16(offset + ENDPOINTS.remotePort, true);
  return {
    local: texts.endpoint(view, bytes, offset + ENDPOINTS.localAddress, family, localPort),
    remote: texts.endpoint(view, bytes, offset + ENDPOINTS.remoteAddress, family, remotePort),
    protocol: view.getUint16(offset + ENDPOINTS.protocol, true) + (family === FAMILY.packet ? FRAME_PROTOCOL : 0),
  };
}

const ORIGINS: readonly (FlowOrigin | undefined)[] = [undefined, "connect", "send", "accept", "packet", "existing"];

function decodeFlowOpen(record: RecordBytes, timeNs: number): FlowOpenEvent {
  const { view, start } = record;
  const originNumber = view.getUint32(start + FLOW_OPEN.origin, true);
  const origin = ORIGINS[originNumber];
  if (origin === undefined) throw new RecordError(`flow-open: unknown origin ${originNumber}`);
  return {
    type: "flow-open",
    timeNs,
    cookie: socketCookie(readCookie(view, start + FLOW_OPEN.cookie)),
    netns: readU64(view, start + FLOW_OPEN.netns),
    owner: decodeOwner(record, FLOW_OPEN.owner),
    endpoints: decodeEndpoints(record, FLOW_OPEN.endpoints),
    origin,
    tcpState: view.getUint16(start + FLOW_OPEN.tcpState, true),
    direction: view.getUint8(start + FLOW_OPEN.direction) === 0 ? "out" : "in",
  };
}

function decodeFlowState(record: RecordBytes, timeNs: number): FlowStateEvent {
  const { view, start } = record;
  return {
    type: "flow-state",
    timeNs,
    cookie: socketCookie(readCookie(view, start + FLOW_STATE.cookie)),
    bytesSent: readU64(view, start + FLOW_STATE.bytesSent),
    bytesReceived: readU64(view, start + FLOW_STATE.bytesReceived),
    endpoints: decodeEndpoints(record, FLOW_STATE.endpoints),
    srttUs: view.getUint32(start + FLOW_STATE.srttUs, true),
    retransmits: view.getUint32(start + FLOW_STATE.retransmits, true),
    error: view.getUint32(start + FLOW_STATE.error, true),
    oldState: view.getUint16(start + FLOW_STATE.oldState, true),
    newState: view.getUint16(start + FLOW_STATE.newState, true),
  };
}

function decodeFlowBytes(record: RecordBytes, timeNs: number): FlowBytesEvent {
  const { view, start } = record;
  return {
    type: "flow-bytes",
    timeNs,
    cookie: socketCookie(readCookie(view, start + FLOW_BYTES.cookie)),
    bytesSent: readU64(view, start + FLOW_BYTES.bytesSent),
    bytesReceived: readU64(view, start + FLOW_BYTES.bytesReceived),
    packetsSent: view.getUint32(start + FLOW_BYTES.packetsSent, true),
    packetsReceived: view.getUint32(start + FLOW_BYTES.packetsReceived, true),
    endpoints: decodeEndpoints(record, FLOW_BYTES.endpoints),
    run: view.getUint32(start + FLOW_BYTES.run, true),
    isFinal: (view.getUint32(start + FLOW_BYTES.flags, true) & BYTES_FLAG_FINAL) !== 0,
  };
}

function decodeFlowOwner(record: RecordBytes, timeNs: number): FlowOwnerEvent {
  const { view, start } = record;
  return {
    type: "flow-owner",
    timeNs,
    cookie: socketCookie(readCookie(view, start + FLOW_OWNER.cookie)),
    netns: readU64(view, start + FLOW_OWNER.netns),
    owner: decodeOwner(record, FLOW_OWNER.owner),
    endpoints: decodeEndpoints(record, FLOW_OWNER.endpoints),
    wasUsed: view.getUint32(start + FLOW_OWNER.wasUsed, true) !== 0,
  };
}

const PAYLOAD_KINDS: readonly (PayloadKind | undefined)[] = [
  undefined,
  "dns-datagram",
  "dns-stream",
  "stream-start",
  "datagram",
  "stream-upgrade",
];

function decodePayload(record: RecordBytes, timeNs: number): PayloadEvent {
  const { view, start } = record;
  const kindNumber = view.getUint8(start + PAYLOAD.kind);
  const kind = PAYLOAD_KINDS[kindNumber];
  if (kind === undefined) throw new RecordError(`payload: unknown kind ${kindNumber}`);
  const dataLength = view.getUint16(start + PAYLOAD.dataLength, true);
  if (PAYLOAD.data + dataLength > record.size) {
    throw new RecordError(`payload: ${dataLength} data bytes do not fit a record of ${record.size}`);
  }
  return {
    type: "payload",
    timeNs,
    cookie: socketCookie(readCookie(view, start + PAYLOAD.cookie)),
    owner: decodeOwner(record, PAYLOAD.owner),
    endpoints: decodeEndpoints(record, PAYLOAD.endpoints),
    streamOffset: view.getUint32(start + PAYLOAD.streamOffset, true),
    isCut: view.getUint32(start + PAYLOAD.originalLength, true) > dataLength,
    kind,
    direction: view.getUint8(start + PAYLOAD.direction) === 0 ? "out" : "in",
    data: record.bytes.subarray(start + PAYLOAD.data, start + PAYLOAD.data + dataLength),
  };
}

/** Components come leaf first because that is how the kernel walks a dentry up to the root. */
function joinPath(components: readonly string[], isCut: boolean): string | null {
  if (components.length === 0) return null;
  return `${isCut ? "…" : ""}/${components.toReversed().join("/")}`;
}

/** A length field, checked against its array: more means the two sides disagree. */
function lengthField(record: RecordBytes, at: number, limit: number, field: string): number {
  const length = record.view.getUint16(record.start + at, true);
  if (length > limit) throw new RecordError(`process: ${field} of ${length} bytes, at most ${limit}`);
  return length;
}

function decodeProcess(record: RecordBytes, timeNs: number): ProcessEvent {
  const { view, bytes, start } = record;
  const flags = view.getUint32(start + PROCESS.flags, true);
  const exeLength = lengthField(record, PROCESS.exeLength, LIMITS.exeLen, "exe");
  const filenameLength = lengthField(record, PROCESS.filenameLength, LIMITS.filenameLen, "filename");
  const argvLength = lengthField(record, PROCESS.argvLength, LIMITS.argvLen, "argv");
  if (PROCESS.argv + argvLength > record.size) throw new RecordError("process: argv does not fit its record");
  const isSnapshot = (flags & PROCESS_FLAG.snapshot) !== 0;
  const components = decodeStrings(bytes, start + PROCESS.exe, exeLength).filter((part) => part !== "");
  const argv = decodeStrings(bytes, start + PROCESS.argv, argvLength);
  return {
    type: "process",
    timeNs,
    pid: view.getUint32(start + PROCESS.pid, true),
    startNs: readU64(view, start + PROCESS.startNs),
    parentPid: view.getUint32(start + PROCESS.parentPid, true),
    parentStartNs: readU64(view, start + PROCESS.parentStartNs),
    cgroupId: readU64(view, start + PROCESS.cgroupId),
    uid: view.getUint32(start + PROCESS.uid, true),
    comm: record.texts.comm(view, bytes, start + PROCESS.comm),
    exe: joinPath(components, (flags & PROCESS_FLAG.exeCut) !== 0),
    isExeDeleted: (flags & PROCESS_FLAG.exeDeleted) !== 0,
    filename: filenameLength === 0 ? null : decodeCString(bytes, start + PROCESS.filename, filenameLength),
    argv: isSnapshot && argv.length === 0 ? null : argv,
    isExec: (flags & PROCESS_FLAG.exec) !== 0,
    isSnapshot,
  };
}

function decodeFork({ view, start }: RecordBytes, timeNs: number): ForkEvent {
  return {
    type: "fork",
    timeNs,
    parentPid: view.getUint32(start + FORK.parentPid, true),
    parentStartNs: readU64(view, start + FORK.parentStartNs),
    childPid: view.getUint32(start + FORK.childPid, true),
    childStartNs: readU64(view, start + FORK.childStartNs),
  };
}

function decodeExit({ view, start }: RecordBytes, timeNs: number): ExitEvent {
  return {
    type: "exit",
    timeNs,
    pid: view.getUint32(start + EXIT.pid, true),
    startNs: readU64(view, start + EXIT.startNs),
    exitCode: view.getInt32(start + EXIT.exitCode, true),
  };
}

function decodeCgroup(record: RecordBytes, timeNs: number): CgroupEvent {
  const { view, bytes, start } = record;
  const length = view.getUint32(start + CGROUP.pathLength, true);
  if (length > LIMITS.cgroupPathLen || CGROUP.path + length > record.size) {
    throw new RecordError(`cgroup: a path of ${length} bytes does not fit its record`);
  }
  const end = bytes.indexOf(0, start + CGROUP.path);
  const pathStart = start + CGROUP.path;
  const pathEnd = end < 0 ? pathStart + length : Math.min(end, pathStart + length);
  return { type: "cgroup", timeNs, id: readU64(view, start + CGROUP.id), path: decodeUtf8(bytes, pathStart, pathEnd) };
}

const LOOKUP_CALLS: readonly (LookupCall | undefined)[] = [undefined, "getaddrinfo", "gethostbyname"];

function decodeLookup(record: RecordBytes, timeNs: number): LookupEvent {
  const { view, bytes, texts, start } = record;
  const callNumber = view.getUint16(start + LOOKUP.call, true);
  const call = LOOKUP_CALLS[callNumber];
  if (call === undefined) throw new RecordError(`lookup: unknown call ${callNumber}`);
  const nameLength = view.getUint16(start + LOOKUP.nameLength, true);
  const count = view.getUint16(start + LOOKUP.addressCount, true);
  const flags = view.getUint16(start + LOOKUP.flags, true);
  if (nameLength > LIMITS.lookupNameLen || count > LIMITS.lookupAddresses) {
    throw new RecordError(`lookup: a name of ${nameLength} bytes and ${count} addresses do not fit their record`);
  }
  const addresses: string[] = [];
  for (let index = 0; index < count; index += 1) {
    const family = view.getUint16(start + LOOKUP.families + index * 2, true);
    addresses.push(texts.address(view, bytes, start + LOOKUP.addresses + index * 16, family));
  }
  return {
    type: "lookup",
    timeNs,
    askedNs: readU64(view, start + LOOKUP.askedNs),
    owner: decodeOwner(record, LOOKUP.owner),
    call,
    result: view.getInt32(start + LOOKUP.result, true),
    name: decodeUtf8(bytes, start + LOOKUP.name, start + LOOKUP.name + nameLength),
    addresses,
    isNameCut: (flags & LOOKUP_FLAG.nameCut) !== 0,
    areAddressesCut: (flags & LOOKUP_FLAG.addressesCut) !== 0,
  };
}

interface RecordDecoder {
  readonly name: string;
  /** Smallest size the fields need; variable tails are checked by the decoder. */
  readonly minimum: number;
  readonly decode: (record: RecordBytes, timeNs: number) => KernelEvent;
}

/** By record type number; index 0 is unused. */
const DECODERS: readonly (RecordDecoder | undefined)[] = [
  undefined,
  { name: "flow-open", minimum: FLOW_OPEN.bytes, decode: decodeFlowOpen },
  { name: "flow-state", minimum: FLOW_STATE.bytes, decode: decodeFlowState },
  { name: "flow-bytes", minimum: FLOW_BYTES.bytes, decode: decodeFlowBytes },
  { name: "payload", minimum: PAYLOAD.bytes, decode: decodePayload },
  { name: "process", minimum: PROCESS.argv, decode: decodeProcess },
  { name: "fork", minimum: FORK.bytes, decode: decodeFork },
  { name: "exit", minimum: EXIT.bytes, decode: decodeExit },
  { name: "cgroup", minimum: CGROUP.path, decode: decodeCgroup },
  { name: "lookup", minimum: LOOKUP.bytes, decode: decodeLookup },
  { name: "flow-owner", minimum: FLOW_OWNER.bytes, decode: decodeFlowOwner },
];

function checkSize(size: number, offset: number, available: number): void {
  if (size >= HEADER.bytes && size % 8 === 0 && size <= available) return;
  throw new RecordError(
    `record at byte ${offset}: expected a size of ${HEADER.bytes} to ${available} in steps of 8, got ${size}`,
  );
}

/**
 * Calls `onEvent` for each record of a batch, in order. Returns how many were
 * of an unknown type. Throws a RecordError where the bytes are not records;
 * events in front of that were delivered. `texts` is worth keeping from batch
 * to batch.
 */
export function decodeEvents(
  bytes: Uint8Array,
  onEvent: (event: KernelEvent) => void,
  texts: TextCache = createTextCache(),
): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const record: RecordBytes = { view, bytes, texts, start: 0, size: 0 };
  let unknown = 0;
  let offset = 0;
  while (offset < bytes.length) {
    const available = bytes.length - offset;
    if (available < HEADER.bytes) {
      throw new RecordError(`record at byte ${offset}: ${available} bytes are no header of ${HEADER.bytes}`);
    }
    const size = view.getUint32(offset + HEADER.size, true);
    checkSize(size, offset, available);
    const decoder = DECODERS[view.getUint16(offset + HEADER.type, true)];
    if (decoder === undefined) unknown += 1;
    else if (size < decoder.minimum) {
      throw new RecordError(`${decoder.name}: expected at least ${decoder.minimum} bytes, got ${size}`);
    } else {
      record.start = offset;
      record.size = size;
      onEvent(decoder.decode(record, readU64(view, offset + HEADER.timeNs)));
    }
    offset += size;
  }
  return unknown;
}
