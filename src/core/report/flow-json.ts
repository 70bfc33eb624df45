/**
 * A flow as `--json` prints it, one object a line (docs/schema/flow.schema.json).
 * Unknown is null; times are ISO 8601 with milliseconds.
 */
import { helperOf } from "../identity/application.ts";
import { contextOf } from "../identity/process-context.ts";
import { displayDomain } from "../model/display-domain.ts";
import type { Endpoint, Transport } from "../model/endpoint.ts";
import type { Direction, Flow, FlowState, OpenedBy } from "../model/flow.ts";
import { isoTime } from "../model/format.ts";
import type { EchState, EncryptedDns, Hop, NameSource } from "../model/name-evidence.ts";
import type { Ancestor, Process } from "../model/process.ts";
import type { Bundle, Container, SystemdUnit } from "../model/process-context.ts";
import type { Verdict } from "../model/verdict.ts";

/** Raised when a field changes its meaning or goes; new fields do not raise it. */
export const FLOW_SCHEMA_VERSION = 1;

export interface FlowJson {
  readonly schemaVersion: typeof FLOW_SCHEMA_VERSION;
  /** null: the kernel did not tell whose socket it is. */
  readonly process: ProcessJson | null;
  /** Where another process uses the socket than the one that opened it. */
  readonly openedBy: OpenedBy | null;
  readonly transport: Transport;
  /** Of raw and packet sockets (IPPROTO_*), else null. */
  readonly ipProtocol: number | null;
  /** Of frames that are not IP, else null. */
  readonly etherType: number | null;
  readonly direction: Direction;
  readonly local: Endpoint;
  readonly remote: Endpoint;
  readonly destination: DestinationJson;
  /** The flow carries lookups, encrypted; null: not known to. */
  readonly encryptedDns: EncryptedDns | null;
  /** Who is at the other end, where that is on this machine; the same contact is then told a second time, by that end. */
  readonly peer: PeerJson | null;
  /** Payload: see Flow. */
  readonly bytesSent: number;
  readonly bytesReceived: number;
  /** null: not counted (TCP). */
  readonly packetsSent: number | null;
  readonly packetsReceived: number | null;
  readonly state: FlowState;
  readonly failure: string | null;
  readonly handshakeUs: number | null;
  readonly rttUs: number | null;
  readonly retransmits: number | null;
  readonly openedAt: string | null;
  readonly closedAt: string | null;
  readonly verdict: Verdict;
}

export interface DestinationJson {
  /** As it is sent (A-labels); null: see candidates, else only the address is known. */
  readonly name: string | null;
  /** The name as people write it, where that differs and is safe to show. */
  readonly displayName?: string;
  readonly source: NameSource | null;
  /** How old the name was when the flow opened; negative: it came later. */
  readonly ageMs: number | null;
  readonly candidates: readonly string[];
  readonly isContradicted: boolean;
  readonly ech: EchState | null;
  readonly hop: HopJson | null;
  readonly evidence: readonly {
    readonly name: string;
    readonly source: NameSource;
    readonly observedAt: string | null;
  }[];
}

export interface HopJson extends Hop, Endpoint {}

export interface PeerJson {
  readonly pid: number;
  readonly exe: string | null;
  readonly comm: string;
}

export interface ProcessJson {
  readonly pid: number;
  /** ns of CLOCK_BOOTTIME; with the pid it names one process for good. */
  readonly startTimeNs: number;
  readonly exe: string | null;
  readonly argv: readonly string[] | null;
  readonly comm: string;
  readonly uid: number | null;
  readonly ancestors: readonly Pick<Ancestor, "pid" | "exe">[];
  readonly cgroup: string | null;
  /** The file it runs is gone from its place: deleted or replaced; null: see Process. */
  readonly isExeDeleted: boolean | null;
  /** The application it is a helper of; null: none that we know. */
  readonly application: Pick<Ancestor, "pid" | "exe"> | null;
  readonly unit: SystemdUnit | null;
  readonly container: Container | null;
  readonly bundle: Bundle | null;
}

export function flowToJson(flow: Flow, process: Process | null, bootWallMs: number): FlowJson {
  return {
    schemaVersion: FLOW_SCHEMA_VERSION,
    process: process === null ? null : processToJson(process),
    openedBy: flow.openedBy,
    transport: flow.transport,
    ipProtocol: flow.ipProtocol,
    etherType: flow.etherType,
    direction: flow.direction,
    local: { address: flow.local.address, port: flow.local.port },
    remote: { address: flow.remote.address, port: flow.remote.port },
    destination: destinationToJson(flow, bootWallMs),
    encryptedDns: flow.encryptedDns,
    peer: flow.peer === null ? null : { pid: flow.peer.pid, exe: flow.peer.exe, comm: flow.peer.comm },
    bytesSent: flow.bytesSent,
    bytesReceived: flow.bytesReceived,
    packetsSent: flow.packetsSent,
    packetsReceived: flow.packetsReceived,
    state: flow.state,
    failure: flow.failure,
    handshakeUs: flow.handshakeNs === null ? null : Math.round(flow.handshakeNs / 1e3),
    rttUs: flow.rttUs,
    retransmits: flow.retransmits,
    // What was there before us opened at a time nobody told us.
    openedAt: flow.isOlderThanCapture ? null : isoTime(bootWallMs, flow.openedAtNs),
    closedAt: flow.closedAtNs === null ? null : isoTime(bootWallMs, flow.closedAtNs),
    verdict: flow.verdict,
  };
}

/** `displayName` only where a person would read something else than the name. */
export function displayNameOf(name: string | null): { readonly displayName?: string } {
  const displayName = name === null ? null : displayDomain(name);
  return displayName === null || displayName === name ? {} : { displayName };
}

function destinationToJson({ naming, openedAtNs, remote }: Flow, bootWallMs: number): DestinationJson {
  const [best] = naming.evidence;
  return {
    name: naming.name,
    ...displayNameOf(naming.name),
    source: naming.source,
    ageMs: best === undefined ? null : Math.round((openedAtNs - best.observedAtNs) / 1e6),
    candidates: naming.candidates,
    isContradicted: naming.isContradicted,
    ech: naming.ech,
    hop:
      naming.hop === null
        ? null
        : { kind: naming.hop.kind, name: naming.hop.name, address: remote.address, port: remote.port },
    evidence: naming.evidence.map(({ name, source, observedAtNs }) => ({
      name,
      source,
      observedAt: isoTime(bootWallMs, observedAtNs),
    })),
  };
}

const briefly = ({ pid, exe }: Ancestor): Pick<Ancestor, "pid" | "exe"> => ({ pid, exe });

function applicationToJson(process: Process): ProcessJson["application"] {
  const application = helperOf(process)?.application;
  return application === undefined ? null : briefly(application);
}

export const processToJson = (process: Process): ProcessJson => ({
  pid: process.pid,
  startTimeNs: process.startTimeNs,
  exe: process.exe,
  argv: process.argv,
  comm: process.comm,
  uid: process.uid,
  ancestors: process.ancestors.map(briefly),
  cgroup: process.cgroup,
  isExeDeleted: process.isExeDeleted,
  application: applicationToJson(process),
  ...contextOf(process.cgroup, process.exe),
});
