/**
 * Another process uses a socket than the one we were told of (docs/decisions/
 * 0016). Whoever opened a listener did not serve the connections a worker
 * accepts from it: there the user is the owner. A socket that was connected,
 * or used, and then passed on has two: the one that uses it, and the one that
 * opened it, which is kept and said.
 */
import type { FlowOwnerEvent } from "../event/kernel-event.ts";
import type { FlowEntry } from "./entries.ts";
import { transportOf } from "./flow-facts.ts";
import { adopt, handOver } from "./open-flow.ts";
import type { SessionState } from "./session-state.ts";

/** A call to connect() or sendto() is use; being bound to a listener's port is not. */
const wasItsOwn = (flow: FlowEntry, event: FlowOwnerEvent): boolean =>
  event.wasUsed || flow.origin === "connect" || flow.origin === "send";

export function applyOwner(state: SessionState, event: FlowOwnerEvent): void {
  const { cookie, endpoints, owner } = event;
  const flow = state.flows.find(cookie, transportOf(endpoints.protocol), endpoints.remote);
  if (flow === undefined || flow.isFinal) return;
  const process = state.processes.resolve(owner);
  // A process that merely calls itself something else is no other.
  if (process === null || (flow.process === process && flow.image === process.image)) return;
  if (flow.process === null || !wasItsOwn(flow, event)) adopt(state, flow, process);
  else handOver(state, flow, process);
}
