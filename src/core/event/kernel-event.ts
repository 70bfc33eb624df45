/** What a record of bpf/event.h says, as the session reads it. */
import type { Endpoint } from "../model/endpoint.ts";
import type { SocketCookie } from "../model/ids.ts";

export type FlowOrigin = "connect" | "send" | "accept" | "packet" | "existing";
export type PayloadKind = "dns-datagram" | "dns-stream" | "stream-start" | "datagram" | "stream-upgrade";
export type LookupCall = "getaddrinfo" | "gethostbyname";
export type PacketDirection = "out" | "in";

/** pid 0: not known. */
export interface Owner {
  readonly pid: number;
  /** 0: not known. */
  readonly startNs: number;
  readonly uid: number;
  /** cgroup v2 id; 0: not known. Ids count up from 1, so a double holds them. */
  readonly cgroupId: number;
  readonly comm: string;
}

export interface Endpoints {
  readonly local: Endpoint;
  readonly remote: Endpoint;
  /**
   * IPPROTO_*, with TT_PROTOCOL_RAW or TT_PROTOCOL_PACKET where the program
   * wrote its header; of a frame that is not IP its EtherType above FRAME_PROTOCOL.
   */
  readonly protocol: number;
}

export interface FlowOpenEvent {
  readonly type: "flow-open";
  readonly timeNs: number;
  readonly cookie: SocketCookie;
  /** Inode of the network namespace; 0 unknown. */
  readonly netns: number;
  readonly owner: Owner;
  readonly endpoints: Endpoints;
  readonly origin: FlowOrigin;
  /** TCP_* where origin is "existing". */
  readonly tcpState: number;
  /** Who began; of the first packet where origin is "packet"; means nothing where it is "existing". */
  readonly direction: PacketDirection;
}

export interface FlowStateEvent {
  readonly type: "flow-state";
  readonly timeNs: number;
  /** 0: match by endpoints. */
  readonly cookie: SocketCookie;
  readonly bytesSent: number;
  readonly bytesReceived: number;
  readonly endpoints: Endpoints;
  readonly srttUs: number;
  readonly retransmits: number;
  /** errno, 0 none. */
  readonly error: number;
  readonly oldState: number;
  readonly newState: number;
}

export interface FlowBytesEvent {
  readonly type: "flow-bytes";
  readonly timeNs: number;
  readonly cookie: SocketCookie;
  readonly bytesSent: number;
  readonly bytesReceived: number;
  readonly packetsSent: number;
  readonly packetsReceived: number;
  readonly endpoints: Endpoints;
  /** The numbers are totals of this run of datagrams; see tt_flow_bytes. 0 for TCP. */
  readonly run: number;
  readonly isFinal: boolean;
}

/** Another process than the last told of uses the socket. */
export interface FlowOwnerEvent {
  readonly type: "flow-owner";
  readonly timeNs: number;
  readonly cookie: SocketCookie;
  readonly netns: number;
  readonly owner: Owner;
  readonly endpoints: Endpoints;
  /** The owner before was seen sending; false: it only opened the socket. */
  readonly wasUsed: boolean;
}

export interface PayloadEvent {
  readonly type: "payload";
  readonly timeNs: number;
  readonly cookie: SocketCookie;
  readonly owner: Owner;
  readonly endpoints: Endpoints;
  readonly streamOffset: number;
  readonly isCut: boolean;
  readonly kind: PayloadKind;
  readonly direction: PacketDirection;
  /** Shares the memory of the decoded bytes: copy what is kept. */
  readonly data: Uint8Array;
}

export interface ProcessEvent {
  readonly type: "process";
  readonly timeNs: number;
  readonly pid: number;
  readonly startNs: number;
  readonly parentPid: number;
  readonly parentStartNs: number;
  readonly cgroupId: number;
  readonly uid: number;
  readonly comm: string;
  /** Absolute path; "…/" in front where the kernel side had to cut it. null: none (kernel thread). */
  readonly exe: string | null;
  /** The file was gone from its place when this was told; false also in recordings of before that was looked at. */
  readonly isExeDeleted: boolean;
  readonly filename: string | null;
  /** null in snapshots: the helper tells them apart, see ProcessArguments. */
  readonly argv: readonly string[] | null;
  readonly isExec: boolean;
  readonly isSnapshot: boolean;
}

export interface ForkEvent {
  readonly type: "fork";
  readonly timeNs: number;
  readonly parentPid: number;
  readonly parentStartNs: number;
  readonly childPid: number;
  readonly childStartNs: number;
}

export interface ExitEvent {
  readonly type: "exit";
  readonly timeNs: number;
  readonly pid: number;
  readonly startNs: number;
  readonly exitCode: number;
}

export interface CgroupEvent {
  readonly type: "cgroup";
  readonly timeNs: number;
  readonly id: number;
  readonly path: string;
}

/** A program asked its C library for a name and was answered. */
export interface LookupEvent {
  readonly type: "lookup";
  /** When the call returned. */
  readonly timeNs: number;
  readonly askedNs: number;
  readonly owner: Owner;
  readonly call: LookupCall;
  /** 0: answered; else EAI_* (getaddrinfo) or -1. */
  readonly result: number;
  /** As the program wrote it; untrusted text, not yet a domain name. */
  readonly name: string;
  readonly addresses: readonly string[];
  /** The name did not fit: what is there is the front of another one. */
  readonly isNameCut: boolean;
  /** More than fit, or not all could be read. */
  readonly areAddressesCut: boolean;
}

export type KernelEvent =
  | FlowOpenEvent
  | FlowStateEvent
  | FlowBytesEvent
  | FlowOwnerEvent
  | PayloadEvent
  | ProcessEvent
  | ForkEvent
  | ExitEvent
  | CgroupEvent
  | LookupEvent;
