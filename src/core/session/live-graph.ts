/**
 * The graph, kept current flow by flow. Sums change when a flow changes; nodes
 * and edges are rebuilt only for what changed since they were last asked for,
 * and everything else keeps its object, so that a diff is a comparison of
 * identities. Ended flows stay in the sums; only the newest are kept whole.
 */
import type { Classifier } from "../classify/contact.ts";
import { identifyDestination } from "../graph/destination-identity.ts";
import { EMPTY_GRAPH } from "../graph/diff-graph.ts";
import type { Graph, GraphEdge, GraphNode } from "../graph/graph.ts";
import { identifyProgram } from "../graph/program-identity.ts";
import { type EdgeId, edgeId, type NodeId } from "../model/ids.ts";
import type { Naming } from "../model/name-evidence.ts";
import { isStronger } from "../naming/name-flow.ts";
import { buildDestination, buildEdge, buildProgram } from "./build-graph.ts";
import { createFifo } from "./fifo.ts";
import type { FlowEntry } from "./flow-entry.ts";
import {
  addBytes,
  addFlows,
  createDestinationState,
  createEdgeState,
  createProgramState,
  type DestinationState,
  type EdgeState,
  MAX_ADDRESSES,
  MAX_ENDED_PER_EDGE,
  MAX_IMAGES,
  MAX_OTHER_NAMES,
  MAX_SERVICES,
  noteNewest,
  noteSeen,
  type ProgramState,
  type ServiceCount,
} from "./graph-state.ts";
import type { ProcessImage } from "./process-table.ts";

export type { EdgeState } from "./graph-state.ts";

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
  /** The flow will not change any more. */
  readonly settle: (flow: FlowEntry) => void;
  /** A process ended: its program must say so. */
  readonly touchImage: (image: ProcessImage) => void;
  /** Its executable or arguments became known late: draws and judges its flows again. */
  readonly reidentify: (image: ProcessImage) => void;
  readonly graph: () => Graph;
  readonly edge: (id: EdgeId) => EdgeState | undefined;
  readonly edges: () => Iterable<EdgeState>;
  readonly evictedEdges: () => number;
}

/** All edges together; with about 1 kB each some 64 MB. The newest are kept. */
const MAX_ENDED_FLOWS = 65_536;
/** A window with this many edges is unreadable already; a port scan makes 65,535. */
const MAX_EDGES = 16_384;

interface State {
  readonly classifier: Classifier;
  readonly programs: Map<NodeId, ProgramState>;
  readonly destinations: Map<NodeId, DestinationState>;
  readonly edges: Map<EdgeId, EdgeState>;
  readonly programOfImage: WeakMap<ProcessImage, ProgramState>;
  readonly dirtyPrograms: Set<ProgramState>;
  readonly dirtyDestinations: Set<DestinationState>;
  readonly dirtyEdges: Set<EdgeState>;
  readonly ended: ReturnType<typeof createFifo<FlowEntry>>;
  graph: Graph;
  evictedEdges: number;
}

function touch(state: State, edge: EdgeState): void {
  state.dirtyEdges.add(edge);
  state.dirtyPrograms.add(edge.program);
  state.dirtyDestinations.add(edge.destination);
}

function getOrCreate<K, V>(map: Map<K, V>, key: K, create: () => V): V {
  const found = map.get(key);
  if (found !== undefined) return found;
  const value = create();
  map.set(key, value);
  return value;
}

function programFor(state: State, image: ProcessImage | null): ProgramState {
  const known = image === null ? undefined : state.programOfImage.get(image);
  if (known !== undefined && state.programs.get(known.identity.id) === known) return known;
  const identity = identifyProgram(image?.facts ?? null);
  return getOrCreate(state.programs, identity.id, () => createProgramState(identity));
}

function edgeFor(state: State, flow: FlowEntry): EdgeState {
  const program = programFor(state, flow.image);
  const identity = identifyDestination({
    name: flow.naming.name,
    remote: flow.remote,
    locality: flow.locality,
    direction: flow.direction,
  });
  const id = edgeId(program.identity.id, identity.id);
  const found = state.edges.get(id);
  if (found !== undefined) return found;
  const destination = getOrCreate(state.destinations, identity.id, () =>
    createDestinationState(identity, flow.locality),
  );
  const edge = createEdgeState(id, program, destination);
  program.edges.add(edge);
  destination.edges.add(edge);
  state.edges.set(id, edge);
  if (state.edges.size > MAX_EDGES) evictEdges(state, edge);
  return edge;
}

