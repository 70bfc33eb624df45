/** Records that tell how a known flow goes on: state, bytes, payload. */

import type { FlowBytesEvent, FlowStateEvent, PayloadEvent } from "../event/kernel-event.ts";
import type { Direction, FlowState } from "../model/flow.ts";
import { closeFlow, finalise } from "./end-flow.ts";
import { type FlowEntry, NO_RUNS, type RunTotals } from "./entries.ts";
import { failureOf, reachesNobody, transportOf } from "./flow-facts.ts";
import { ingestDns } from "./ingest-dns.ts";
import type { Measures } from "./live-graph.ts";
import { readOwnWords } from "./name-flows.ts";
import { becomeContact, createFlow, learnLocal, learnOwner, resumeFlow } from "./open-flow.ts";
import type { SessionState } from "./session-state.ts";

const TCP_ESTABLISHED = 1;
const TCP_SYN_RECV = 3;
const TCP_CLOSE = 7;

function addBytes(state: SessionState, flow: FlowEntry, sent: number, received: number): void {
  if (sent <= 0 && received <= 0) return;
  flow.bytesSent += sent;
  flow.bytesReceived += received;
  state.graph.addBytes(flow, sent, received);
}

/** Totals since the flow began; they never shrink, whatever order records come in. */
function raiseTotals(state: SessionState, flow: FlowEntry, sent: number, received: number): void {
  addBytes(state, flow, Math.max(0, sent - flow.bytesSent), Math.max(0, received - flow.bytesReceived));
}

/** Sums the runs of datagrams; see tt_flow_bytes in bpf/event.h. */
function addRun(state: SessionState, flow: FlowEntry, event: FlowBytesEvent): void {
  const before = flow.runTotals;
  if (event.run < before.run) return;
  const counted = event.run > before.run ? NO_RUNS : before;
  const sent = Math.max(counted.sent, event.bytesSent);
  const received = Math.max(counted.received, event.bytesReceived);
  const packetsSent = Math.max(counted.packetsSent, event.packetsSent);
  const packetsReceived = Math.max(counted.packetsReceived, event.packetsReceived);
  flow.runTotals = { run: event.run, sent, received, packetsSent, packetsReceived };
  flow.packetsSent += packetsSent - counted.packetsSent;
  flow.packetsReceived += packetsReceived - counted.packetsReceived;
  addBytes(state, flow, sent - counted.sent, received - counted.received);
}

/** The record that opened this flow is missing or still to come. */
function createFromLaterRecord(
  state: SessionState,
  event: FlowStateEvent | FlowBytesEvent | PayloadEvent,
  direction: Direction,
  flowState: FlowState,
): FlowEntry {
  const sibling = state.flows.ofSocket(event.cookie)[0];
  const owner = event.type === "payload" ? state.processes.resolve(event.owner) : null;
  return createFlow(state, {
    cookie: event.cookie,
    netns: sibling?.netns ?? 0,
    endpoints: event.endpoints,
    process: owner ?? sibling?.process ?? null,
    origin: "guess",
    direction,
    state: flowState,
    isContact: true,
    timeNs: event.timeNs,
    attempt: state.failedSockets.attemptsOf(event.cookie) + 1,
  });
}

function flowOfState(state: SessionState, event: FlowStateEvent): FlowEntry | undefined {
  const { local, remote } = event.endpoints;
  if (event.cookie !== 0) {
    const flow = state.flows.find(event.cookie, "tcp", remote);
    if (flow !== undefined || state.flows.wasFinal(event.cookie)) return flow;
  } else return state.flows.findByEnds({ transport: "tcp", local, remote, netns: 0 });
  const isEstablished = event.newState === TCP_ESTABLISHED;
  if (remote.port === 0 || (!isEstablished && event.bytesSent + event.bytesReceived === 0)) return undefined;
  // The server side of a handshake comes from SYN_RECV.
  return createFromLaterRecord(state, event, event.oldState === TCP_SYN_RECV ? "inbound" : "outbound", "open");
}

/** Only where connect() itself was seen: any later record opened the flow too late. */
function handshakeOf({ handshakeNs, origin, openedAtNs }: FlowEntry, event: FlowStateEvent): number | null {
  const isAnswered = event.newState === TCP_ESTABLISHED && origin === "connect" && handshakeNs === null;
  return isAnswered && event.timeNs >= openedAtNs ? event.timeNs - openedAtNs : handshakeNs;
}

