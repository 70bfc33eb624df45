/** The verdict on a contact whose names cannot be told apart: only what is true of all of them. */
import type { Verdict } from "../model/verdict.ts";
import type { Classifier, Contact } from "./contact.ts";

function shared<T>(values: readonly T[]): T | null {
  const [first] = values;
  return first !== undefined && values.every((value) => value === first) ? first : null;
}

/** More would not be read. */
const MAX_SPELLED_OUT = 3;

function spellOut(names: readonly string[]): string {
  if (names.length <= MAX_SPELLED_OUT) return names.join(" or ");
  return `${names.slice(0, MAX_SPELLED_OUT - 1).join(", ")} or ${names.length - MAX_SPELLED_OUT + 1} others`;
}

/** `candidates` likeliest first, at least one. */
export function classifyCandidates(classifier: Classifier, contact: Contact, candidates: readonly string[]): Verdict {
  const verdicts = candidates.map((name) => classifier.classify({ ...contact, name }));
  const [likeliest] = verdicts;
  const category = shared(verdicts.map((verdict) => verdict.category));
  const unnamed = classifier.classify(contact);
  const owner = shared(verdicts.map((verdict) => verdict.owner));
  if (likeliest === undefined || category === null || category === "unknown") {
    const reason = category === null ? "and they are for different things" : "and no rule names them";
    return { ...unnamed, owner, evidence: `It is ${spellOut(candidates)}, ${reason}.` };
  }
  return {
    ...likeliest,
    vendor: shared(verdicts.map((verdict) => verdict.vendor)),
    owner,
    ruleId: shared(verdicts.map((verdict) => verdict.ruleId)),
    // Which of them it was is not known, so nothing is confirmed.
    confidence: likeliest.confidence === "confirmed" ? "suspected" : likeliest.confidence,
    evidence: `It is ${spellOut(candidates)}, which cannot be told apart; all of them are for the same: ${likeliest.evidence}`,
  };
}
