import type { Endpoint, Locality, Transport } from "./endpoint.ts";
import type { FlowKey, ProcessKey } from "./ids.ts";
import type { EncryptedDns, Naming } from "./name-evidence.ts";
import type { Verdict } from "./verdict.ts";

export type Direction = "outbound" | "inbound";

/**
 * opening: attempted, no answer yet. open: established, or datagrams seen.
 * closed: ended after being open. failed: ended without ever being open.
 */
export type FlowState = "opening" | "open" | "closed" | "failed";

/** The process that opened a socket another one uses. */
export interface OpenedBy {
  readonly pid: number;
  /** ns of CLOCK_BOOTTIME; with the pid it names one process for good. */
  readonly startTimeNs: number;
  readonly exe: string | null;
  readonly comm: string;
}

/** The process at a flow's other end, where that is on this machine. */
export interface Peer {
  readonly key: ProcessKey;
  readonly pid: number;
  readonly exe: string | null;
  readonly comm: string;
}

/** One contact as a reader outside the session sees it. A fact sheet: immutable, plain data. */
export interface Flow {
  readonly key: FlowKey;
  /** null: the kernel did not tell who owns the socket. */
  readonly process: ProcessKey | null;
  /** null: the same process, as far as we saw. */
  readonly openedBy: OpenedBy | null;
  readonly transport: Transport;
  /** What a raw or packet socket's packets are (IPPROTO_*), or a transport of which we know no more; else null. */
  readonly ipProtocol: number | null;
  /** Of a packet socket's frames that are not IP; else null. */
  readonly etherType: number | null;
  readonly direction: Direction;
  readonly local: Endpoint;
  readonly remote: Endpoint;
  readonly locality: Locality;
  /** Who the flow's other end belongs to, where that is a process of this machine. */
  readonly peer: Peer | null;
  readonly naming: Naming;
  /** The flow carries lookups, encrypted; null: not known to. */
  readonly encryptedDns: EncryptedDns | null;
  readonly verdict: Verdict;
  readonly state: FlowState;
  /**
   * Why it failed ("refused", "timed out", "unreachable", "reset"), or how an open connection broke off ("reset",
   * "timed out", "unreachable"); null: it ended well, or the kernel told no reason. Not known for datagrams.
   */
  readonly failure: string | null;
  /** Payload bytes: above TCP or UDP; of others above IP, of packet sockets above the link. See the glossary. */
  readonly bytesSent: number;
  readonly bytesReceived: number;
  /** Datagrams; null for TCP, where segments are not counted. */
  readonly packetsSent: number | null;
  readonly packetsReceived: number | null;
  /** From connect() to the established connection. null: not TCP, not outbound, never established, or one of the two was not seen. */
  readonly handshakeNs: number | null;
  /** The kernel's smoothed round trip, as it was last told (at opening and at the end); null: not told. */
  readonly rttUs: number | null;
  /** TCP segments sent again, as last told; null: not told. */
  readonly retransmits: number | null;
  /** ns of CLOCK_BOOTTIME. For flows older than we are: when we first saw them. */
  readonly openedAtNs: number;
  readonly lastActiveNs: number;
  readonly closedAtNs: number | null;
  /** The flow was there before we started: its opening, earlier bytes and lookups were not seen. */
  readonly isOlderThanCapture: boolean;
}
