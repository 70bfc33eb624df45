/** Making and changing the sums behind the graph: programs, destinations, and edges between them. */
import type { DestinationIdentity } from "../graph/destination-identity.ts";
import type { ProgramIdentity } from "../graph/program-identity.ts";
import type { Locality } from "../model/endpoint.ts";
import type { EdgeId } from "../model/ids.ts";
import type { DestinationState, EdgeState, ProgramState, Sums } from "./entries.ts";

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

const emptySums = (): Sums => ({
  bytesSent: 0,
  bytesReceived: 0,
  flowCount: 0,
  firstSeenNs: Number.POSITIVE_INFINITY,
  lastSeenNs: 0,
});

export const createProgramState = (identity: ProgramIdentity): ProgramState => ({
  ...emptySums(),
  identity,
  edges: new Set(),
  edgeByLabel: new Map(),
  images: [],
  imageCount: 0,
  running: new Set(),
});

export const createDestinationState = (identity: DestinationIdentity, locality: Locality): DestinationState => ({
  ...emptySums(),
  identity,
  edges: new Set(),
  addresses: [],
  locality,
});

export const createEdgeState = (id: EdgeId, program: ProgramState, destination: DestinationState): EdgeState => ({
  ...emptySums(),
  id,
  isDirty: false,
  program,
  destination,
  live: new Set(),
  ended: [],
  services: new Map(),
  otherNames: null,
  nameSource: null,
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
});

function addTo(sums: Sums, sent: number, received: number): void {
  sums.bytesSent += sent;
  sums.bytesReceived += received;
}

/** Adds to an edge and to both its ends. */
export function addBytes(edge: EdgeState, sent: number, received: number): void {
  addTo(edge, sent, received);
  addTo(edge.program, sent, received);
  addTo(edge.destination, sent, received);
}

export function addFlows(edge: EdgeState, count: number): void {
  edge.flowCount += count;
  edge.program.flowCount += count;
  edge.destination.flowCount += count;
}

function stretch(sums: Sums, firstNs: number, lastNs: number): void {
  if (firstNs < sums.firstSeenNs) sums.firstSeenNs = firstNs;
  if (lastNs > sums.lastSeenNs) sums.lastSeenNs = lastNs;
}

export function noteSeen(edge: EdgeState, firstNs: number, lastNs: number): void {
  stretch(edge, firstNs, lastNs);
  stretch(edge.program, firstNs, lastNs);
  stretch(edge.destination, firstNs, lastNs);
}

/** Moves `item` to the newest end of a short list. Returns true when it was not there. */
export function noteNewest<T>(list: T[], item: T, limit: number): boolean {
  if (list.at(-1) === item) return false;
  const index = list.indexOf(item);
  if (index >= 0) list.splice(index, 1);
  list.push(item);
  if (list.length > limit) list.shift();
  return index < 0;
}
