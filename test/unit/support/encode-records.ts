/** Records of bpf/event.h for tests, written from the offset table that the layout test checks against the header. */
import {
  CGROUP,
  ENDPOINTS,
  EXIT,
  FLOW_BYTES,
  FLOW_OPEN,
  FLOW_OWNER,
  FLOW_STATE,
  FORK,
  HEADER,
  LIMITS,
  LOOKUP,
  LOOKUP_FLAG,
  OWNER,
  PAYLOAD,
  PROCESS,
  PROCESS_FLAG,
  RECORD_TYPE,
} from "../../../src/core/event/layout.ts";

export interface OwnerFields {
  readonly pid: number;
  readonly startNs?: number;
  readonly uid?: number;
  readonly cgroupId?: number;
  readonly comm?: string;
}

export interface EndsFields {
  readonly local?: string;
  readonly localPort?: number;
  readonly remote: string;
  readonly remotePort: number;
  readonly protocol?: keyof typeof PROTOCOLS;
}

const ascii = (text: string): Uint8Array => new TextEncoder().encode(text);

/** 16 bytes of event.h; IPv6 given with all groups or one `::`. */
export function addressBytes(address: string): Uint8Array {
  const bytes = new Uint8Array(16);
  if (!address.includes(":")) {
    bytes.set(address.split(".").map(Number));
    return bytes;
  }
  const [head = "", tail] = address.split("::");
  const groups = (text: string): number[] =>
    text === "" ? [] : text.split(":").map((group) => Number.parseInt(group, 16));
  const front = groups(head);
  const back = tail === undefined ? [] : groups(tail);
  const all = tail === undefined ? front : [...front, ...Array(8 - front.length - back.length).fill(0), ...back];
  for (const [index, group] of all.entries()) bytes.set([group >> 8, group & 0xff], index * 2);
  return bytes;
}

interface Draft {
  readonly bytes: Uint8Array;
  readonly view: DataView;
}

function draft(type: number, size: number, timeNs: number): Draft {
  const bytes = new Uint8Array(Math.ceil(size / 8) * 8);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(HEADER.timeNs, BigInt(timeNs), true);
  view.setUint32(HEADER.size, bytes.length, true);
  view.setUint16(HEADER.type, type, true);
  return { bytes, view };
}

const setU64 = ({ view }: Draft, offset: number, value: number): void => view.setBigInt64(offset, BigInt(value), true);

function setOwner(record: Draft, at: number, owner: OwnerFields): void {
  setU64(record, at + OWNER.startNs, owner.startNs ?? 0);
  setU64(record, at + OWNER.cgroupId, owner.cgroupId ?? 0);
  record.view.setUint32(at + OWNER.pid, owner.pid, true);
  record.view.setUint32(at + OWNER.uid, owner.uid ?? 0, true);
  record.bytes.set(ascii(owner.comm ?? "").subarray(0, 15), at + OWNER.comm);
}

const PROTOCOLS = { tcp: 6, udp: 17, icmp: 1, sctp: 132, raw253: 0x1000 | 253, packetUdp: 0x2000 | 17 } as const;

function setEndpoints(record: Draft, at: number, ends: EndsFields): void {
  const isIpv6 = ends.remote.includes(":");
  record.bytes.set(addressBytes(ends.local ?? (isIpv6 ? "::" : "0.0.0.0")), at + ENDPOINTS.localAddress);
  record.bytes.set(addressBytes(ends.remote), at + ENDPOINTS.remoteAddress);
  record.view.setUint16(at + ENDPOINTS.localPort, ends.localPort ?? 0, true);
  record.view.setUint16(at + ENDPOINTS.remotePort, ends.remotePort, true);
  record.view.setUint16(at + ENDPOINTS.family, isIpv6 ? 10 : 2, true);
  record.view.setUint16(at + ENDPOINTS.protocol, PROTOCOLS[ends.protocol ?? "tcp"], true);
}

