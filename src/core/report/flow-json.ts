/**
 * A flow as `--json` prints it, one object a line (docs/schema/flow.schema.json).
 * Unknown is null; times are ISO 8601 with milliseconds.
 */
import type { Endpoint, Transport } from "../model/endpoint.ts";
import type { Direction, Flow, FlowState } from "../model/flow.ts";
import { isoTime } from "../model/format.ts";
import type { NameSource } from "../model/name-evidence.ts";
import type { Ancestor, Process } from "../model/process.ts";
import type { Verdict } from "../model/verdict.ts";

/** Raised when a field changes its meaning or goes; new fields do not raise it. */
export const FLOW_SCHEMA_VERSION = 1;

export interface FlowJson {
  readonly schemaVersion: typeof FLOW_SCHEMA_VERSION;
  /** null: the kernel did not tell whose socket it is. */
  readonly process: ProcessJson | null;
  readonly transport: Transport;
  readonly direction: Direction;
  readonly local: Endpoint;
  readonly remote: Endpoint;
  readonly destination: {
    readonly name: string | null;
    readonly evidence: readonly {
      readonly name: string;
      readonly source: NameSource;
      readonly observedAt: string | null;
    }[];
  };
  readonly bytesSent: number;
  readonly bytesReceived: number;
  readonly state: FlowState;
  readonly openedAt: string | null;
  readonly closedAt: string | null;
  readonly verdict: Verdict;
}

export interface ProcessJson {
  readonly pid: number;
  /** ns of CLOCK_BOOTTIME; with the pid it names one process for good. */
  readonly startTimeNs: number;
  readonly exe: string | null;
  readonly argv: readonly string[] | null;
  readonly comm: string;
  readonly uid: number | null;
  readonly ancestors: readonly Ancestor[];
  readonly cgroup: string | null;
}

export function flowToJson(flow: Flow, process: Process | null, bootWallMs: number): FlowJson {
  return {
    schemaVersion: FLOW_SCHEMA_VERSION,
    process: process === null ? null : processToJson(process),
    transport: flow.transport,
    direction: flow.direction,
    local: { address: flow.local.address, port: flow.local.port },
    remote: { address: flow.remote.address, port: flow.remote.port },
    destination: {
      name: flow.naming.name,
      evidence: flow.naming.evidence.map(({ name, source, observedAtNs }) => ({
        name,
        source,
        observedAt: isoTime(bootWallMs, observedAtNs),
      })),
    },
    bytesSent: flow.bytesSent,
    bytesReceived: flow.bytesReceived,
    state: flow.state,
    // What was there before us opened at a time nobody told us.
    openedAt: flow.isOlderThanCapture ? null : isoTime(bootWallMs, flow.openedAtNs),
    closedAt: flow.closedAtNs === null ? null : isoTime(bootWallMs, flow.closedAtNs),
    verdict: flow.verdict,
  };
}

const processToJson = (process: Process): ProcessJson => ({
  pid: process.pid,
  startTimeNs: process.startTimeNs,
  exe: process.exe,
  argv: process.argv,
  comm: process.comm,
  uid: process.uid,
  ancestors: process.ancestors.map(({ pid, exe }) => ({ pid, exe })),
  cgroup: process.cgroup,
});
