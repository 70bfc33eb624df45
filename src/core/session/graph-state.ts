/** Making and changing the sums behind the graph: programs, destinations, and edges between them. */
import type { DestinationIdentity } from "../graph/destination-identity.ts";
import type { ProgramIdentity } from "../graph/program-identity.ts";
import type { Locality } from "../model/endpoint.ts";
import type { EdgeId } from "../model/ids.ts";
import type { DestinationState, EdgeState, FlowEntry, ProgramState, Seen, Sums } from "./entries.ts";

/** A list in the inspector, not an archive. */
export const MAX_IMAGES = 16;
/** DestinationNode.addresses says 16. */
export const MAX_ADDRESSES = 16;
/** Ports of one destination: a scan would fill memory; eight are shown. */
export const MAX_SERVICES = 64;
/** Other names of an edge: a CDN address may have hundreds. */
export const MAX_OTHER_NAMES = 16;
/** GraphEdge.hops says 8. */
export const MAX_HOPS = 8;
/** What flowsOfEdge can give, see FLOWS of ipc-schema. */
export const MAX_ENDED_PER_EDGE = 200;

const unseen = (): Seen => ({ firstSeenNs: Number.POSITIVE_INFINITY, lastSeenNs: 0 });

const emptySums = (): Sums => ({ ...unseen(), bytesSent: 0, bytesReceived: 0, flowCount: 0 });

export const createProgramState = (identity: ProgramIdentity): ProgramState => ({
  ...unseen(),
  kind: "program",
  identity,
  edges: new Set(),
  callers: new Set(),
  edgeByLabel: new Map(),
  edgeByEnd: new WeakMap(),
  images: [],
  imageCount: 0,
  running: new Set(),
});

export const createDestinationState = (identity: DestinationIdentity, locality: Locality): DestinationState => ({
  ...unseen(),
  kind: "destination",
  identity,
  edges: new Set(),
  addresses: [],
  locality,
});

export const createEdgeState = (
  id: EdgeId,
  program: ProgramState,
  target: DestinationState | ProgramState,
): EdgeState => ({
  ...emptySums(),
  id,
  isDirty: false,
  newestImage: null,
  newestPeer: null,
  program,
  target,
  addresses: [],
  live: [],
  ended: [],
  services: new Map(),
  otherNames: null,
  nameSource: null,
  name: null,
  nameObservedAtNs: null,
  nameAgeNs: null,
  namedFlowOpenedAtNs: 0,
  ech: null,
  hops: null,
  encryptedDns: null,
  outboundCount: 0,
  inboundCount: 0,
  openCount: 0,
  failedCount: 0,
  contradictedCount: 0,
  lastFailure: null,
  brokenCount: 0,
  retransmits: 0,
  handshakeNs: null,
  rttUs: null,
  measuredFlowOpenedAtNs: 0,
});

/** Its ends have the sums of their edges, worked out when they are asked for. */
export function addBytes(edge: EdgeState, sent: number, received: number): void {
  edge.bytesSent += sent;
  edge.bytesReceived += received;
}

export function noteSeen(edge: Seen, firstNs: number, lastNs: number): void {
  if (firstNs < edge.firstSeenNs) edge.firstSeenNs = firstNs;
  if (lastNs > edge.lastSeenNs) edge.lastSeenNs = lastNs;
}

const NO_EDGES: ReadonlySet<EdgeState> = new Set();

/** What all edges of a program or destination come to, and when that was seen (also of edges that are gone). */
export function sumOf(node: DestinationState | ProgramState): Sums {
  const sums: Sums = { ...emptySums(), firstSeenNs: node.firstSeenNs, lastSeenNs: node.lastSeenNs };
  for (const edge of node.edges) {
    sums.bytesSent += edge.bytesSent;
    sums.bytesReceived += edge.bytesReceived;
    sums.flowCount += edge.flowCount;
    noteSeen(sums, edge.firstSeenNs, edge.lastSeenNs);
  }
  for (const edge of node.kind === "program" ? node.callers : NO_EDGES) {
    if (edge.program === node) continue; // it talks to itself: counted above
    sums.bytesSent += edge.bytesReceived;
    sums.bytesReceived += edge.bytesSent;
    sums.flowCount += edge.flowCount;
    noteSeen(sums, edge.firstSeenNs, edge.lastSeenNs);
  }
  return sums;
}

/** What TCP measured, by the newest flow of the edge that told. */
export function noteMeasured(edge: EdgeState, { openedAtNs, handshakeNs, rttUs }: FlowEntry): void {
  if ((handshakeNs === null && rttUs === null) || openedAtNs < edge.measuredFlowOpenedAtNs) return;
  edge.handshakeNs = handshakeNs;
  edge.rttUs = rttUs;
  edge.measuredFlowOpenedAtNs = openedAtNs;
}

export function addLive(edge: EdgeState, flow: FlowEntry): void {
  flow.liveAt = edge.live.length;
  edge.live.push(flow);
}

/** The last one takes its place. */
export function removeLive(edge: EdgeState, flow: FlowEntry): void {
  const { liveAt } = flow;
  if (edge.live[liveAt] !== flow) return;
  const last = edge.live.pop();
  if (last === undefined || last === flow) return;
  edge.live[liveAt] = last;
  last.liveAt = liveAt;
}

/** Moves `item` to the newest end of a short list. Returns true when it was not there. */
export function noteNewest<T>(list: T[], item: T, limit: number): boolean {
  if (list[list.length - 1] === item) return false;
  const index = list.indexOf(item);
  if (index >= 0) list.splice(index, 1);
  list.push(item);
  if (list.length > limit) list.shift();
  return index < 0;
}