const ORIGINS = { connect: 1, send: 2, accept: 3, packet: 4, existing: 5 } as const;

export interface FlowOpenFields extends EndsFields {
  readonly timeNs: number;
  readonly cookie: number;
  readonly owner: OwnerFields;
  readonly origin: keyof typeof ORIGINS;
  readonly netns?: number;
  readonly tcpState?: number;
  readonly direction?: "out" | "in";
}

export function flowOpenRecord(fields: FlowOpenFields): Uint8Array {
  const record = draft(RECORD_TYPE.flowOpen, FLOW_OPEN.bytes, fields.timeNs);
  setU64(record, FLOW_OPEN.cookie, fields.cookie);
  setU64(record, FLOW_OPEN.netns, fields.netns ?? 4_026_531_840);
  setOwner(record, FLOW_OPEN.owner, fields.owner);
  setEndpoints(record, FLOW_OPEN.endpoints, fields);
  record.view.setUint32(FLOW_OPEN.origin, ORIGINS[fields.origin], true);
  record.view.setUint16(FLOW_OPEN.tcpState, fields.tcpState ?? 0, true);
  record.view.setUint8(FLOW_OPEN.direction, (fields.direction ?? "out") === "in" || fields.origin === "accept" ? 1 : 0);
  return record.bytes;
}

export interface FlowOwnerFields extends EndsFields {
  readonly timeNs: number;
  readonly cookie: number;
  readonly owner: OwnerFields;
  readonly wasUsed?: boolean;
}

export function flowOwnerRecord(fields: FlowOwnerFields): Uint8Array {
  const record = draft(RECORD_TYPE.flowOwner, FLOW_OWNER.bytes, fields.timeNs);
  setU64(record, FLOW_OWNER.cookie, fields.cookie);
  setU64(record, FLOW_OWNER.netns, 4_026_531_840);
  setOwner(record, FLOW_OWNER.owner, fields.owner);
  setEndpoints(record, FLOW_OWNER.endpoints, fields);
  record.view.setUint32(FLOW_OWNER.wasUsed, fields.wasUsed === true ? 1 : 0, true);
  return record.bytes;
}

export interface FlowStateFields extends EndsFields {
  readonly timeNs: number;
  readonly cookie: number;
  readonly newState: number;
  readonly oldState?: number;
  readonly error?: number;
  readonly srttUs?: number;
  readonly retransmits?: number;
  readonly bytesSent?: number;
  readonly bytesReceived?: number;
}

export function flowStateRecord(fields: FlowStateFields): Uint8Array {
  const record = draft(RECORD_TYPE.flowState, FLOW_STATE.bytes, fields.timeNs);
  setU64(record, FLOW_STATE.cookie, fields.cookie);
  setU64(record, FLOW_STATE.bytesSent, fields.bytesSent ?? 0);
  setU64(record, FLOW_STATE.bytesReceived, fields.bytesReceived ?? 0);
  setEndpoints(record, FLOW_STATE.endpoints, fields);
  record.view.setUint32(FLOW_STATE.srttUs, fields.srttUs ?? 0, true);
  record.view.setUint32(FLOW_STATE.retransmits, fields.retransmits ?? 0, true);
  record.view.setUint32(FLOW_STATE.error, fields.error ?? 0, true);
  record.view.setUint16(FLOW_STATE.oldState, fields.oldState ?? 2, true);
  record.view.setUint16(FLOW_STATE.newState, fields.newState, true);
  return record.bytes;
}

export interface FlowBytesFields extends EndsFields {
  readonly timeNs: number;
  readonly cookie: number;
  readonly bytesSent?: number;
  readonly bytesReceived?: number;
  readonly packetsSent?: number;
  readonly packetsReceived?: number;
  readonly run?: number;
  readonly isFinal?: boolean;
}

