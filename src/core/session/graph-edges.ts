/** Where the live graph keeps its nodes and edges; finds or makes the edge a flow belongs to. */
import type { Classifier } from "../classify/contact.ts";
import { type DestinationIdentity, identifyDestination, labelOfNode } from "../graph/destination-identity.ts";
import type { Graph } from "../graph/graph.ts";
import { identifyProgram } from "../graph/program-identity.ts";
import type { Locality } from "../model/endpoint.ts";
import { type EdgeId, edgeId, type NodeId } from "../model/ids.ts";
import type { Naming } from "../model/name-evidence.ts";
import { isStronger } from "../naming/strength.ts";
import type { ContainerNames } from "./container-names.ts";
import type { DestinationState, EdgeState, FlowEntry, ProgramState } from "./entries.ts";
import type { Fifo } from "./fifo.ts";
import { createDestinationState, createEdgeState, createProgramState, noteSeen } from "./graph-state.ts";
import type { LookupCounts } from "./lookup-counts.ts";
import type { ProcessImage } from "./process-entry.ts";

/** A window with this many edges is unreadable already; a port scan makes 65,535. */
export const MAX_EDGES = 16_384;
/** Looking for quiet edges walks and sorts them all, so it pays only for many new ones at a time. */
const EVICT_STEP = MAX_EDGES / 8;

export interface GraphTables {
  readonly classifier: Classifier;
  readonly lookupCounts: LookupCounts;
  readonly containerNames: ContainerNames;
  readonly programs: Map<NodeId, ProgramState>;
  readonly destinations: Map<NodeId, DestinationState>;
  readonly edges: Map<EdgeId, EdgeState>;
  readonly programOfImage: WeakMap<ProcessImage, ProgramState>;
  readonly dirtyPrograms: Set<ProgramState>;
  readonly dirtyDestinations: Set<DestinationState>;
  readonly dirtyEdges: Set<EdgeState>;
  /** An entry for each flow an edge keeps in `ended`, in the order they came: of flows it let go nothing stays. */
  readonly ended: Fifo<EdgeState>;
  graph: Graph;
  evictedEdges: number;
  /** More edges than this: time to look for quiet ones. */
  evictAbove: number;
}

export function touch(state: GraphTables, edge: EdgeState): void {
  if (edge.isDirty) return;
  edge.isDirty = true;
  state.dirtyEdges.add(edge);
  state.dirtyPrograms.add(edge.program);
  if (edge.target.kind === "program") state.dirtyPrograms.add(edge.target);
  else state.dirtyDestinations.add(edge.target);
}

function getOrCreate<K, V>(map: Map<K, V>, key: K, create: () => V): V {
  const found = map.get(key);
  if (found !== undefined) return found;
  const value = create();
  map.set(key, value);
  return value;
}

function programFor(state: GraphTables, image: ProcessImage | null): ProgramState {
  const known = image === null ? undefined : state.programOfImage.get(image);
  if (known !== undefined && state.programs.get(known.identity.id) === known) return known;
  const identity = identifyProgram(image?.facts ?? null);
  return getOrCreate(state.programs, identity.id, () => createProgramState(identity));
}

/** A destination known by its address may learn what that is called; it stays the same destination. */
function destinationFor(state: GraphTables, identity: DestinationIdentity, locality: Locality): DestinationState {
  const destination = getOrCreate(state.destinations, identity.id, () => createDestinationState(identity, locality));
  if (identity.isNamed && !destination.identity.isNamed) {
    destination.identity = identity;
    state.dirtyDestinations.add(destination);
  }
  return destination;
}

/** What tells a flow's destination apart, where that is one text; null: the identity must be worked out. */
function labelOf({ naming, remote, locality }: FlowEntry): string | null {
  if (naming.name !== null) return naming.source === "reverse-dns" ? null : naming.name;
  return naming.candidates.length > 0 || locality === "loopback" ? null : remote.address;
}

/**
 * A name the caller asked for or said is what it means to contact, be it a proxy or a tunnel of this machine that
 * answers. Else the program at the other end, which is a fact, is worth more than what others call its address.
 */
