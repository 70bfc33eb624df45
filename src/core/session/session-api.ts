/**
 * What the shells (main, cli) use of the core. The session is the one place
 * with mutable state; everything it returns is plain, immutable data.
 */
import type { Graph } from "../graph/graph.ts";
import type { CgroupPath, Hello, KernelStats, ProcessArguments } from "../model/capture-facts.ts";
import type { Coverage, Feature } from "../model/coverage.ts";
import type { Flow } from "../model/flow.ts";
import type { EdgeId, NodeId, ProcessKey } from "../model/ids.ts";
import type { Lookup } from "../model/lookup.ts";
import type { Process } from "../model/process.ts";
import type { ContainerName } from "../model/process-context.ts";

/** One frame from the helper, narrowed; src/contract/frame-decoder.ts makes it from bytes. */
export type HelperMessage =
  | { readonly kind: "hello"; readonly hello: Hello }
  | { readonly kind: "records"; readonly bytes: Uint8Array }
  | { readonly kind: "process-arguments"; readonly processes: readonly ProcessArguments[] }
  | { readonly kind: "cgroups"; readonly cgroups: readonly CgroupPath[] }
  | { readonly kind: "stats"; readonly stats: KernelStats }
  | { readonly kind: "failure"; readonly code: string; readonly detail: string }
  | { readonly kind: "live" }
  | { readonly kind: "features"; readonly features: readonly Feature[] }
  | { readonly kind: "hosts-file"; readonly timeNs: number; readonly bytes: Uint8Array }
  | { readonly kind: "resolver-monitor"; readonly timeNs: number; readonly bytes: Uint8Array }
  | { readonly kind: "container-list"; readonly bytes: Uint8Array };

export interface Snapshot {
  readonly hello: Hello | null;
  readonly nowNs: number;
  readonly flows: readonly Flow[];
  readonly processes: ReadonlyMap<ProcessKey, Process>;
  readonly coverage: Coverage;
  /** Newest first. */
  readonly lookups: readonly Lookup[];
}

export interface SessionOptions {
  /** Called once for each flow when it ended and its last bytes are known; also from `finish`. */
  readonly onFlowEnded?: (flow: Flow, process: Process | null) => void;
  /** Gaps known beforehand, see `addGap`. */
  readonly gaps?: readonly Feature[];
}

export interface Session {
  readonly ingest: (message: HelperMessage) => void;
  /** What is not seen for a reason only the caller knows (unusable rules, a damaged file): part of the coverage from now on. */
  readonly addGap: (gap: Feature) => void;
  /** Expires what is old. `nowNs` is CLOCK_BOOTTIME; replays pass the newest record's time. */
  readonly tick: (nowNs: number) => void;
  /** CLOCK_BOOTTIME of the newest record. */
  readonly newestNs: () => number;
  readonly hello: () => Hello | null;
  readonly coverage: () => Coverage;
  /** The current graph; cheap to call a few times a second (built incrementally, edges keep totals of ended flows). */
  readonly graph: () => Graph;
  /** Newest first. */
  readonly flowsOfEdge: (edge: EdgeId, limit: number) => readonly Flow[];
  /** What the processes of a program asked resolvers for, newest first. */
  readonly lookupsOfProgram: (program: NodeId, limit: number) => readonly Lookup[];
  /** A reverse lookup the user asked for told this name: the weakest evidence, for flows with none. */
  readonly addReverseName: (address: string, name: string) => void;
  /** What containers are called, where files of their runtimes told. */
  readonly nameContainers: (names: readonly ContainerName[]) => void;
  /** Everything still in the tables, for reports and tests. */
  readonly snapshot: () => Snapshot;
  /**
   * The input is over: hands every flow not yet given to onFlowEnded to it, as
   * it stands (still open ones too). Reading stays possible, ingesting does not.
   */
  readonly finish: () => void;
}
