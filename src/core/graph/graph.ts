/** The graph people see: programs, the named destinations they contact, and one edge a pair. Plain data. */
import type { Locality, Transport } from "../model/endpoint.ts";
import type { EdgeId, NodeId, ProcessKey } from "../model/ids.ts";
import type { EchState, EncryptedDns, NameEvidence, NameSource } from "../model/name-evidence.ts";
import type { Bundle, NamedContainer, SystemdUnit } from "../model/process-context.ts";
import type { Category, Verdict } from "../model/verdict.ts";

export type ProgramGroup = "application" | "command-line" | "service" | "container" | "unknown";

export interface ProgramNode {
  readonly kind: "program";
  readonly id: NodeId;
  /** Base name of the executable or script; comm when the executable is unknown. "postgres in container web-db" in one. */
  readonly label: string;
  readonly exe: string | null;
  /** Script behind an interpreter, where that names the program. */
  readonly script: string | null;
  readonly group: ProgramGroup;
  readonly container: NamedContainer | null;
  /** Of its newest process that has one. */
  readonly unit: SystemdUnit | null;
  readonly bundle: Bundle | null;
  /** Helper processes it works through, as they are called; newest first, capped at 8. */
  readonly helpers: readonly string[];
  /** A process of it that runs still was seen to run a file that is gone from its place: replaced or deleted. */
  readonly isExeDeleted: boolean;
  /** Newest first, capped; processCount has the true number. */
  readonly processes: readonly ProgramProcess[];
  readonly processCount: number;
  readonly isRunning: boolean;
  /** Most telling category of its edges. */
  readonly category: Category;
  readonly isSuspected: boolean;
  readonly bytesSent: number;
  readonly bytesReceived: number;
  readonly flowCount: number;
  /** What it contacts: names, addresses, and programs of this machine. */
  readonly destinationCount: number;
  /** Programs of this machine that contact it. */
  readonly callerCount: number;
  /** Names it asked for that failed, and names that were answered and never contacted. */
  readonly failedLookupCount: number;
  readonly unfollowedLookupCount: number;
  /** Resolvers it talks to by itself, encrypted. */
  readonly encryptedDns: readonly EncryptedDns[];
  readonly firstSeenNs: number;
  readonly lastSeenNs: number;
}

export interface ProgramProcess {
  readonly key: ProcessKey;
  readonly pid: number;
  /** Its own: a helper's differs from the program's. */
  readonly exe: string | null;
  readonly isExeDeleted: boolean | null;
  /** What it is called as a helper of the program; null: it is none. */
  readonly helper: string | null;
  readonly argv: readonly string[] | null;
  readonly uid: number | null;
  readonly cgroup: string | null;
  readonly ancestors: readonly { readonly pid: number; readonly exe: string | null }[];
  readonly startTimeNs: number;
  readonly exitedAtNs: number | null;
}

export interface DestinationNode {
  readonly kind: "destination";
  readonly id: NodeId;
  /** The name; "a.example or b.example" where names cannot be told apart; else the address (isNamed is false then). */
  readonly label: string;
  readonly isNamed: boolean;
  /** The names that cannot be told apart; empty for a destination with one name or none. */
  readonly candidates: readonly string[];
  /** Newest first, capped at 16. */
  readonly addresses: readonly string[];
  readonly locality: Locality;
  readonly owner: string | null;
  readonly category: Category;
  readonly isSuspected: boolean;
  readonly bytesSent: number;
  readonly bytesReceived: number;
  readonly flowCount: number;
  readonly programCount: number;
  readonly firstSeenNs: number;
  readonly lastSeenNs: number;
}

export type GraphNode = ProgramNode | DestinationNode;

export interface GraphEdge {
  readonly id: EdgeId;
  readonly source: NodeId;
  /** A destination; or a program of this machine, where the flows' other ends are known to be its own. */
  readonly target: NodeId;
  readonly direction: "outbound" | "inbound" | "both";
  /** How the name is known (strongest seen), or null for a bare address. */
  readonly nameSource: NameSource | null;
  /** When that evidence was seen, newest first where there were several; null: no name. */
  readonly nameObservedAtNs: number | null;
  /** How old the name was when the newest flow it names was opened; negative: it came later. null: no name. */
  readonly nameAgeNs: number | null;
  /** Other names the flows of this edge may belong to, with how they are known. */
  readonly otherNames: readonly NameEvidence[];
  readonly isContradicted: boolean;
  /** The target is a program: how it is reached. null: the target is a destination, which says so itself. */
  readonly peer: EdgePeer | null;
  /** The target is a name, and this program of this machine answered under it; null: nobody here is known to. */
  readonly answeredBy: string | null;
  /** The strongest said of any of its flows. */
  readonly ech: EchState | null;
  /** Proxies the flows go through: name or address and port; capped at 8. */
  readonly hops: readonly string[];
  readonly encryptedDns: EncryptedDns | null;
  /** Distinct services, most used first, capped at 8. */
  readonly services: readonly { readonly transport: Transport; readonly port: number }[];
  readonly verdict: Verdict;
  readonly bytesSent: number;
  readonly bytesReceived: number;
  readonly flowCount: number;
  readonly openCount: number;
  readonly failedCount: number;
  /** Most recent reason a flow failed, or null. */
  readonly lastFailure: string | null;
  /** Open connections that broke off: reset, timed out. */
  readonly brokenCount: number;
  /** Of the newest TCP flow that told them; null: none did. */
  readonly handshakeNs: number | null;
  readonly rttUs: number | null;
  /** TCP segments sent again, of all flows. */
  readonly retransmits: number;
  readonly firstSeenNs: number;
  readonly lastSeenNs: number;
}

/** A program of this machine as another one reaches it. */
export interface EdgePeer {
  /** What the caller calls it; null: only by address. */
  readonly name: string | null;
  /** Newest first, capped at 16. */
  readonly addresses: readonly string[];
}

export interface Graph {
  readonly nodes: ReadonlyMap<NodeId, GraphNode>;
  readonly edges: ReadonlyMap<EdgeId, GraphEdge>;
}

/** What changed between two graphs. Upserts carry whole values; a receiver replaces by id. */
export interface GraphDiff {
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
  readonly removedNodes: readonly NodeId[];
  readonly removedEdges: readonly EdgeId[];
}