/** The service is the far port of what we call, and our own port where we are called. */
function serviceOf(edge: EdgeState, flow: FlowEntry): ServiceCount {
  const port = flow.direction === "outbound" ? flow.remote.port : flow.local.port;
  const key = `${flow.transport}/${port}`;
  const found = edge.services.get(key);
  if (found !== undefined) return found;
  const service = { transport: flow.transport, port, count: 0, verdict: null };
  if (edge.services.size < MAX_SERVICES) edge.services.set(key, service);
  return service;
}

/** One verdict a service of an edge: program, name and port decide, and those are the same for its flows. */
function judge(state: State, flow: FlowEntry, service: ServiceCount): void {
  if (service.verdict === null) {
    const facts = flow.image?.facts ?? null;
    service.verdict = state.classifier.classify({
      name: flow.naming.name,
      remote: flow.remote,
      locality: flow.locality,
      transport: flow.transport,
      exe: facts?.exe ?? null,
      filename: facts?.filename ?? null,
      argv: facts?.argv ?? null,
      comm: facts?.comm ?? null,
    });
  }
  flow.verdict = service.verdict;
}

function noteNames(edge: EdgeState, flow: FlowEntry): void {
  const { name, source, evidence } = flow.naming;
  if (source !== null && isStronger(source, edge.nameSource)) edge.nameSource = source;
  for (const item of evidence) {
    if (item.name === name) continue;
    const before = edge.otherNames.get(item.name);
    if (before === undefined && edge.otherNames.size >= MAX_OTHER_NAMES) continue;
    if (before === undefined || isStronger(item.source, before.source)) edge.otherNames.set(item.name, item);
  }
}

function noteImage(state: State, edge: EdgeState, image: ProcessImage | null): void {
  if (image === null) return;
  const isNew = state.programOfImage.get(image) !== edge.program;
  state.programOfImage.set(image, edge.program);
  if (isNew) edge.program.imageCount += 1;
  noteNewest(edge.program.images, image, MAX_IMAGES);
}

/** Adds (sign 1) or takes away (sign -1) everything one flow counts for. */
function countFlow(edge: EdgeState, flow: FlowEntry, service: ServiceCount, sign: 1 | -1): void {
  addFlows(edge, sign);
  addBytes(edge, sign * flow.bytesSent, sign * flow.bytesReceived);
  service.count += sign;
  if (flow.direction === "outbound") edge.outboundCount += sign;
  else edge.inboundCount += sign;
  if (flow.naming.isContradicted) edge.contradictedCount += sign;
  if (flow.state === "open") edge.openCount += sign;
  if (flow.state === "failed") edge.failedCount += sign;
}

function join(state: State, edge: EdgeState, flow: FlowEntry): void {
  flow.edge = edge;
  if (flow.isFinal) edge.ended.push(flow);
  else edge.live.add(flow);
  const service = serviceOf(edge, flow);
  judge(state, flow, service);
  countFlow(edge, flow, service, 1);
  if (flow.failure !== null) edge.lastFailure = flow.failure;
  noteSeen(edge, flow.openedAtNs, flow.lastActiveNs);
  noteNames(edge, flow);
  noteImage(state, edge, flow.image);
  noteNewest(edge.destination.addresses, flow.remote.address, MAX_ADDRESSES);
  edge.destination.locality = flow.locality;
  touch(state, edge);
}

function leave(state: State, flow: FlowEntry): void {
  const { edge } = flow;
  if (edge === null) return;
  flow.edge = null;
  edge.live.delete(flow);
  const index = edge.ended.indexOf(flow);
  if (index >= 0) edge.ended.splice(index, 1);
  const service = serviceOf(edge, flow);
  countFlow(edge, flow, service, -1);
  if (service.count <= 0) edge.services.delete(`${service.transport}/${service.port}`);
  touch(state, edge);
  if (edge.flowCount <= 0) dropEdge(state, edge);
}

/** Nodes without edges vanish. */
function dropEdge(state: State, edge: EdgeState): void {
  const { program, destination } = edge;
  state.edges.delete(edge.id);
  program.edges.delete(edge);
  destination.edges.delete(edge);
  touch(state, edge);
  if (program.edges.size === 0) state.programs.delete(program.identity.id);
  if (destination.edges.size === 0) state.destinations.delete(destination.identity.id);
}

