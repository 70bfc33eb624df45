/** How flows end: closed in the kernel, their last bytes known, handed to the shell once, and kept only as sums. */
import type { FlowEntry } from "./entries.ts";
import { toFlow } from "./flow-facts.ts";
import { drawAtLast } from "./local-peers.ts";
import { settleAnswers } from "./name-flows.ts";
import type { SessionState } from "./session-state.ts";

/**
 * After a TCP close the socket's last byte record may come from another CPU's
 * buffer, and a name the resolver tells of comes behind the records of the
 * same drain (at most 100 ms). Flows that linger longer than these need cost a
 * busy server's machine: at 20,000 a second most of the memory in use was theirs.
 */
export const END_GRACE_NS = 250e6;

/** Nothing will follow for this flow. */
export function finalise(state: SessionState, flow: FlowEntry, timeNs: number): void {
  if (flow.isFinal) return;
  drawAtLast(state, flow);
  if (flow.state === "opening" || flow.state === "open") closeNow(state, flow, timeNs);
  flow.isFinal = true;
  if (flow.transport === "tcp" && flow.state === "failed") state.failedSockets.note(flow.cookie, flow.attempt);
  flow.speech = null;
  settleAnswers(flow);
  state.flows.remove(flow);
  state.dns.forget(flow);
  state.graph.settle(flow);
  report(state, flow);
}

/** Hands a flow to the shell, once. A socket that contacted nobody is no flow to a reader. */
export function report(state: SessionState, flow: FlowEntry): void {
  if (!flow.isContact || flow.isReported) return;
  flow.isReported = true;
  if (state.options.onFlowEnded === undefined) return;
  state.graph.judgeUndrawn(flow);
  state.options.onFlowEnded(toFlow(flow), flow.image?.facts ?? null);
}

/** TCP that never got an answer has failed; a datagram socket that is closed was merely closed. */
function closeNow(state: SessionState, flow: FlowEntry, timeNs: number): void {
  flow.closedAtNs = timeNs;
  const hasFailed = flow.state === "opening" && flow.transport === "tcp";
  state.graph.changeState(flow, hasFailed ? "failed" : "closed");
}

/** The kernel closed the connection; its byte record may be on its way. */
export function closeFlow(state: SessionState, flow: FlowEntry, timeNs: number): void {
  if (flow.state === "closed" || flow.state === "failed") return;
  closeNow(state, flow, timeNs);
  state.ending.push(flow);
}

export function expireEnding(state: SessionState, nowNs: number): void {
  for (let flow = state.ending.peek(); flow !== undefined; flow = state.ending.peek()) {
    const closedAtNs = flow.closedAtNs ?? 0;
    if (closedAtNs + END_GRACE_NS > nowNs) return;
    state.ending.shift();
    finalise(state, flow, closedAtNs);
  }
}

/** Linux forgets a UDP conversation after 120 s (nf_conntrack_udp_timeout_stream); QUIC idles out before. */
const DATAGRAM_IDLE_NS = 120e9;
/** tcp_syn_retries 6: a connect gives up after 127 s. Past that its end was lost. */
const OPENING_NS = 150e9;

/** Flows whose end no record tells. */
export function expireIdle(state: SessionState, nowNs: number): void {
  for (const flow of state.flows.values()) {
    const idleNs = nowNs - flow.lastActiveNs;
    const isOver =
      flow.transport === "tcp" ? flow.state === "opening" && idleNs > OPENING_NS : idleNs > DATAGRAM_IDLE_NS;
    if (!isOver) continue;
    finalise(state, flow, nowNs);
    if (flow.transport !== "tcp") state.quiet.keep(flow);
  }
}

/** About 1 kB each: 64 MB when full. An ephemeral port range holds 28,232 connections to one destination. */
const MAX_FLOWS = 65_536;

/** Makes room by letting go of the flow that opened first. */
export function limitFlows(state: SessionState, timeNs: number): void {
  while (state.flows.size() > MAX_FLOWS) {
    const oldest = state.flows.oldest();
    if (oldest === undefined) return;
    state.counters.evictedFlows += 1;
    finalise(state, oldest, timeNs);
  }
}
