/** Mutable sums -> the immutable nodes and edges people see. Pure. */
import type { DestinationNode, GraphEdge, ProgramGroup, ProgramNode, ProgramProcess } from "../graph/graph.ts";
import { groupOfCgroup } from "../graph/program-group.ts";
import { identifyProgram, type ProgramIdentity } from "../graph/program-identity.ts";
import { helperOf } from "../identity/application.ts";
import { contextOf } from "../identity/process-context.ts";
import { containerText } from "../model/container-text.ts";
import type { EncryptedDns } from "../model/name-evidence.ts";
import type { Bundle, NamedContainer, SystemdUnit } from "../model/process-context.ts";
import { CATEGORIES, type Category, type Verdict } from "../model/verdict.ts";
import type { ContainerNames } from "./container-names.ts";
import type { DestinationState, EdgeState, ProgramState } from "./entries.ts";
import { sumOf } from "./graph-state.ts";
import type { LookupTotals } from "./lookup-counts.ts";
import type { ProcessImage } from "./process-entry.ts";

/** GraphEdge.services says 8. */
const MAX_SHOWN_SERVICES = 8;

const telling = (category: Category): number => CATEGORIES.indexOf(category);

/** Before anything was judged. The session sets a verdict with each flow's first place in an edge. */
export const NO_VERDICT: Verdict = {
  category: "unknown",
  vendor: null,
  owner: null,
  ruleId: null,
  confidence: "none",
  evidence: "Not judged yet.",
  source: null,
  optOuts: [],
};

/** The most telling verdict of an edge's services. */
export function verdictOf(edge: EdgeState): Verdict {
  let best: Verdict | null = null;
  for (const { verdict } of edge.services.values()) {
    if (verdict === null) continue;
    if (best === null || telling(verdict.category) < telling(best.category)) best = verdict;
  }
  return best ?? NO_VERDICT;
}

/** Most telling category of some edges; suspected when nothing confirms it. */
function mostTelling(edges: ReadonlySet<EdgeState>): { category: Category; isSuspected: boolean } {
  let category: Category = "unknown";
  let isSuspected = false;
  for (const edge of edges) {
    const verdict = verdictOf(edge);
    const difference = telling(verdict.category) - telling(category);
    if (difference > 0) continue;
    const isGuess = verdict.confidence === "suspected";
    isSuspected = difference < 0 ? isGuess : isSuspected && isGuess;
    category = verdict.category;
  }
  return { category, isSuspected };
}

function directionOf(edge: EdgeState): GraphEdge["direction"] {
  if (edge.inboundCount === 0) return "outbound";
  return edge.outboundCount === 0 ? "inbound" : "both";
}

/** A destination that has a name, answered on this machine. */
const answeringProgram = ({ target, newestPeer }: EdgeState): string | null =>
  target.kind === "program" || newestPeer === null ? null : identifyProgram(newestPeer.facts).label;

export const buildEdge = (edge: EdgeState): GraphEdge => ({
  id: edge.id,
  source: edge.program.identity.id,
  target: edge.target.identity.id,
  direction: directionOf(edge),
  nameSource: edge.nameSource,
  nameObservedAtNs: edge.nameObservedAtNs,
  nameAgeNs: edge.nameAgeNs,
  otherNames: edge.otherNames === null ? [] : [...edge.otherNames.values()],
  isContradicted: edge.contradictedCount > 0,
  peer: edge.target.kind === "program" ? { name: edge.name, addresses: edge.addresses.toReversed() } : null,
  answeredBy: answeringProgram(edge),
  ech: edge.ech,
  hops: edge.hops?.toReversed() ?? [],
  encryptedDns: edge.encryptedDns,
  services: [...edge.services.values()]
    .sort((a, b) => b.count - a.count)
    .slice(0, MAX_SHOWN_SERVICES)
    .map(({ transport, port }) => ({ transport, port })),
  verdict: verdictOf(edge),
  bytesSent: edge.bytesSent,
  bytesReceived: edge.bytesReceived,
  flowCount: edge.flowCount,
  openCount: edge.openCount,
  failedCount: edge.failedCount,
  lastFailure: edge.lastFailure,
  brokenCount: edge.brokenCount,
  handshakeNs: edge.handshakeNs,
  rttUs: edge.rttUs,
  retransmits: edge.retransmits,
  firstSeenNs: edge.firstSeenNs,
  lastSeenNs: edge.lastSeenNs,
});

