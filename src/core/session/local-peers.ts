/**
 * Contacts between two programs of this machine. Each end learns who the other
 * is, and the contact is drawn once: from the program that began it to the one
 * that answers. The two ends' records come in any order, so whatever is learnt
 * of one end late is looked at again from both.
 */
import type { Direction } from "../model/flow.ts";
import { NO_ANSWERS } from "../naming/answer.ts";
import { UNNAMED } from "../naming/name-flow.ts";
import { NO_VERDICT } from "./build-graph.ts";
import type { FlowEntry } from "./entries.ts";
import { nameNewFlow } from "./name-flows.ts";
import type { ProcessImage } from "./process-entry.ts";
import type { SessionState } from "./session-state.ts";

const isDrawable = ({ isContact, isMirror, edge }: FlowEntry): boolean => isContact && !isMirror && edge === null;

/**
 * Loopback reaches nobody but programs of this machine: who it is comes within microseconds, and drawing the address
 * until then would make it come and go with every connection.
 */
const isUnmet = ({ locality, peer }: FlowEntry): boolean => locality === "loopback" && peer === null;

export function draw(state: SessionState, flow: FlowEntry): void {
  if (!isDrawable(flow)) return;
  if (isUnmet(flow)) state.unmet.push(flow);
  else state.graph.place(flow);
}

/** At the latest when it ends, whoever its other end is. */
export function drawAtLast(state: SessionState, flow: FlowEntry): void {
  if (!flow.isFinal && isDrawable(flow)) state.graph.place(flow);
}

/** The other end's record is in the same batch or the next, at most 100 ms later. */
const MEET_WITHIN_NS = 200e6;

/** Those whose other end did not show up are drawn with their address. */
export function drawUnmet(state: SessionState, nowNs: number): void {
  for (let flow = state.unmet.peek(); flow !== undefined; flow = state.unmet.peek()) {
    if (flow.openedAtNs + MEET_WITHIN_NS > nowNs) return;
    state.unmet.shift();
    drawAtLast(state, flow);
  }
}

/** How well the record that opened a flow knows who began it. */
const SURENESS: Readonly<Record<FlowEntry["origin"], number>> = {
  connect: 3,
  accept: 3,
  send: 2,
  packet: 2,
  guess: 1,
  existing: 0,
};

/** Of two ends that say the same of who began, the one that is wrong: the less sure; else servers have the lower port. */
function wrongOne(flow: FlowEntry, mirror: FlowEntry): FlowEntry {
  const difference = SURENESS[flow.origin] - SURENESS[mirror.origin];
  if (difference !== 0) return difference < 0 ? flow : mirror;
  const [near, far] = [flow.local, mirror.local];
  const isServer = near.port < far.port || (near.port === far.port && near.address < far.address);
  return isServer === (flow.direction === "outbound") ? flow : mirror;
}

/** It was the other end that began. What it was called goes with that: callers have no name. */
function turnRound(state: SessionState, flow: FlowEntry): void {
  if (flow.edge !== null) state.graph.remove(flow);
  flow.direction = flow.direction === "outbound" ? "inbound" : "outbound";
  flow.isMirror = false;
  flow.answers = NO_ANSWERS;
  flow.naming = UNNAMED;
  flow.encryptedDns = null;
  flow.verdict = NO_VERDICT;
  nameNewFlow(state, flow);
}

export function learnDirection(state: SessionState, flow: FlowEntry, direction: Direction): void {
  if (flow.direction === direction) return;
  turnRound(state, flow);
  linkPeer(state, flow);
  draw(state, flow);
}

function hideInbound(state: SessionState, flow: FlowEntry, mirror: FlowEntry): void {
  if (flow.direction === mirror.direction) turnRound(state, wrongOne(flow, mirror));
  const [outbound, inbound] = flow.direction === "outbound" ? [flow, mirror] : [mirror, flow];
  outbound.isMirror = false;
  inbound.isMirror = true;
  if (inbound.edge !== null) state.graph.remove(inbound);
}

function meet(state: SessionState, flow: FlowEntry, peer: ProcessImage | null): void {
  if (peer === null) draw(state, flow);
  else if (flow.peer !== peer || flow.edge === null) {
    flow.peer = peer;
    if (flow.edge !== null || isDrawable(flow)) state.graph.place(flow);
  }
}

/**
 * Whether two flows with the same ends can be the two ends of one. Whoever may make a user namespace gives itself any
 * address in a network of its own, and IPv6 lets every program send from any: addresses of the internet prove nothing,
 * or a program could stand in front of what others, or its accomplice, contact there. Loopback is compared before.
 */
function areBothHere(flow: FlowEntry, mirror: FlowEntry): boolean {
  if (flow.locality === "loopback") return true;
  if (flow.remote.address === flow.local.address) return flow.netns === mirror.netns;
  return flow.locality !== "internet" && mirror.locality !== "internet";
}

/** Looks for the flow's other end on this machine; to be called whenever more is known of the flow. */
export function linkPeer(state: SessionState, flow: FlowEntry): void {
  const mirror = state.flows.findMirror(flow);
  if (mirror === undefined || !areBothHere(flow, mirror)) return;
  hideInbound(state, flow, mirror);
  meet(state, flow, mirror.image);
  meet(state, mirror, flow.image);
}
