/**
 * The graph, kept current flow by flow. Sums change when a flow changes; nodes
 * and edges are rebuilt only for what changed since they were last asked for,
 * and everything else keeps its object, so that a diff is a comparison of
 * identities. Ended flows stay in the sums; only the newest are kept whole.
 */
import type { Classifier } from "../classify/contact.ts";
import { EMPTY_GRAPH } from "../graph/diff-graph.ts";
import type { Graph, GraphEdge, GraphNode } from "../graph/graph.ts";
import { identifyProgram } from "../graph/program-identity.ts";
import type { EdgeId, NodeId } from "../model/ids.ts";
import type { Naming } from "../model/name-evidence.ts";
import type { ContainerName } from "../model/process-context.ts";
import { buildDestination, buildEdge, buildProgram, NO_VERDICT } from "./build-graph.ts";
import { createContainerNames } from "./container-names.ts";
import { classify, join, judge, leave, noteNames, serviceOf } from "./edge-membership.ts";
import type { EdgeState, FlowEntry, ProgramState } from "./entries.ts";
import { createFifo } from "./fifo.ts";
import { edgeFor, type GraphTables, MAX_EDGES, touch } from "./graph-edges.ts";
import { addBytes, MAX_ENDED_PER_EDGE, noteMeasured, noteSeen, removeLive } from "./graph-state.ts";
import type { LookupCounts } from "./lookup-counts.ts";
import type { ProcessImage } from "./process-entry.ts";

export interface LiveGraph {
  /** Draws a flow, or moves it where it belongs by now. */
  readonly place: (flow: FlowEntry) => void;
  /** Takes a flow and its sums out again. */
  readonly remove: (flow: FlowEntry) => void;
  /** Gives a flow its (better) name and moves it there. */
  readonly rename: (flow: FlowEntry, naming: Naming) => void;
  readonly addBytes: (flow: FlowEntry, sent: number, received: number) => void;
  /** Sets `flow.state`; the failure's reason must be set before. */
  readonly changeState: (flow: FlowEntry, state: FlowEntry["state"]) => void;
  /** Sets what TCP measured of the flow. */
  readonly measure: (flow: FlowEntry, measures: Measures) => void;
  /** The flow will not change any more. */
  readonly settle: (flow: FlowEntry) => void;
  /** Judges a flow that is not drawn: the other end of one that is. */
  readonly judgeUndrawn: (flow: FlowEntry) => void;
  /** A process exited or runs another program now: its program must say so. */
  readonly endImage: (image: ProcessImage) => void;
  /** Their executables or arguments became known late: draws and judges their flows again. */
  readonly reidentify: (images: readonly ProcessImage[]) => void;
  /** What containers are called: programs in them must say so. */
  readonly nameContainers: (names: readonly ContainerName[]) => void;
  readonly graph: () => Graph;
  readonly edge: (id: EdgeId) => EdgeState | undefined;
  readonly edges: () => Iterable<EdgeState>;
  readonly evictedEdges: () => number;
}

export type Measures = Pick<FlowEntry, "handshakeNs" | "rttUs" | "retransmits">;

/** All edges together; with about 1 kB each some 64 MB. The newest are kept. */
const MAX_ENDED_FLOWS = 65_536;

function place(state: GraphTables, flow: FlowEntry): void {
  const edge = edgeFor(state, flow);
  if (flow.edge === edge) {
    noteNames(edge, flow);
    touch(state, edge);
    return;
  }
  // The new edge exists by now, so that leaving the old one cannot make their shared node vanish.
  leave(state, flow);
  join(state, edge, flow);
}

function rename(state: GraphTables, flow: FlowEntry, naming: Naming): void {
  const { edge } = flow;
  const contradictions = Number(naming.isContradicted) - Number(flow.naming.isContradicted);
  flow.naming = naming;
  // An evicted edge took the sums of its flows with it: they are not drawn again.
  if (edge === null || state.edges.get(edge.id) !== edge) return;
  edge.contradictedCount += contradictions;
  place(state, flow);
}

/** Its flows go to the program it is now known to be. */
function moveImage(state: GraphTables, image: ProcessImage, program: ProgramState): void {
  state.programOfImage.delete(image);
  program.images.splice(program.images.indexOf(image) >>> 0, 1);
  program.imageCount -= 1;
  program.running.delete(image);
  for (const edge of [...program.edges, ...program.callers]) {
    edge.newestImage = null;
    edge.newestPeer = null;
    for (const flow of [...edge.ended, ...edge.live]) {
      if (flow.image === image || flow.peer === image) place(state, flow);
    }
  }
}

function judgeAnew(state: GraphTables, program: ProgramState): void {
  for (const edge of program.edges) {
    for (const service of edge.services.values()) service.verdict = null;
    for (const flow of [...edge.ended, ...edge.live]) judge(state, flow, serviceOf(edge, flow));
  }
}

/** Judging takes all flows of a program, so images are taken together: a busy server's workers share theirs. */
function reidentify(state: GraphTables, images: readonly ProcessImage[]): void {
  const programs = new Set<ProgramState>();
  for (const image of images) {
    const program = state.programOfImage.get(image);
    if (program === undefined) continue;
    programs.add(program);
    state.dirtyPrograms.add(program);
    if (identifyProgram(image.facts).id !== program.identity.id) moveImage(state, image, program);
  }
  for (const program of programs) judgeAnew(state, program);
}