const isNamedByCaller = ({ source }: Naming): boolean => source !== null && !isStronger("inherited-answer", source);

export function edgeFor(state: GraphTables, flow: FlowEntry): EdgeState {
  const program = programFor(state, flow.image);
  if (flow.peer !== null && !isNamedByCaller(flow.naming)) {
    return edgeBetween(state, program, programFor(state, flow.peer));
  }
  const label = labelOf(flow);
  if (label === null)
    return isNamelessPort(flow) ? edgeByEnd(state, program, flow) : edgeByIdentity(state, program, flow);
  const usual = program.edgeByLabel.get(label);
  if (usual !== undefined) return usual;
  const edge = edgeByIdentity(state, program, flow);
  program.edgeByLabel.set(label, edge);
  return edge;
}

/** A port of this machine that is known by nothing else: its far end identifies it. */
const isNamelessPort = ({ naming, locality, direction }: FlowEntry): boolean =>
  locality === "loopback" && direction === "outbound" && naming.name === null && naming.candidates.length === 0;

/** Spares each connection to a local server two texts and their lookups. */
function edgeByEnd(state: GraphTables, program: ProgramState, flow: FlowEntry): EdgeState {
  const usual = program.edgeByEnd.get(flow.remote);
  if (usual !== undefined && program.edges.has(usual)) return usual;
  const edge = edgeByIdentity(state, program, flow);
  program.edgeByEnd.set(flow.remote, edge);
  return edge;
}

function edgeByIdentity(state: GraphTables, program: ProgramState, flow: FlowEntry): EdgeState {
  const identity = identifyDestination({
    naming: flow.naming,
    remote: flow.remote,
    locality: flow.locality,
    direction: flow.direction,
  });
  return edgeBetween(state, program, destinationFor(state, identity, flow.locality));
}

/** Nodes without edges vanish: the caller must put a flow into it. */
function edgeBetween(state: GraphTables, program: ProgramState, target: EdgeState["target"]): EdgeState {
  const id = edgeId(program.identity.id, target.identity.id);
  const found = state.edges.get(id);
  if (found !== undefined) return found;
  const edge = createEdgeState(id, program, target);
  program.edges.add(edge);
  edgesTo(target).add(edge);
  state.edges.set(id, edge);
  if (state.edges.size > state.evictAbove) evictEdges(state, edge);
  return edge;
}

const edgesTo = (target: EdgeState["target"]): Set<EdgeState> =>
  target.kind === "program" ? target.callers : target.edges;

function dropBareNode(state: GraphTables, node: EdgeState["target"]): void {
  if (node.edges.size > 0) return;
  if (node.kind === "destination") state.destinations.delete(node.identity.id);
  else if (node.callers.size === 0) state.programs.delete(node.identity.id);
}

/** Nodes without edges vanish. */
export function dropEdge(state: GraphTables, edge: EdgeState): void {
  const { program, target } = edge;
  state.edges.delete(edge.id);
  program.edges.delete(edge);
  const label = labelOfNode(target.identity.id);
  if (program.edgeByLabel.get(label) === edge) program.edgeByLabel.delete(label);
  edgesTo(target).delete(edge);
  touch(state, edge);
  dropBareNode(state, program);
  dropBareNode(state, target);
}

/**
 * Drops the eighth of the edges that was quiet for longest; flows still running keep theirs. Where all of them run
 * (one socket can send to 65,000 addresses in a second) the next look waits for as many new edges again.
 */
function evictEdges(state: GraphTables, spared: EdgeState): void {
  const quiet = [...state.edges.values()]
    .filter((edge) => edge.live.length === 0 && edge !== spared)
    .sort((a, b) => a.lastSeenNs - b.lastSeenNs)
    .slice(0, EVICT_STEP);
  for (const edge of quiet) {
    for (const flow of edge.ended) flow.edge = null;
    for (const end of [edge.program, edge.target]) noteSeen(end, edge.firstSeenNs, edge.lastSeenNs);
    dropEdge(state, edge);
    state.evictedEdges += 1;
  }
  state.evictAbove = Math.max(MAX_EDGES, state.edges.size + EVICT_STEP - 1);
}
