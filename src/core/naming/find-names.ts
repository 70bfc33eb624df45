/**
 * What one flow may be called, from answers. Scopes are asked from the
 * strongest to the weakest; the first that has an answer decides, and the
 * names of the others stay as evidence.
 */
import type { ProcessKey } from "../model/ids.ts";
import type { NameSource } from "../model/name-evidence.ts";
import type { KnownName, StoredAnswer } from "./answer.ts";
import { decide, foldSearchDomains } from "./decide.ts";
import { type AddressAnswers, LATE_ANSWER_NS, LIFETIME_NS, SHARED_LIFETIME_NS } from "./resolver-answers.ts";
import { bySource, isStronger } from "./strength.ts";

/** The flow that wants a name, and whose answers may give it one. */
export interface NameSeeker {
  readonly process: ProcessKey | null;
  readonly cgroupId: number;
  /** Answers of this process before its last exec were another program's. */
  readonly execAtNs: number;
  /** Parents, nearest first, with when the line split off: answers after that were not inherited. */
  readonly ancestors: readonly { readonly key: ProcessKey; readonly splitAtNs: number }[];
  readonly openedAtNs: number;
}

export interface AnswerNaming {
  /** null: none, or several that cannot be told apart. */
  readonly name: string | null;
  /** Of the name, or of the likeliest candidate. */
  readonly source: NameSource | null;
  readonly candidates: readonly string[];
  /** Every distinct name, strongest source first, within a source the likeliest first. */
  readonly known: readonly KnownName[];
}

export const NO_ANSWERS: AnswerNaming = { name: null, source: null, candidates: [], known: [] };

/** One address at a CDN may be known under hundreds of names; a reader needs the likely ones. */
const MAX_KNOWN = 16;

/** Told what answers a flow may have used, by themselves or by those of its parents. */
export type OnUsed = (answer: StoredAnswer, use: AnswerUse) => void;

export interface AnswerUse {
  /** The process or one that started it was told. */
  readonly isOwnLine: boolean;
  /** The flow's name was chosen among these. */
  readonly isDeciding: boolean;
}

type Scope = "own" | "inherited" | "cgroup" | "host";

/** Which of a list counts: told at or after `fromNs` and before `untilNs`. */
interface Span {
  readonly scope: Scope;
  readonly fromNs: number;
  readonly untilNs: number;
}

const SOURCES: Readonly<Record<Scope, NameSource>> = {
  own: "own-answer",
  inherited: "inherited-answer",
  cgroup: "cgroup-answer",
  host: "host-answer",
};

const sourceOf = (scope: Scope, { via }: StoredAnswer): NameSource =>
  scope === "own" && via === "libc" ? "own-lookup" : SOURCES[scope];

/** When within the span the process was told, the newest time known; null: not within. */
function toldWithin(answer: StoredAnswer, fromNs: number, untilNs: number): number | null {
  if (answer.observedAtNs <= untilNs) return answer.observedAtNs >= fromNs ? answer.observedAtNs : null;
  return answer.sinceNs <= untilNs && answer.sinceNs >= fromNs ? answer.sinceNs : null;
}

function knownAs(answer: StoredAnswer, scope: Scope, toldAtNs: number, openedAtNs: number): KnownName {
  return {
    name: answer.name,
    source: sourceOf(scope, answer),
    observedAtNs: toldAtNs,
    aliases: answer.aliases,
    echPublicNames: answer.echPublicNames,
    isFresh: answer.freshUntilNs >= openedAtNs,
    isUnconsumed: answer.consumedAtNs >= openedAtNs,
  };
}

/** A later answer counts only where no earlier one exists, only shortly after, and the soonest only. */
function soonestLate(answers: readonly StoredAnswer[], span: Span, openedAtNs: number): StoredAnswer | null {
  let soonest: StoredAnswer | null = null;
  let soonestNs = Number.POSITIVE_INFINITY;
  for (const answer of answers) {
    const toldAtNs = lateTimeOf(answer, openedAtNs);
    if (toldAtNs <= openedAtNs || toldAtNs > openedAtNs + LATE_ANSWER_NS) continue;
    if (toldAtNs < span.fromNs || toldAtNs > span.untilNs || toldAtNs >= soonestNs) continue;
    soonest = answer;
    soonestNs = toldAtNs;
  }
  return soonest;
}

