/** Gives flows their names: at opening, when an answer comes late, and when their TLS name is seen. */
import type { PayloadEvent } from "../event/kernel-event.ts";
import { nameFlow } from "../naming/name-flow.ts";
import type { NameSeeker } from "../naming/resolver-answers.ts";
import type { ResolvedName } from "../protocol/dns/resolve-answer.ts";
import { createHelloAssembler } from "../protocol/tls/assemble-hello.ts";
import { askerOf } from "./dns-traffic.ts";
import type { FlowEntry } from "./entries.ts";
import type { SessionState } from "./session-state.ts";

const seekerOf = (flow: FlowEntry): NameSeeker => ({
  process: flow.process?.key ?? null,
  cgroupId: flow.image?.cgroupId ?? 0,
  execAtNs: flow.image?.sinceNs ?? 0,
  ancestors: flow.process?.lineage ?? [],
  address: flow.remote.address,
  openedAtNs: flow.openedAtNs,
});

/** Names from all there is now. A caller's address is not a destination: inbound flows stay unnamed. */
export function updateName(state: SessionState, flow: FlowEntry): void {
  if (flow.direction === "inbound") return;
  const naming = nameFlow(flow.serverName, state.answers.candidatesFor(seekerOf(flow)));
  const { naming: before } = flow;
  const isSame =
    before.name === naming.name &&
    before.source === naming.source &&
    before.evidence.length === naming.evidence.length &&
    before.isContradicted === naming.isContradicted;
  if (!isSame) state.graph.rename(flow, naming);
}

const isNamedByItself = (flow: FlowEntry): boolean =>
  flow.naming.source === "own-answer" || flow.naming.source === "server-name";

/** First naming; without a name of its own the flow waits for a late answer. */
export function nameNewFlow(state: SessionState, flow: FlowEntry): void {
  if (flow.direction === "inbound") return;
  updateName(state, flow);
  if (!isNamedByItself(flow) && !flow.isOlderThanCapture) state.waiting.add(flow);
}

export function recordAnswers(
  state: SessionState,
  event: PayloadEvent,
  dnsFlow: FlowEntry,
  resolved: readonly ResolvedName[],
): void {
  for (const { name, aliases, addresses } of resolved) {
    state.answers.record({ asker: askerOf(dnsFlow), name, aliases, addresses, observedAtNs: event.timeNs });
    for (const address of addresses) {
      for (const flow of state.waiting.at(address)) if (!isNamedByItself(flow)) updateName(state, flow);
    }
  }
}

/** The client's first bytes on a TCP flow: a TLS name, or proof that there is none. */
export function readServerName(state: SessionState, event: PayloadEvent, flow: FlowEntry): void {
  if (flow.hello === "done" || flow.direction !== "outbound" || event.direction !== "out") return;
  flow.hello ??= createHelloAssembler();
  const result = flow.hello.push(event.streamOffset, event.data);
  if (result.status === "more") return;
  flow.hello = "done";
  if (result.status === "failed") {
    if (result.reason === "lost") state.counters.lostHellos += 1;
    else if (result.reason !== "not-tls") state.counters.malformedHellos += 1;
    return;
  }
  const { serverName } = result.hello;
  if (serverName === null) return;
  flow.serverName = { name: serverName, source: "server-name", observedAtNs: event.timeNs };
  updateName(state, flow);
}