export function flowBytesRecord(fields: FlowBytesFields): Uint8Array {
  const record = draft(RECORD_TYPE.flowBytes, FLOW_BYTES.bytes, fields.timeNs);
  setU64(record, FLOW_BYTES.cookie, fields.cookie);
  setU64(record, FLOW_BYTES.bytesSent, fields.bytesSent ?? 0);
  setU64(record, FLOW_BYTES.bytesReceived, fields.bytesReceived ?? 0);
  record.view.setUint32(FLOW_BYTES.packetsSent, fields.packetsSent ?? 0, true);
  record.view.setUint32(FLOW_BYTES.packetsReceived, fields.packetsReceived ?? 0, true);
  setEndpoints(record, FLOW_BYTES.endpoints, fields);
  record.view.setUint32(FLOW_BYTES.flags, fields.isFinal === true ? 1 : 0, true);
  record.view.setUint32(FLOW_BYTES.run, fields.run ?? 0, true);
  return record.bytes;
}

const PAYLOAD_KINDS = {
  "dns-datagram": 1,
  "dns-stream": 2,
  "stream-start": 3,
  datagram: 4,
  "stream-upgrade": 5,
} as const;

export interface PayloadFields extends EndsFields {
  readonly timeNs: number;
  readonly cookie: number;
  readonly owner: OwnerFields;
  readonly kind: keyof typeof PAYLOAD_KINDS;
  readonly direction: "out" | "in";
  readonly data: Uint8Array;
  readonly streamOffset?: number;
  readonly originalLength?: number;
}

export function payloadRecord(fields: PayloadFields): Uint8Array {
  const record = draft(RECORD_TYPE.payload, PAYLOAD.data + fields.data.length, fields.timeNs);
  setU64(record, PAYLOAD.cookie, fields.cookie);
  setOwner(record, PAYLOAD.owner, fields.owner);
  setEndpoints(record, PAYLOAD.endpoints, fields);
  record.view.setUint32(PAYLOAD.streamOffset, fields.streamOffset ?? 0, true);
  record.view.setUint32(PAYLOAD.originalLength, fields.originalLength ?? fields.data.length, true);
  record.view.setUint16(PAYLOAD.dataLength, fields.data.length, true);
  record.view.setUint8(PAYLOAD.kind, PAYLOAD_KINDS[fields.kind]);
  record.view.setUint8(PAYLOAD.direction, fields.direction === "in" ? 1 : 0);
  record.bytes.set(fields.data, PAYLOAD.data);
  return record.bytes;
}

export interface ProcessFields {
  readonly timeNs: number;
  readonly pid: number;
  readonly startNs: number;
  readonly parentPid?: number;
  readonly parentStartNs?: number;
  readonly cgroupId?: number;
  readonly uid?: number;
  readonly comm?: string;
  readonly exe?: string;
  readonly filename?: string;
  readonly argv?: readonly string[];
  readonly flags?: number;
}

/** An exec unless `flags` say otherwise. */
export function processRecord(fields: ProcessFields): Uint8Array {
  const record = draft(RECORD_TYPE.process, PROCESS.bytes, fields.timeNs);
  const { view, bytes } = record;
  setU64(record, PROCESS.startNs, fields.startNs);
  setU64(record, PROCESS.parentStartNs, fields.parentStartNs ?? 0);
  setU64(record, PROCESS.cgroupId, fields.cgroupId ?? 0);
  view.setUint32(PROCESS.pid, fields.pid, true);
  view.setUint32(PROCESS.parentPid, fields.parentPid ?? 0, true);
  view.setUint32(PROCESS.uid, fields.uid ?? 0, true);
  view.setUint32(PROCESS.flags, fields.flags ?? PROCESS_FLAG.exec, true);
  bytes.set(ascii(fields.comm ?? "").subarray(0, 15), PROCESS.comm);
  const components = (fields.exe ?? "").split("/").filter((part) => part !== "");
  const exe = ascii(
    components
      .toReversed()
      .map((part) => `${part}\0`)
      .join(""),
  );
  const filename = ascii(fields.filename === undefined ? "" : `${fields.filename}\0`);
  const argv = ascii((fields.argv ?? []).map((argument) => `${argument}\0`).join(""));
  bytes.set(exe, PROCESS.exe);
  bytes.set(filename, PROCESS.filename);
  bytes.set(argv, PROCESS.argv);
  view.setUint16(PROCESS.exeLength, exe.length, true);
  view.setUint16(PROCESS.filenameLength, filename.length, true);
  view.setUint16(PROCESS.argvLength, argv.length, true);
  return bytes;
}