const lateTimeOf = ({ sinceNs, observedAtNs }: StoredAnswer, openedAtNs: number): number =>
  sinceNs > openedAtNs ? sinceNs : observedAtNs;

function namesWithin(
  answers: readonly StoredAnswer[],
  span: Span,
  openedAtNs: number,
  onFound: (answer: StoredAnswer) => void,
): KnownName[] {
  const found: KnownName[] = [];
  const untilNs = Math.min(span.untilNs, openedAtNs);
  for (const answer of answers) {
    const toldAtNs = toldWithin(answer, span.fromNs, untilNs);
    if (toldAtNs === null) continue;
    found.push(knownAs(answer, span.scope, toldAtNs, openedAtNs));
    onFound(answer);
  }
  if (found.length > 0) return found;
  const late = soonestLate(answers, span, openedAtNs);
  if (late === null) return found;
  onFound(late);
  return [knownAs(late, span.scope, lateTimeOf(late, openedAtNs), openedAtNs)];
}

/** Strongest scope first, the process's own answers split at its exec, then its parents', nearest first. */
function* spansOf(seeker: NameSeeker, at: AddressAnswers): Generator<readonly [readonly StoredAnswer[], Span]> {
  const { process, openedAtNs, execAtNs } = seeker;
  const oldestNs = openedAtNs - LIFETIME_NS;
  const sharedNs = openedAtNs - SHARED_LIFETIME_NS;
  const end = Number.POSITIVE_INFINITY;
  if (process !== null) {
    const own = at.ofProcess(process);
    yield [own, { scope: "own", fromNs: Math.max(execAtNs, oldestNs), untilNs: end }];
    if (own.length > 0) yield [own, { scope: "inherited", fromNs: oldestNs, untilNs: execAtNs - 1 }];
    for (const { key, splitAtNs } of seeker.ancestors) {
      yield [at.ofProcess(key), { scope: "inherited", fromNs: oldestNs, untilNs: splitAtNs }];
    }
  }
  yield [at.ofCgroup(seeker.cgroupId), { scope: "cgroup", fromNs: sharedNs, untilNs: end }];
  yield [at.ofHost(), { scope: "host", fromNs: sharedNs, untilNs: end }];
}

export function findNames(seeker: NameSeeker, at: AddressAnswers | undefined, onUsed: OnUsed): AnswerNaming {
  if (at === undefined) return NO_ANSWERS;
  let decided: AnswerNaming | null = null;
  const known: KnownName[] = [];
  for (const [answers, span] of spansOf(seeker, at)) {
    if (answers.length === 0) continue;
    const isDeciding = decided === null;
    const use = { isOwnLine: span.scope === "own" || span.scope === "inherited", isDeciding };
    const names = namesWithin(answers, span, seeker.openedAtNs, (answer) => onUsed(answer, use));
    if (names.length === 0) continue;
    const folded = span.scope === "own" ? foldSearchDomains(names) : names;
    if (isDeciding) {
      const { name, source, candidates, ordered } = decide(folded);
      decided = { name, source, candidates, known };
      known.push(...ordered);
    } else addOthers(known, folded);
  }
  if (decided === null) return NO_ANSWERS;
  if (known.length > 1) known.sort(bySource);
  known.length = Math.min(known.length, MAX_KNOWN);
  return decided;
}

/** Asked twice, the second time with more known: nothing is lost, and the stronger source decides. */
export function mergeNamings(before: AnswerNaming, after: AnswerNaming): AnswerNaming {
  if (before.known.length === 0) return after;
  if (after.known.length === 0) return before;
  const isKept = before.source !== null && after.source !== null && isStronger(before.source, after.source);
  const [best, other] = isKept ? [before, after] : [after, before];
  const known = [...best.known];
  for (const item of other.known) {
    const index = known.findIndex(({ name }) => name === item.name);
    const rival = known[index];
    if (rival === undefined) known.push(item);
    else if (isStronger(item.source, rival.source)) known[index] = item;
  }
  return { ...best, known: known.sort(bySource).slice(0, MAX_KNOWN) };
}

function addOthers(known: KnownName[], names: readonly KnownName[]): void {
  for (const item of names) if (!known.some(({ name }) => name === item.name)) known.push(item);
}
