/** Flows opened a moment ago without a name of their own: an answer may still be on its way (N20). */
import { LATE_ANSWER_NS } from "../naming/resolver-answers.ts";
import type { FlowEntry } from "./entries.ts";
import { createFifo } from "./fifo.ts";

export interface WaitingFlows {
  readonly add: (flow: FlowEntry) => void;
  readonly at: (address: string) => readonly FlowEntry[];
  readonly expire: (nowNs: number) => void;
  readonly size: () => number;
}

/** 5 s of 10,000 flows a second; past it the oldest stop waiting. */
const MAX_WAITING = 50_000;
/** Work an answer can cause: a storm to one address is named by its newest flows first. */
const MAX_PER_ADDRESS = 256;

export function createWaitingFlows(): WaitingFlows {
  const byAddress = new Map<string, FlowEntry[]>();
  const order = createFifo<FlowEntry>();

  function drop(flow: FlowEntry): void {
    const flows = byAddress.get(flow.remote.address);
    // Both lists are in the order of opening, so the oldest of all is the first of its address, if still there.
    if (flows === undefined || flows[0] !== flow) return;
    flows.shift();
    if (flows.length === 0) byAddress.delete(flow.remote.address);
  }

  function add(flow: FlowEntry): void {
    const flows = byAddress.get(flow.remote.address);
    if (flows === undefined) byAddress.set(flow.remote.address, [flow]);
    else {
      flows.push(flow);
      if (flows.length > MAX_PER_ADDRESS) flows.shift();
    }
    order.push(flow);
    if (order.size() <= MAX_WAITING) return;
    const oldest = order.shift();
    if (oldest !== undefined) drop(oldest);
  }

  function expire(nowNs: number): void {
    for (let flow = order.peek(); flow !== undefined; flow = order.peek()) {
      if (flow.openedAtNs + LATE_ANSWER_NS > nowNs) return;
      order.shift();
      drop(flow);
    }
  }

  return { add, at: (address) => byAddress.get(address) ?? [], expire, size: () => order.size() };
}