const programProcess = ({ facts }: ProcessImage): ProgramProcess => ({
  key: facts.key,
  pid: facts.pid,
  exe: facts.exe,
  isExeDeleted: facts.isExeDeleted,
  helper: helperOf(facts)?.helper ?? null,
  argv: facts.argv,
  uid: facts.uid,
  cgroup: facts.cgroup,
  ancestors: facts.ancestors.map(({ pid, exe }) => ({ pid, exe })),
  startTimeNs: facts.startTimeNs,
  exitedAtNs: facts.exitedAtNs,
});

/** A list in the inspector: a program has one or two. */
const MAX_RESOLVERS = 8;

function resolversOf(edges: ReadonlySet<EdgeState>): readonly EncryptedDns[] {
  const found = new Map<string, EncryptedDns>();
  for (const { encryptedDns } of edges) {
    if (encryptedDns === null || found.size >= MAX_RESOLVERS) continue;
    found.set(`${encryptedDns.protocol} ${encryptedDns.resolver}`, encryptedDns);
  }
  return [...found.values()];
}

/** A list in the inspector: an application has a handful. */
const MAX_HELPERS = 8;

interface Surroundings {
  readonly group: ProgramGroup;
  readonly unit: SystemdUnit | null;
  readonly bundle: Bundle | null;
}

/** As of its newest process whose cgroup is known. */
function surroundingsOf({ images, identity }: ProgramState): Surroundings {
  const cgroup = images.findLast(({ facts }) => facts.cgroup !== null)?.facts.cgroup ?? null;
  const { unit, bundle } = contextOf(cgroup, identity.exe);
  return { group: groupOfCgroup(cgroup), unit, bundle };
}

function nameContainer({ container }: ProgramIdentity, names: ContainerNames): NamedContainer | null {
  if (container === null) return null;
  const told = names.of(container);
  return { ...container, name: told?.name ?? null, image: told?.image ?? null };
}

const helpersOf = (processes: readonly ProgramProcess[]): readonly string[] =>
  [...new Set(processes.flatMap(({ helper }) => (helper === null ? [] : [helper])))].slice(0, MAX_HELPERS);

export function buildProgram(program: ProgramState, lookups: LookupTotals, names: ContainerNames): ProgramNode {
  const { identity } = program;
  const sums = sumOf(program);
  const container = nameContainer(identity, names);
  const processes = program.images.toReversed().map(programProcess);
  return {
    kind: "program",
    id: identity.id,
    label: container === null ? identity.label : `${identity.label} in ${containerText(container)}`,
    exe: identity.exe,
    script: identity.script,
    container,
    ...surroundingsOf(program),
    helpers: helpersOf(processes),
    isExeDeleted: processes.some(({ isExeDeleted, exitedAtNs }) => isExeDeleted === true && exitedAtNs === null),
    processes,
    processCount: program.imageCount,
    isRunning: program.running.size > 0,
    ...mostTelling(program.edges),
    bytesSent: sums.bytesSent,
    bytesReceived: sums.bytesReceived,
    flowCount: sums.flowCount,
    destinationCount: program.edges.size,
    callerCount: program.callers.size,
    failedLookupCount: lookups.failed,
    unfollowedLookupCount: lookups.unfollowed,
    encryptedDns: resolversOf(program.edges),
    firstSeenNs: sums.firstSeenNs,
    lastSeenNs: sums.lastSeenNs,
  };
}

function ownerOf(edges: ReadonlySet<EdgeState>): string | null {
  for (const edge of edges) {
    const { owner } = verdictOf(edge);
    if (owner !== null) return owner;
  }
  return null;
}

export function buildDestination(destination: DestinationState): DestinationNode {
  const { identity } = destination;
  const sums = sumOf(destination);
  return {
    kind: "destination",
    id: identity.id,
    label: identity.label,
    isNamed: identity.isNamed,
    candidates: identity.candidates,
    addresses: destination.addresses.toReversed(),
    locality: destination.locality,
    owner: ownerOf(destination.edges),
    ...mostTelling(destination.edges),
    bytesSent: sums.bytesSent,
    bytesReceived: sums.bytesReceived,
    flowCount: sums.flowCount,
    programCount: destination.edges.size,
    firstSeenNs: sums.firstSeenNs,
    lastSeenNs: sums.lastSeenNs,
  };
}