export interface ForkFields {
  readonly timeNs: number;
  readonly parentPid: number;
  readonly parentStartNs: number;
  readonly childPid: number;
  readonly childStartNs: number;
}

export function forkRecord(fields: ForkFields): Uint8Array {
  const record = draft(RECORD_TYPE.fork, FORK.bytes, fields.timeNs);
  setU64(record, FORK.parentStartNs, fields.parentStartNs);
  setU64(record, FORK.childStartNs, fields.childStartNs);
  record.view.setUint32(FORK.parentPid, fields.parentPid, true);
  record.view.setUint32(FORK.childPid, fields.childPid, true);
  return record.bytes;
}

export function exitRecord(fields: { timeNs: number; pid: number; startNs: number; exitCode?: number }): Uint8Array {
  const record = draft(RECORD_TYPE.exit, EXIT.bytes, fields.timeNs);
  setU64(record, EXIT.startNs, fields.startNs);
  record.view.setUint32(EXIT.pid, fields.pid, true);
  record.view.setInt32(EXIT.exitCode, fields.exitCode ?? 0, true);
  return record.bytes;
}

export function cgroupRecord(fields: { timeNs: number; id: number; path: string }): Uint8Array {
  const record = draft(RECORD_TYPE.cgroup, CGROUP.bytes, fields.timeNs);
  const path = ascii(fields.path);
  setU64(record, CGROUP.id, fields.id);
  record.view.setUint32(CGROUP.pathLength, path.length, true);
  record.bytes.set(path, CGROUP.path);
  return record.bytes;
}

const CALLS = { getaddrinfo: 1, gethostbyname: 2 } as const;

export interface LookupFields {
  readonly timeNs: number;
  readonly askedNs?: number;
  readonly owner: OwnerFields;
  readonly call?: keyof typeof CALLS;
  readonly result?: number;
  readonly name: string;
  readonly isNameCut?: boolean;
  readonly addresses?: readonly string[];
}

export function lookupRecord(fields: LookupFields): Uint8Array {
  const record = draft(RECORD_TYPE.lookup, LOOKUP.bytes, fields.timeNs);
  const name = ascii(fields.name).subarray(0, LIMITS.lookupNameLen);
  const addresses = (fields.addresses ?? []).slice(0, LIMITS.lookupAddresses);
  setOwner(record, LOOKUP.owner, fields.owner);
  setU64(record, LOOKUP.askedNs, fields.askedNs ?? fields.timeNs);
  record.view.setInt32(LOOKUP.result, fields.result ?? 0, true);
  record.view.setUint16(LOOKUP.call, CALLS[fields.call ?? "getaddrinfo"], true);
  record.view.setUint16(LOOKUP.nameLength, name.length, true);
  record.view.setUint16(LOOKUP.flags, fields.isNameCut === true ? LOOKUP_FLAG.nameCut : 0, true);
  record.view.setUint16(LOOKUP.addressCount, addresses.length, true);
  record.bytes.set(name, LOOKUP.name);
  for (const [index, address] of addresses.entries()) {
    record.bytes.set(addressBytes(address), LOOKUP.addresses + index * 16);
    record.view.setUint16(LOOKUP.families + index * 2, address.includes(":") ? 10 : 2, true);
  }
  return record.bytes;
}

export function joinBytes(parts: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}
