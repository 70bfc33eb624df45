/** One flow as the session keeps it (mutable), and the fact sheet made from it. */
import type { FlowOrigin } from "../event/kernel-event.ts";
import type { Endpoint, Locality, Transport } from "../model/endpoint.ts";
import type { Direction, Flow, FlowState } from "../model/flow.ts";
import type { FlowKey, ProcessKey, SocketCookie } from "../model/ids.ts";
import type { NameEvidence, Naming } from "../model/name-evidence.ts";
import type { Verdict } from "../model/verdict.ts";
import type { HelloAssembler } from "../protocol/tls/assemble-hello.ts";
import type { EdgeState } from "./graph-state.ts";
import type { ProcessEntry, ProcessImage } from "./process-entry.ts";

/** UDP totals come in runs of datagrams, see tt_flow_bytes in bpf/event.h. */
export interface RunTotals {
  /** Newest run counted; 0: none yet. */
  run: number;
  sent: number;
  received: number;
}

export interface FlowEntry {
  readonly key: FlowKey;
  readonly cookie: SocketCookie;
  readonly transport: Transport;
  readonly netns: number;
  readonly remote: Endpoint;
  readonly locality: Locality;
  readonly openedAtNs: number;
  readonly isOlderThanCapture: boolean;
  origin: FlowOrigin | "guess";
  direction: Direction;
  local: Endpoint;
  process: ProcessEntry | null;
  /** The program at the time of opening; the process may have called exec since. */
  image: ProcessImage | null;
  peer: ProcessKey | null;
  /** Its other end is drawn by a local outbound flow: not drawn a second time. */
  isMirror: boolean;
  /** False until a datagram was exchanged: connecting a UDP socket contacts nobody. */
  isContact: boolean;
  serverName: NameEvidence | null;
  hello: HelloAssembler | "done" | null;
  naming: Naming;
  verdict: Verdict;
  state: FlowState;
  failure: string | null;
  bytesSent: number;
  bytesReceived: number;
  readonly runTotals: RunTotals;
  lastActiveNs: number;
  closedAtNs: number | null;
  /** Its last bytes are known; it only serves readers now. */
  isFinal: boolean;
  /** Given to onFlowEnded. */
  isReported: boolean;
  /** null while it is not drawn. */
  edge: EdgeState | null;
  /** Its key in the flow table's index of ends; null: an end is not known yet. */
  tuple: string | null;
}

/** An immutable copy for readers. */
export const toFlow = (entry: FlowEntry): Flow => ({
  key: entry.key,
  process: entry.process?.key ?? null,
  transport: entry.transport,
  direction: entry.direction,
  local: entry.local,
  remote: entry.remote,
  locality: entry.locality,
  peer: entry.peer,
  naming: entry.naming,
  verdict: entry.verdict,
  state: entry.state,
  failure: entry.failure,
  bytesSent: entry.bytesSent,
  bytesReceived: entry.bytesReceived,
  openedAtNs: entry.openedAtNs,
  lastActiveNs: entry.lastActiveNs,
  closedAtNs: entry.closedAtNs,
  isOlderThanCapture: entry.isOlderThanCapture,
});

const TRANSPORTS: Readonly<Record<number, Transport>> = {
  6: "tcp",
  262: "tcp", // MPTCP: what the program sees is a TCP socket
  17: "udp",
  136: "udp", // UDP-Lite
  1: "icmp",
  58: "icmp", // ICMPv6
};

/** IPPROTO_* -> Transport. */
export const transportOf = (protocol: number): Transport => TRANSPORTS[protocol] ?? "other";

const FAILURES: Readonly<Record<number, string>> = {
  111: "refused", // ECONNREFUSED
  110: "timed out", // ETIMEDOUT
  101: "unreachable", // ENETUNREACH
  113: "unreachable", // EHOSTUNREACH
  104: "reset", // ECONNRESET
};

/** errno -> Flow.failure; null: the kernel named no reason we know. */
export const failureOf = (error: number): string | null => FAILURES[error] ?? null;
