/**
 * What the session keeps of a flow, and of the edge, program and destination
 * it is drawn in (all mutable). A flow points at its edge and the edge at its
 * flows, hence one file.
 */
import type { FlowOrigin } from "../event/kernel-event.ts";
import type { DestinationIdentity } from "../graph/destination-identity.ts";
import type { ProgramIdentity } from "../graph/program-identity.ts";
import type { Endpoint, Locality, Transport } from "../model/endpoint.ts";
import type { Direction, FlowState, OpenedBy } from "../model/flow.ts";
import type { EdgeId, SocketCookie } from "../model/ids.ts";
import type { EchState, EncryptedDns, NameEvidence, NameSource, Naming } from "../model/name-evidence.ts";
import type { Verdict } from "../model/verdict.ts";
import type { AnswerNaming } from "../naming/answer.ts";
import type { SpokenNames } from "../naming/name-flow.ts";
import type { ProcessEntry, ProcessImage } from "./process-entry.ts";
import type { Speech } from "./speech.ts";

/** All but TCP's totals come in runs of datagrams, see tt_flow_bytes in bpf/event.h. */
export interface RunTotals {
  /** Newest run counted; 0: none yet. */
  readonly run: number;
  readonly sent: number;
  readonly received: number;
  readonly packetsSent: number;
  readonly packetsReceived: number;
}

export const NO_RUNS: RunTotals = { run: 0, sent: 0, received: 0, packetsSent: 0, packetsReceived: 0 };

export interface FlowEntry {
  /** Above 1: the socket connected again after an earlier flow had ended. */
  readonly attempt: number;
  readonly cookie: SocketCookie;
  readonly transport: Transport;
  /** As the record that opened it says: see Endpoints. */
  readonly protocol: number;
  /** Inode of the network namespace; 0: not known yet. */
  netns: number;
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
  /** Who opened it, where another process uses it now. */
  openedBy: OpenedBy | null;
  /** The program at its other end, where that is on this machine. */
  peer: ProcessImage | null;
  /** Its other end is drawn by a local outbound flow: not drawn a second time. */
  isMirror: boolean;
  /** False until a datagram was exchanged: connecting a datagram socket contacts nobody. */
  isContact: boolean;
  /** What answers say of it, as of its opening. */
  answers: AnswerNaming;
  /** What the program itself said on it. */
  spoken: SpokenNames;
  /** Reads its first bytes; null: none came, or none will. */
  speech: Speech | null;
  naming: Naming;
  encryptedDns: EncryptedDns | null;
  verdict: Verdict;
  state: FlowState;
  failure: string | null;
  bytesSent: number;
  bytesReceived: number;
  /** Of datagrams; stays 0 for TCP. */
  packetsSent: number;
  packetsReceived: number;
  handshakeNs: number | null;
  rttUs: number | null;
  retransmits: number | null;
  /** Replaced as a whole: flows without runs share one. */
  runTotals: RunTotals;
  lastActiveNs: number;
  closedAtNs: number | null;
  /** Its last bytes are known; it only serves readers now. */
  isFinal: boolean;
  /** Given to onFlowEnded. */
  isReported: boolean;
  /** null while it is not drawn. */
  edge: EdgeState | null;
  /** Its place in edge.live; means nothing once it is final. */
  liveAt: number;
  /** Its key in the flow table's index of ends; -1: an end is not known yet. */
  portsKey: number;
}

export interface Seen {
  firstSeenNs: number;
  lastSeenNs: number;
}

export interface Sums extends Seen {
  bytesSent: number;
  bytesReceived: number;
  flowCount: number;
}

/** Its sums are those of its edges, see sumOf; seen: by edges that are gone. */
export interface ProgramState extends Seen {
  readonly kind: "program";
  readonly identity: ProgramIdentity;
  readonly edges: Set<EdgeState>;
  /** Edges of which it is the far end. */
  readonly callers: Set<EdgeState>;
  /** The same by what their destination is called, where that is one name or address. */
  readonly edgeByLabel: Map<string, EdgeState>;
  /** Those to a port of this machine without a name, by the far end: the decoder shares equal ones. */
  readonly edgeByEnd: WeakMap<Endpoint, EdgeState>;
  /** Newest last, at most MAX_IMAGES. */
  readonly images: ProcessImage[];
  imageCount: number;
  /** Those of its images that have not ended. */
  readonly running: Set<ProcessImage>;
}

export interface DestinationState extends Seen {
  readonly kind: "destination";
  identity: DestinationIdentity;
  readonly edges: Set<EdgeState>;
  /** Newest last, at most MAX_ADDRESSES. */
  readonly addresses: string[];
  locality: Locality;
}

export interface ServiceCount {
  readonly transport: Transport;
  readonly port: number;
  count: number;
  verdict: Verdict | null;
}

export interface EdgeState extends Sums {
  readonly id: EdgeId;
  /** Changed since the graph was asked for. */
  isDirty: boolean;
  /** The image noted last: it need not be noted again. */
  newestImage: ProcessImage | null;
  /** The same for the program at the far end. */
  newestPeer: ProcessImage | null;
  readonly program: ProgramState;
  readonly target: DestinationState | ProgramState;
  /** Where a program is reached, newest last, at most MAX_ADDRESSES; a destination has its own. */
  readonly addresses: string[];
  /** In no order; each knows its place (liveAt). */
  readonly live: FlowEntry[];
  /** Ended flows kept for readers, oldest first. */
  readonly ended: FlowEntry[];
  /** By serviceKey of edge-membership. */
  readonly services: Map<number, ServiceCount>;
  /** By name; null while there are none, as for most. */
  otherNames: Map<string, NameEvidence> | null;
  nameSource: NameSource | null;
  /** The likeliest known that way. */
  name: string | null;
  /** Of the newest flow whose name is known that way. */
  nameObservedAtNs: number | null;
  nameAgeNs: number | null;
  namedFlowOpenedAtNs: number;
  ech: EchState | null;
  /** Proxies, newest last; null while there are none, as for most. */
  hops: string[] | null;
  encryptedDns: EncryptedDns | null;
  outboundCount: number;
  inboundCount: number;
  openCount: number;
  failedCount: number;
  contradictedCount: number;
  lastFailure: string | null;
  brokenCount: number;
  retransmits: number;
  /** Of the newest flow that told them. */
  handshakeNs: number | null;
  rttUs: number | null;
  measuredFlowOpenedAtNs: number;
}
