/** What one flow counts for in its edge: adds it, and takes exactly that away again when it moves. */
import { classifyCandidates } from "../classify/classify-candidates.ts";
import type { Classifier } from "../classify/contact.ts";
import type { Transport } from "../model/endpoint.ts";
import { formatEndpoint } from "../model/format.ts";
import type { Naming } from "../model/name-evidence.ts";
import type { Verdict } from "../model/verdict.ts";
import { isStronger } from "../naming/strength.ts";
import type { EdgeState, FlowEntry, ProgramState, ServiceCount } from "./entries.ts";
import { dropEdge, type GraphTables, touch } from "./graph-edges.ts";
import {
  addBytes,
  addLive,
  MAX_ADDRESSES,
  MAX_HOPS,
  MAX_IMAGES,
  MAX_OTHER_NAMES,
  MAX_SERVICES,
  noteMeasured,
  noteNewest,
  noteSeen,
  removeLive,
} from "./graph-state.ts";
import type { ProcessImage } from "./process-entry.ts";

/** The service is the far port of what we call, and our own port where we are called. */
export function serviceOf(edge: EdgeState, flow: FlowEntry): ServiceCount {
  const port = flow.direction === "outbound" ? flow.remote.port : flow.local.port;
  const key = serviceKey(flow.transport, port);
  const found = edge.services.get(key);
  if (found !== undefined) return found;
  const service = { transport: flow.transport, port, count: 0, verdict: null };
  if (edge.services.size < MAX_SERVICES) edge.services.set(key, service);
  return service;
}

const TRANSPORT_NUMBERS: Readonly<Record<Transport, number>> = {
  tcp: 0,
  udp: 1,
  icmp: 2,
  other: 3,
  sctp: 4,
  raw: 5,
  packet: 6,
};

/** A small integer: every flow looks its service up. */
const serviceKey = (transport: Transport, port: number): number => port * 8 + TRANSPORT_NUMBERS[transport];

export function classify(classifier: Classifier, flow: FlowEntry): Verdict {
  const facts = flow.image?.facts ?? null;
  const contact = {
    name: flow.naming.name,
    remote: flow.remote,
    locality: flow.locality,
    transport: flow.transport,
    exe: facts?.exe ?? null,
    filename: facts?.filename ?? null,
    argv: facts?.argv ?? null,
    comm: facts?.comm ?? null,
  };
  const { candidates } = flow.naming;
  return candidates.length === 0 ? classifier.classify(contact) : classifyCandidates(classifier, contact, candidates);
}

/** One verdict a service of an edge: program, name and port decide, and those are the same for its flows. */
export function judge(state: GraphTables, flow: FlowEntry, service: ServiceCount): void {
  service.verdict ??= classify(state.classifier, flow);
  flow.verdict = service.verdict;
}

/** When the name was seen, for the newest flow that is known the strongest way. */
function noteNameAge(edge: EdgeState, flow: FlowEntry): void {
  const { name, source, evidence, candidates } = flow.naming;
  const isTold = source !== null && (isStronger(source, edge.nameSource) || source === edge.nameSource);
  if (!isTold) return;
  if (source === edge.nameSource && flow.openedAtNs < edge.namedFlowOpenedAtNs) return;
  const chosen = name ?? candidates[0];
  const told = evidence.find((item) => item.name === chosen);
  edge.nameSource = source;
  edge.name = chosen ?? null;
  edge.nameObservedAtNs = told?.observedAtNs ?? null;
  edge.nameAgeNs = told === undefined ? null : flow.openedAtNs - told.observedAtNs;
  edge.namedFlowOpenedAtNs = flow.openedAtNs;
}

function noteOtherNames(edge: EdgeState, { name, evidence }: Naming): void {
  if (evidence.length === 1 && name !== null) return; // its own: most flows know no other
  for (const item of evidence) {
    if (item.name === name) continue;
    edge.otherNames ??= new Map();
    const before = edge.otherNames.get(item.name);
    if (before === undefined && edge.otherNames.size >= MAX_OTHER_NAMES) continue;
    if (before === undefined || isStronger(item.source, before.source)) edge.otherNames.set(item.name, item);
  }
}