/** Drops the eighth of the edges that was quiet for longest; flows still running keep theirs. */
function evictEdges(state: State, spared: EdgeState): void {
  const quiet = [...state.edges.values()]
    .filter((edge) => edge.live.size === 0 && edge !== spared)
    .sort((a, b) => a.lastSeenNs - b.lastSeenNs)
    .slice(0, MAX_EDGES / 8);
  for (const edge of quiet) {
    for (const flow of edge.ended) flow.edge = null;
    addBytes(edge, -edge.bytesSent, -edge.bytesReceived);
    addFlows(edge, -edge.flowCount);
    dropEdge(state, edge);
    state.evictedEdges += 1;
  }
}

function place(state: State, flow: FlowEntry): void {
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

function rename(state: State, flow: FlowEntry, naming: Naming): void {
  const { edge } = flow;
  const contradictions = Number(naming.isContradicted) - Number(flow.naming.isContradicted);
  flow.naming = naming;
  if (edge === null) return;
  edge.contradictedCount += contradictions;
  place(state, flow);
}

function reidentify(state: State, image: ProcessImage): void {
  const program = state.programOfImage.get(image);
  if (program === undefined) return;
  state.dirtyPrograms.add(program);
  const isMoving = identifyProgram(image.facts).id !== program.identity.id;
  if (isMoving) {
    state.programOfImage.delete(image);
    program.images.splice(program.images.indexOf(image) >>> 0, 1);
    program.imageCount -= 1;
  }
  for (const edge of [...program.edges]) {
    for (const service of edge.services.values()) service.verdict = null;
    for (const flow of [...edge.ended, ...edge.live]) {
      if (isMoving && flow.image === image) place(state, flow);
      else judge(state, flow, serviceOf(edge, flow));
    }
  }
}

function changeState(state: State, flow: FlowEntry, next: FlowEntry["state"]): void {
  const { edge } = flow;
  if (edge !== null) {
    if (flow.state === "open") edge.openCount -= 1;
    if (flow.state === "failed") edge.failedCount -= 1;
    if (next === "open") edge.openCount += 1;
    if (next === "failed") {
      edge.failedCount += 1;
      if (flow.failure !== null) edge.lastFailure = flow.failure;
    }
    noteSeen(edge, flow.openedAtNs, flow.lastActiveNs);
    touch(state, edge);
  }
  flow.state = next;
}

function forgetOldest(state: State): void {
  const oldest = state.ended.shift();
  if (oldest?.edge?.ended[0] === oldest) oldest?.edge?.ended.shift();
}

function settle(state: State, flow: FlowEntry): void {
  const { edge } = flow;
  if (edge === null) return;
  edge.live.delete(flow);
  edge.ended.push(flow);
  if (edge.ended.length > MAX_ENDED_PER_EDGE) edge.ended.shift();
  state.ended.push(flow);
  if (state.ended.size() > MAX_ENDED_FLOWS) forgetOldest(state);
  touch(state, edge);
}

function rebuild(state: State): Graph {
  const { dirtyEdges, dirtyPrograms, dirtyDestinations } = state;
  if (dirtyEdges.size + dirtyPrograms.size + dirtyDestinations.size === 0) return state.graph;
  const nodes = new Map<NodeId, GraphNode>(state.graph.nodes);
  const edges = new Map<EdgeId, GraphEdge>(state.graph.edges);
  for (const edge of dirtyEdges) {
    if (state.edges.get(edge.id) === edge) edges.set(edge.id, buildEdge(edge));
    else if (!state.edges.has(edge.id)) edges.delete(edge.id);
  }
  for (const program of dirtyPrograms) {
    const { id } = program.identity;
    if (state.programs.get(id) === program) nodes.set(id, buildProgram(program));
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

export function createLiveGraph(classifier: Classifier): LiveGraph {
  const state: State = {
    classifier,
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
    settle: (flow) => settle(state, flow),
    touchImage: (image) => {
      const program = state.programOfImage.get(image);
      if (program !== undefined) state.dirtyPrograms.add(program);
    },
    reidentify: (image) => reidentify(state, image),
    graph: () => rebuild(state),
    edge: (id) => state.edges.get(id),
    edges: () => state.edges.values(),
    evictedEdges: () => state.evictedEdges,
  };
}
