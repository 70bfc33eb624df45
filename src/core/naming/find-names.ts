/**
 * What one flow may be called, from answers. Scopes are asked from the
 * strongest to the weakest; the first that has an answer decides, and the
 * names of the others stay as evidence.
 */
import type { ProcessKey } from "../model/ids.ts";
import type { NameSource } from "../model/name-evidence.ts";
import { type AnswerNaming, type KnownName, NO_ANSWERS, type StoredAnswer } from "./answer.ts";
import { decide, foldSearchDomains } from "./decide.ts";
import {
  type AddressAnswers,
  LATE_ANSWER_NS,
  LIFETIME_NS,
  namesOfCgroup,
  namesOfHost,
  namesOfProcess,
  SHARED_LIFETIME_NS,
} from "./resolver-answers.ts";
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

const isOwnLine = (scope: Scope): boolean => scope === "own" || scope === "inherited";

/** Which of a list counts: told at or after `fromNs` and before `untilNs`. */
interface Span {
  readonly scope: Scope;
  readonly fromNs: number;
  readonly untilNs: number;
  /** Whose answers do not count here: the flow's own process was asked before. */
  readonly except: ProcessKey | null;
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

/** When a flow opened at `openedAtNs` was told; `answer` is one of tellingWithin. */
const toldAt = (answer: StoredAnswer, { fromNs, untilNs }: Span, openedAtNs: number): number =>
  toldWithin(answer, fromNs, Math.min(untilNs, openedAtNs)) ?? lateTimeOf(answer, openedAtNs);

function knownAs(answer: StoredAnswer, span: Span, openedAtNs: number): KnownName {
  return {
    name: answer.name,
    source: sourceOf(span.scope, answer),
    observedAtNs: toldAt(answer, span, openedAtNs),
    aliases: answer.aliases,
    echPublicNames: answer.echPublicNames,
    isFresh: answer.freshUntilNs >= openedAtNs,
    isUnconsumed: answer.consumedAtNs >= openedAtNs && (isOwnLine(span.scope) || answer.borrowedAtNs >= openedAtNs),
  };
}

const lateTimeOf = ({ sinceNs, observedAtNs }: StoredAnswer, openedAtNs: number): number =>
  sinceNs > openedAtNs ? sinceNs : observedAtNs;

/** A later answer counts only where no earlier one exists, only shortly after, and the soonest only. */
function soonestLate(answers: readonly StoredAnswer[], span: Span, openedAtNs: number): readonly StoredAnswer[] {
  let soonest: StoredAnswer | null = null;
  let soonestNs = Number.POSITIVE_INFINITY;
  for (const answer of answers) {
    const toldAtNs = lateTimeOf(answer, openedAtNs);
    if (!isMeant(answer, span) || toldAtNs <= openedAtNs || toldAtNs > openedAtNs + LATE_ANSWER_NS) continue;
    if (toldAtNs < span.fromNs || toldAtNs > span.untilNs || toldAtNs >= soonestNs) continue;
    soonest = answer;
    soonestNs = toldAtNs;
  }
  return soonest === null ? [] : [soonest];
}

const isMeant = ({ process }: StoredAnswer, { except }: Span): boolean => except === null || process !== except;

/** Of a scope's answers those that count for the flow. */
function tellingWithin(answers: readonly StoredAnswer[], span: Span, openedAtNs: number): readonly StoredAnswer[] {
  const untilNs = Math.min(span.untilNs, openedAtNs);
  const isTelling = (answer: StoredAnswer): boolean =>
    isMeant(answer, span) && toldWithin(answer, span.fromNs, untilNs) !== null;
  if (answers.every(isTelling)) return answers;
  const telling = answers.filter(isTelling);
  return telling.length > 0 ? telling : soonestLate(answers, span, openedAtNs);
}

/** One search on its way through the scopes. */
interface Search {
  readonly openedAtNs: number;
  readonly onUsed: OnUsed;
  decided: AnswerNaming | null;
  /** Names of weaker scopes. */
  readonly others: KnownName[];
}

const isKnown = ({ decided, others }: Search, name: string): boolean =>
  decided?.known.some((known) => known.name === name) === true || others.some((known) => known.name === name);

function searchScope(search: Search, answers: readonly StoredAnswer[], span: Span): void {
  const { openedAtNs, onUsed, decided } = search;
  const use = isOwnLine(span.scope) ? OWN_LINE : FALLBACK;
  if (decided === null) {
    search.decided = decideScope(answers, span, openedAtNs, (answer) => onUsed(answer, use.deciding));
    return;
  }
  const found: KnownName[] = [];
  for (const answer of tellingWithin(answers, span, openedAtNs)) {
    onUsed(answer, use.other);
    if (!isKnown(search, answer.name)) found.push(knownAs(answer, span, openedAtNs));
  }
  if (found.length > 1) found.sort(newestFirst);
  search.others.push(...found);
}

/** Ties by name, so that the order of records decides nothing. */
const newestFirst = (a: KnownName, b: KnownName): number =>
  b.observedAtNs - a.observedAtNs || (a.name < b.name ? -1 : 1);

const OWN_LINE = {
  deciding: { isOwnLine: true, isDeciding: true },
  other: { isOwnLine: true, isDeciding: false },
} as const;
const FALLBACK = {
  deciding: { isOwnLine: false, isDeciding: true },
  other: { isOwnLine: false, isDeciding: false },
} as const;

const NO_CANDIDATES: readonly string[] = [];

function soleNaming(answer: StoredAnswer, span: Span, openedAtNs: number): AnswerNaming {
  const source = sourceOf(span.scope, answer);
  if (answer.sole?.source === source && answer.observedAtNs <= Math.min(span.untilNs, openedAtNs)) return answer.sole;
  const known = knownAs(answer, span, openedAtNs);
  const naming = { name: answer.name, source, candidates: NO_CANDIDATES, known: [known], naming: null };
  if (known.observedAtNs === answer.observedAtNs) answer.sole = naming;
  return naming;
}

function decideScope(
  answers: readonly StoredAnswer[],
  span: Span,
  openedAtNs: number,
  onUsed: (answer: StoredAnswer) => void,
): AnswerNaming | null {
  const telling = tellingWithin(answers, span, openedAtNs);
  for (const answer of telling) onUsed(answer);
  const [only] = telling;
  if (only === undefined) return null;
  if (telling.length === 1) return soleNaming(only, span, openedAtNs);
  const names = telling.map((answer) => knownAs(answer, span, openedAtNs));
  const { name, source, candidates, ordered } = decide(span.scope === "own" ? foldSearchDomains(names) : names);
  return { name, source, candidates, known: ordered.toSorted(bySource).slice(0, MAX_KNOWN), naming: null };
}

/** Strongest scope first, the process's own answers split at its exec, then its parents', nearest first. */
function searchAll(search: Search, seeker: NameSeeker, at: AddressAnswers): void {
  const { process, openedAtNs, execAtNs } = seeker;
  const oldestNs = openedAtNs - LIFETIME_NS;
  const add = (answers: readonly StoredAnswer[], scope: Scope, fromNs: number, untilNs: number): void => {
    const except = isOwnLine(scope) ? null : process;
    if (answers.length > 0) searchScope(search, answers, { scope, fromNs, untilNs, except });
  };
  if (process !== null) {
    const own = namesOfProcess(at, process);
    add(own, "own", Math.max(execAtNs, oldestNs), EVER);
    add(own, "inherited", oldestNs, execAtNs - 1);
    for (const { key, splitAtNs } of seeker.ancestors) add(namesOfProcess(at, key), "inherited", oldestNs, splitAtNs);
  }
  add(namesOfCgroup(at, seeker.cgroupId), "cgroup", openedAtNs - SHARED_LIFETIME_NS, EVER);
  add(namesOfHost(at), "host", openedAtNs - SHARED_LIFETIME_NS, EVER);
}

const EVER = Number.POSITIVE_INFINITY;

export function findNames(seeker: NameSeeker, at: AddressAnswers | undefined, onUsed: OnUsed): AnswerNaming {
  if (at === undefined) return NO_ANSWERS;
  const search: Search = { openedAtNs: seeker.openedAtNs, onUsed, decided: null, others: [] };
  searchAll(search, seeker, at);
  const { decided, others } = search;
  if (decided === null) return NO_ANSWERS;
  if (others.length === 0) return decided;
  return { ...decided, known: [...decided.known, ...others].sort(bySource).slice(0, MAX_KNOWN), naming: null };
}

/** A process's packets and its C library are one scope: neither outweighs the other. */
const scopeOf = (source: NameSource): NameSource => (source === "own-answer" ? "own-lookup" : source);

/** Asked twice, the second time with more known: nothing is lost, and the stronger source decides. */
export function mergeNamings(before: AnswerNaming, after: AnswerNaming): AnswerNaming {
  if (before.known.length === 0) return after;
  if (after.known.length === 0) return before;
  const isKept = before.source !== null && after.source !== null && isStronger(scopeOf(before.source), after.source);
  const [best, other] = isKept ? [before, after] : [after, before];
  const known = [...best.known];
  for (const item of other.known) {
    const index = known.findIndex(({ name }) => name === item.name);
    const rival = known[index];
    if (rival === undefined) known.push(item);
    else if (isStronger(item.source, rival.source)) known[index] = item;
  }
  return { ...best, known: known.sort(bySource).slice(0, MAX_KNOWN), naming: null };
}
