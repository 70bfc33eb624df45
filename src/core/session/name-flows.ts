/** Gives flows their names: at opening, when an answer comes late, and when the program names its peer itself. */
import type { PayloadEvent } from "../event/kernel-event.ts";
import type { NameEvidence, Naming } from "../model/name-evidence.ts";
import { type AnswerNaming, NO_ANSWERS, type ReceivedAnswer } from "../naming/answer.ts";
import { findNames, mergeNamings } from "../naming/find-names.ts";
import { nameFlow } from "../naming/name-flow.ts";
import { encryptedDnsOf } from "./encrypted-dns.ts";
import type { FlowEntry } from "./entries.ts";
import type { SessionState } from "./session-state.ts";
import { hear } from "./speech.ts";

const NO_LINEAGE: readonly never[] = [];
const NO_FALLBACKS: readonly NameEvidence[] = [];

/** What answers say of a flow. A contact uses them up, and shows that their lookups led somewhere. */
function askAnswers(state: SessionState, flow: FlowEntry): AnswerNaming {
  const at = state.answers.at(flow.remote.address);
  if (at === undefined) return NO_ANSWERS;
  const { process, image, openedAtNs } = flow;
  const seeker = {
    process: process?.key ?? null,
    cgroupId: image?.cgroupId ?? 0,
    execAtNs: image?.sinceNs ?? 0,
    ancestors: process?.lineage ?? NO_LINEAGE,
    openedAtNs,
  };
  return findNames(seeker, at, flow.isContact && !flow.isOlderThanCapture ? state.onAnswerUsed : null);
}

const isSameEvidence = (left: readonly NameEvidence[], right: readonly NameEvidence[]): boolean =>
  left.length === right.length &&
  left.every((item, index) => {
    const other = right[index];
    return other !== undefined && item.name === other.name && item.source === other.source;
  });

const isSame = (before: Naming, after: Naming): boolean =>
  before === after ||
  (before.name === after.name &&
    before.source === after.source &&
    before.isContradicted === after.isContradicted &&
    before.ech === after.ech &&
    before.hop?.name === after.hop?.name &&
    (before.hop === null) === (after.hop === null) &&
    before.candidates.length === after.candidates.length &&
    before.candidates.every((name, index) => name === after.candidates[index]) &&
    isSameEvidence(before.evidence, after.evidence));

/** Puts together what is known by now. A caller's address is not a destination: inbound flows stay unnamed. */
export function updateName(state: SessionState, flow: FlowEntry): void {
  if (flow.direction === "inbound") return;
  const needsFallback = flow.answers.known.length === 0;
  const naming = nameFlow(flow, needsFallback ? state.fallbacks.at(flow.remote.address) : NO_FALLBACKS);
  flow.encryptedDns = encryptedDnsOf(flow, naming, state.classifier);
  if (!isSame(flow.naming, naming)) state.graph.rename(flow, naming);
}

/** Asks the answers again: what was known stays, and what is stronger now decides. */
export function updateAnswers(state: SessionState, flow: FlowEntry): void {
  if (flow.direction === "inbound") return;
  flow.answers = mergeNamings(flow.answers, askAnswers(state, flow));
  updateName(state, flow);
}

const hasOwnAnswer = ({ answers: { source } }: FlowEntry): boolean =>
  source === "own-answer" || source === "own-lookup";

/** Its own answers have decided: what they were made of is a fifth of what an ended flow leaves behind. */
export function settleAnswers(flow: FlowEntry): void {
  if (hasOwnAnswer(flow)) flow.answers = NO_ANSWERS;
}

const isSettled = ({ isFinal, answers, naming }: FlowEntry): boolean =>
  isFinal && answers === NO_ANSWERS && naming.evidence.length > 0;

/** First naming; without an answer of its own the flow waits for a late one. */
export function nameNewFlow(state: SessionState, flow: FlowEntry): void {
  if (flow.direction === "inbound") return;
  updateAnswers(state, flow);
  if (!hasOwnAnswer(flow) && !flow.isOlderThanCapture) state.waiting.add(flow);
}

/** An answer came: flows that waited for it get their name. */
export function recordAnswer(state: SessionState, answer: ReceivedAnswer): void {
  if (answer.echPublicNames.length > 0) {
    state.publicNames.record(answer.asker.process, answer.name, answer.echPublicNames, answer.observedAtNs);
  }
  if (answer.addresses.length === 0) return;
  state.answers.record(answer);
  for (const address of answer.addresses) {
    for (const flow of state.waiting.at(address)) {
      if (isSettled(flow)) continue;
      // Of its own answers the soonest late one counts, and all whose records merely came behind the flow's.
      if (!hasOwnAnswer(flow) || answer.observedAtNs <= flow.openedAtNs) updateAnswers(state, flow);
    }
  }
}

/** The client's first bytes: a name said by the program itself, or proof that there is none. */
export function readOwnWords(state: SessionState, event: PayloadEvent, flow: FlowEntry): void {
  if (flow.direction !== "outbound" || event.direction !== "out") return;
  if (!hear(flow, event, { counters: state.counters.speech, decryption: state.decryption, ciphers: state.ciphers }))
    return;
  const { serverName, hasEch } = flow.spoken;
  if (hasEch && serverName !== null) {
    const isPublicName = state.publicNames.isKnown(flow.process?.key ?? null, serverName.name, event.timeNs);
    flow.spoken = { ...flow.spoken, isPublicName };
  }
  updateName(state, flow);
}
