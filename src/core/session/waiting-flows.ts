/** Flows opened a moment ago without a name of their own: an answer may still be on its way (N20). */
import { LATE_ANSWER_NS } from "../naming/resolver-answers.ts";
import type { FlowEntry } from "./entries.ts";

export interface WaitingFlows {
  readonly add: (flow: FlowEntry) => void;
  readonly at: (address: string) => readonly FlowEntry[];
  readonly expire: (nowNs: number) => void;
  readonly size: () => number;
}

/** 5 s of 10,000 flows a second; past it those of the address that has waited longest stop waiting. */
const MAX_WAITING = 50_000;
/**
 * Work an answer can cause, and flows that are kept alive: a storm to one
 * address is named by its newest flows first.
 */
const MAX_PER_ADDRESS = 256;

export function createWaitingFlows(): WaitingFlows {
  /** Flows of an address in the order of opening, up to twice as many as wait: they are let go in bulk. */
  const byAddress = new Map<string, FlowEntry[]>();
  let size = 0;

  function drop(flows: FlowEntry[], address: string, count: number): void {
    size -= count;
    if (count === flows.length) byAddress.delete(address);
    else flows.splice(0, count);
  }

  function makeRoom(): void {
    for (const [address, flows] of byAddress) {
      drop(flows, address, flows.length);
      return;
    }
  }

  function add(flow: FlowEntry): void {
    const { address } = flow.remote;
    const flows = byAddress.get(address);
    size += 1;
    if (flows === undefined) byAddress.set(address, [flow]);
    else {
      flows.push(flow);
      if (flows.length >= 2 * MAX_PER_ADDRESS) drop(flows, address, MAX_PER_ADDRESS);
    }
    if (size > MAX_WAITING) makeRoom();
  }

  function expire(nowNs: number): void {
    for (const [address, flows] of byAddress) {
      const firstWaiting = flows.findIndex(({ openedAtNs }) => openedAtNs + LATE_ANSWER_NS > nowNs);
      if (firstWaiting !== 0) drop(flows, address, firstWaiting < 0 ? flows.length : firstWaiting);
    }
  }

  return { add, at: (address) => byAddress.get(address)?.slice(-MAX_PER_ADDRESS) ?? [], expire, size: () => size };
}