function nameContainers(state: GraphTables, names: readonly ContainerName[]): void {
  if (!state.containerNames.learn(names)) return;
  for (const program of state.programs.values()) {
    if (program.identity.container !== null) state.dirtyPrograms.add(program);
  }
}

function changeState(state: GraphTables, flow: FlowEntry, next: FlowEntry["state"]): void {
  const { edge } = flow;
  if (edge !== null) {
    if (flow.state === "open") edge.openCount -= 1;
    if (flow.state === "failed") edge.failedCount -= 1;
    if (next === "open") edge.openCount += 1;
    if (next === "failed") {
      edge.failedCount += 1;
      if (flow.failure !== null) edge.lastFailure = flow.failure;
    }
    if (next === "closed" && flow.failure !== null) edge.brokenCount += 1;
    noteSeen(edge, flow.openedAtNs, flow.lastActiveNs);
    touch(state, edge);
  }
  flow.state = next;
}

function measure(state: GraphTables, flow: FlowEntry, measures: Measures): void {
  const sentAgain = (measures.retransmits ?? 0) - (flow.retransmits ?? 0);
  Object.assign(flow, measures);
  if (flow.edge === null) return;
  flow.edge.retransmits += sentAgain;
  noteMeasured(flow.edge, flow);
  touch(state, flow.edge);
}

function forgetOldest(state: GraphTables): void {
  state.ended.shift()?.ended.shift();
}

function settle(state: GraphTables, flow: FlowEntry): void {
  const { edge } = flow;
  if (edge === null) return;
  removeLive(edge, flow);
  edge.ended.push(flow);
  if (edge.ended.length > MAX_ENDED_PER_EDGE) edge.ended.shift();
  else state.ended.push(edge);
  if (state.ended.size() > MAX_ENDED_FLOWS) forgetOldest(state);
  touch(state, edge);
}

function rebuild(state: GraphTables): Graph {
  for (const id of state.lookupCounts.changed()) {
    const program = state.programs.get(id);
    if (program !== undefined) state.dirtyPrograms.add(program);
  }
  const { dirtyEdges, dirtyPrograms, dirtyDestinations } = state;
  if (dirtyEdges.size + dirtyPrograms.size + dirtyDestinations.size === 0) return state.graph;
  const nodes = new Map<NodeId, GraphNode>(state.graph.nodes);
  const edges = new Map<EdgeId, GraphEdge>(state.graph.edges);
  for (const edge of dirtyEdges) {
    edge.isDirty = false;
    if (state.edges.get(edge.id) === edge) edges.set(edge.id, buildEdge(edge));
    else if (!state.edges.has(edge.id)) edges.delete(edge.id);
  }
  for (const program of dirtyPrograms) {
    const { id } = program.identity;
    if (state.programs.get(id) === program)
      nodes.set(id, buildProgram(program, state.lookupCounts.of(id), state.containerNames));
    else if (!state.programs.has(id)) nodes.delete(id);
  }
  for (const destination of dirtyDestinations) {
    const { id } = destination.identity;
    if (state.destinations.get(id) === destination) nodes.set(id, buildDestination(destination));
    else if (!state.destinations.has(id)) nodes.delete(id);
  }
  for (const dirty of [dirtyEdges, dirtyPrograms, dirtyDestinations]) dirty.clear();
  state.graph = { nodes, edges };
  return state.graph;
}

export function createLiveGraph(classifier: Classifier, lookupCounts: LookupCounts): LiveGraph {
  const state: GraphTables = {
    classifier,
    lookupCounts,
    containerNames: createContainerNames(),
    programs: new Map(),
    destinations: new Map(),
    edges: new Map(),
    programOfImage: new WeakMap(),
    dirtyPrograms: new Set(),
    dirtyDestinations: new Set(),
    dirtyEdges: new Set(),
    ended: createFifo(),
    graph: EMPTY_GRAPH,
    evictedEdges: 0,
    evictAbove: MAX_EDGES,
  };
  return {
    place: (flow) => place(state, flow),
    remove: (flow) => leave(state, flow),
    rename: (flow, naming) => rename(state, flow, naming),
    addBytes: (flow, sent, received) => {
      if (flow.edge === null) return;
      addBytes(flow.edge, sent, received);
      noteSeen(flow.edge, flow.openedAtNs, flow.lastActiveNs);
      touch(state, flow.edge);
    },
    changeState: (flow, next) => changeState(state, flow, next),
    measure: (flow, measures) => measure(state, flow, measures),
    settle: (flow) => settle(state, flow),
    judgeUndrawn: (flow) => {
      if (flow.verdict === NO_VERDICT) flow.verdict = classify(classifier, flow);
    },
    endImage: (image) => {
      const program = state.programOfImage.get(image);
      if (program?.running.delete(image) === true) state.dirtyPrograms.add(program);
    },
    reidentify: (images) => reidentify(state, images),
    nameContainers: (names) => nameContainers(state, names),
    graph: () => rebuild(state),
    edge: (id) => state.edges.get(id),
    edges: () => state.edges.values(),
    evictedEdges: () => state.evictedEdges,
  };
}