export function noteNames(edge: EdgeState, flow: FlowEntry): void {
  const { naming } = flow;
  noteNameAge(edge, flow);
  noteOtherNames(edge, naming);
  if (naming.ech !== null && edge.ech !== "outer-name") edge.ech = naming.ech;
  if (naming.hop !== null) {
    edge.hops ??= [];
    noteNewest(edge.hops, naming.hop.name ?? formatEndpoint(flow.remote), MAX_HOPS);
  }
  if (flow.encryptedDns !== null) edge.encryptedDns = flow.encryptedDns;
}

/** `isLast`: the edge noted it last, so that the program knows it. */
function noteImage(state: GraphTables, program: ProgramState, image: ProcessImage, isLast: boolean): void {
  if (!isLast) {
    const isNew = state.programOfImage.get(image) !== program;
    state.programOfImage.set(image, program);
    if (isNew) {
      program.imageCount += 1;
      if (image.facts.exitedAtNs === null) program.running.add(image);
    }
  }
  noteNewest(program.images, image, MAX_IMAGES);
}

/** Who is at the ends of an edge, by one more of its flows. */
function noteEnds(state: GraphTables, edge: EdgeState, { image, peer, remote, locality }: FlowEntry): void {
  const { program, target } = edge;
  if (image !== null) noteImage(state, program, image, edge.newestImage === image);
  edge.newestImage = image ?? edge.newestImage;
  const wasLast = edge.newestPeer === peer;
  edge.newestPeer = peer ?? edge.newestPeer;
  if (target.kind === "program") {
    if (peer !== null) noteImage(state, target, peer, wasLast);
    noteNewest(edge.addresses, remote.address, MAX_ADDRESSES);
    return;
  }
  noteNewest(target.addresses, remote.address, MAX_ADDRESSES);
  target.locality = locality;
}

/** Adds (sign 1) or takes away (sign -1) everything one flow counts for. */
function countFlow(edge: EdgeState, flow: FlowEntry, service: ServiceCount, sign: 1 | -1): void {
  edge.flowCount += sign;
  addBytes(edge, sign * flow.bytesSent, sign * flow.bytesReceived);
  service.count += sign;
  if (flow.direction === "outbound") edge.outboundCount += sign;
  else edge.inboundCount += sign;
  if (flow.naming.isContradicted) edge.contradictedCount += sign;
  if (flow.state === "open") edge.openCount += sign;
  if (flow.state === "failed") edge.failedCount += sign;
  if (flow.state === "closed" && flow.failure !== null) edge.brokenCount += sign;
  edge.retransmits += sign * (flow.retransmits ?? 0);
}

export function join(state: GraphTables, edge: EdgeState, flow: FlowEntry): void {
  flow.edge = edge;
  if (flow.isFinal) {
    edge.ended.push(flow);
    state.ended.push(edge);
  } else addLive(edge, flow);
  const service = serviceOf(edge, flow);
  judge(state, flow, service);
  countFlow(edge, flow, service, 1);
  if (flow.state === "failed" && flow.failure !== null) edge.lastFailure = flow.failure;
  noteSeen(edge, flow.openedAtNs, flow.lastActiveNs);
  noteNames(edge, flow);
  noteEnds(state, edge, flow);
  noteMeasured(edge, flow);
  touch(state, edge);
}

export function leave(state: GraphTables, flow: FlowEntry): void {
  const { edge } = flow;
  if (edge === null) return;
  flow.edge = null;
  removeLive(edge, flow);
  const index = edge.ended.indexOf(flow);
  if (index >= 0) edge.ended.splice(index, 1);
  const service = serviceOf(edge, flow);
  countFlow(edge, flow, service, -1);
  if (service.count <= 0) edge.services.delete(serviceKey(service.transport, service.port));
  touch(state, edge);
  if (edge.flowCount <= 0) dropEdge(state, edge);
}