/** What TCP measures; the record of the end has the last word. */
const measuresOf = (flow: FlowEntry, event: FlowStateEvent): Measures => ({
  handshakeNs: handshakeOf(flow, event),
  rttUs: event.srttUs > 0 ? event.srttUs : flow.rttUs,
  retransmits: Math.max(flow.retransmits ?? 0, event.retransmits),
});

export function applyState(state: SessionState, event: FlowStateEvent): void {
  const flow = flowOfState(state, event);
  if (flow === undefined) return;
  flow.lastActiveNs = Math.max(flow.lastActiveNs, event.timeNs);
  learnLocal(state, flow, event.endpoints.local);
  raiseTotals(state, flow, event.bytesSent, event.bytesReceived);
  state.graph.measure(flow, measuresOf(flow, event));
  if (event.newState === TCP_ESTABLISHED && flow.state === "opening") state.graph.changeState(flow, "open");
  if (event.newState !== TCP_CLOSE) return;
  if (flow.state === "opening" || flow.state === "open") flow.failure = failureOf(event);
  closeFlow(state, flow, event.timeNs);
}

/** A quiet socket's last numbers come again when it is closed. */
const isNews = ({ run, sent, received }: RunTotals, event: FlowBytesEvent): boolean =>
  event.run > run || (event.run === run && (event.bytesSent > sent || event.bytesReceived > received));

function flowOfBytes(state: SessionState, event: FlowBytesEvent): FlowEntry | undefined {
  const transport = transportOf(event.endpoints.protocol);
  const flow = state.flows.find(event.cookie, transport, event.endpoints.remote);
  if (flow !== undefined) return flow;
  const quiet = state.quiet.find(event.cookie, event.endpoints.remote);
  if (quiet !== undefined) {
    return isNews(quiet.runTotals, event) ? resumeFlow(state, quiet, event.endpoints, event.timeNs) : undefined;
  }
  if (state.flows.wasFinal(event.cookie)) return undefined;
  const isEmpty = event.bytesSent + event.bytesReceived + event.packetsSent + event.packetsReceived === 0;
  if (isEmpty || reachesNobody(transport, event.endpoints.remote)) return undefined;
  const hasSent = event.packetsSent > 0 || event.bytesSent > 0;
  return createFromLaterRecord(state, event, hasSent ? "outbound" : "inbound", "open");
}

export function applyBytes(state: SessionState, event: FlowBytesEvent): void {
  const flow = flowOfBytes(state, event);
  if (flow !== undefined) {
    const before = flow.bytesSent + flow.bytesReceived;
    learnLocal(state, flow, event.endpoints.local);
    if (event.run === 0) raiseTotals(state, flow, event.bytesSent, event.bytesReceived);
    else addRun(state, flow, event);
    const hasMoved = flow.bytesSent + flow.bytesReceived > before;
    if (hasMoved || event.packetsSent + event.packetsReceived > 0) noteDatagrams(state, flow);
    if (hasMoved) flow.lastActiveNs = Math.max(flow.lastActiveNs, event.timeNs);
  }
  if (!event.isFinal) return;
  state.quiet.forget(event.cookie, event.endpoints.remote);
  for (const ended of state.flows.ofSocket(event.cookie)) finalise(state, ended, event.timeNs);
}

/** Datagram flows have no handshake: the first datagram opens them. */
function noteDatagrams(state: SessionState, flow: FlowEntry): void {
  if (flow.transport === "tcp") return;
  becomeContact(state, flow);
  if (flow.state === "opening") state.graph.changeState(flow, "open");
}

function flowOfPayload(state: SessionState, event: PayloadEvent): FlowEntry | undefined {
  const { remote, protocol } = event.endpoints;
  const flow = state.flows.find(event.cookie, transportOf(protocol), remote);
  if (flow !== undefined) return flow;
  const quiet = state.quiet.find(event.cookie, remote);
  if (quiet !== undefined) return resumeFlow(state, quiet, event.endpoints, event.timeNs);
  if (state.flows.wasFinal(event.cookie) || remote.port === 0) return undefined;
  return createFromLaterRecord(state, event, event.direction === "in" ? "inbound" : "outbound", "open");
}

export function applyPayload(state: SessionState, event: PayloadEvent): void {
  const flow = flowOfPayload(state, event);
  if (flow === undefined) return;
  flow.lastActiveNs = Math.max(flow.lastActiveNs, event.timeNs);
  learnOwner(state, flow, event.owner);
  learnLocal(state, flow, event.endpoints.local);
  noteDatagrams(state, flow);
  if (event.kind === "dns-datagram" || event.kind === "dns-stream") ingestDns(state, event, flow);
  else readOwnWords(state, event, flow);
}
