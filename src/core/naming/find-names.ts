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

/** Told what answers a flow opened then may have used. */
export type OnUsed = (answer: StoredAnswer, use: AnswerUse, openedAtNs: number) => void;

export interface AnswerUse {
  /** The process or one that started it was told. */
  readonly isOwnLine: boolean;
  /** The flow's name was chosen among these. */
  readonly isDeciding: boolean;
}

type Scope = "own" | "inherited" | "cgroup" | "host";

const isOwnLine = (scope: Scope): boolean => scope === "own" || scope === "inherited";

/** One search on its way through the scopes: one object, as every flow makes one. */
interface Search {
  readonly openedAtNs: number;
  readonly onUsed: OnUsed | null;
  /** The scope it is at, and which answers of it count: told at or after `fromNs` and before `untilNs`. */
  scope: Scope;
  fromNs: number;
  untilNs: number;
  /** Whose answers do not count there: the flow's own process was asked before. */
  except: ProcessKey | null;
  decided: AnswerNaming | null;
  /** Names of weaker scopes; null: none. */
  others: KnownName[] | null;
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

const lateTimeOf = ({ sinceNs, observedAtNs }: StoredAnswer, openedAtNs: number): number =>
  sinceNs > openedAtNs ? sinceNs : observedAtNs;

const isFrom = (timeNs: number | null, openedAtNs: number): boolean => timeNs === null || timeNs >= openedAtNs;

/** The flow itself may be the one that used it. */
const isUnused = ({ consumedAtNs, borrowedAtNs }: StoredAnswer, scope: Scope, openedAtNs: number): boolean =>
  isFrom(consumedAtNs, openedAtNs) && (isOwnLine(scope) || isFrom(borrowedAtNs, openedAtNs));

/** `answer` is one of tellingAt. */
function knownAs(answer: StoredAnswer, { scope, fromNs, untilNs, openedAtNs }: Search): KnownName {
  const told = toldWithin(answer, fromNs, Math.min(untilNs, openedAtNs));
  return {
    name: answer.name,
    source: sourceOf(scope, answer),
    observedAtNs: told ?? lateTimeOf(answer, openedAtNs),
    aliases: answer.aliases,
    echPublicNames: answer.echPublicNames,
    isFresh: answer.freshUntilNs >= openedAtNs,
    isUnconsumed: isUnused(answer, scope, openedAtNs),
  };
}

const isMeant = ({ process }: StoredAnswer, { except }: Search): boolean => except === null || process !== except;

/** A later answer counts only where no earlier one exists, only shortly after, and the soonest only. */
function soonestLate(answers: readonly StoredAnswer[], search: Search): readonly StoredAnswer[] {
  const { openedAtNs } = search;
  let soonest: StoredAnswer | null = null;
  let soonestNs = Number.POSITIVE_INFINITY;
  for (const answer of answers) {
    const toldAtNs = lateTimeOf(answer, openedAtNs);
    if (!isMeant(answer, search) || toldAtNs <= openedAtNs || toldAtNs > openedAtNs + LATE_ANSWER_NS) continue;
    if (toldAtNs < search.fromNs || toldAtNs > search.untilNs || toldAtNs >= soonestNs) continue;
    soonest = answer;
    soonestNs = toldAtNs;
  }
  return soonest === null ? [] : [soonest];
}

/** Of a scope's answers those that count for the flow; mostly all of them. */
function tellingAt(answers: readonly StoredAnswer[], search: Search): readonly StoredAnswer[] {
  const untilNs = Math.min(search.untilNs, search.openedAtNs);
  let telling: StoredAnswer[] | null = null;
  for (let index = 0; index < answers.length; index += 1) {
    const answer = answers[index];
    if (answer === undefined) continue;
    const isTelling = isMeant(answer, search) && toldWithin(answer, search.fromNs, untilNs) !== null;
    if (isTelling) telling?.push(answer);
    else telling ??= answers.slice(0, index);
  }
  if (telling === null) return answers;
  return telling.length > 0 ? telling : soonestLate(answers, search);
}

function hasName(known: readonly KnownName[], name: string): boolean {
  for (const item of known) if (item.name === name) return true;
  return false;
}

const isKnown = ({ decided, others }: Search, name: string): boolean =>
  (decided !== null && hasName(decided.known, name)) || (others !== null && hasName(others, name));

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

/** Names of a scope behind the one that decided. */
function addOthers(search: Search, telling: readonly StoredAnswer[]): void {
  let found: KnownName[] | null = null;
  for (const answer of telling) {
    if (isKnown(search, answer.name)) continue;
    found ??= [];
    found.push(knownAs(answer, search));
  }
  if (found === null) return;
  if (found.length > 1) found.sort(newestFirst);
  search.others = search.others === null ? found : search.others.concat(found);
}

const NO_CANDIDATES: readonly string[] = [];

function soleNaming(answer: StoredAnswer, search: Search): AnswerNaming {
  const source = sourceOf(search.scope, answer);
  const isPlain = answer.observedAtNs <= Math.min(search.untilNs, search.openedAtNs);
  if (isPlain && answer.sole?.source === source) return answer.sole;
  const known = knownAs(answer, search);
  const naming = { name: answer.name, source, candidates: NO_CANDIDATES, known: [known], naming: null };
  if (isPlain) answer.sole = naming;
  return naming;
}

function decideScope(search: Search, telling: readonly StoredAnswer[]): AnswerNaming | null {
  const [only] = telling;
  if (only === undefined) return null;
  if (telling.length === 1) return soleNaming(only, search);
  const names = telling.map((answer) => knownAs(answer, search));
  const { name, source, candidates, ordered } = decide(search.scope === "own" ? foldSearchDomains(names) : names);
  return { name, source, candidates, known: ordered.toSorted(bySource), naming: null };
}

function searchScope(search: Search, answers: readonly StoredAnswer[]): void {
  if (answers.length === 0) return;
  const { openedAtNs, onUsed, decided } = search;
  const telling = tellingAt(answers, search);
  if (onUsed !== null) {
    const uses = isOwnLine(search.scope) ? OWN_LINE : FALLBACK;
    for (const answer of telling) onUsed(answer, decided === null ? uses.deciding : uses.other, openedAtNs);
  }
  if (decided === null) search.decided = decideScope(search, telling);
  else addOthers(search, telling);
}

const EVER = Number.POSITIVE_INFINITY;

/** The process's own answers, split at its exec, then its parents', nearest first. */
function searchOwnLine(search: Search, { process, execAtNs, ancestors }: NameSeeker, at: AddressAnswers): void {
  if (process === null) return;
  const oldestNs = search.openedAtNs - LIFETIME_NS;
  const own = namesOfProcess(at, process);
  search.fromNs = Math.max(execAtNs, oldestNs);
  searchScope(search, own);
  search.scope = "inherited";
  search.fromNs = oldestNs;
  search.untilNs = execAtNs - 1;
  searchScope(search, own);
  for (const { key, splitAtNs } of ancestors) {
    search.untilNs = splitAtNs;
    searchScope(search, namesOfProcess(at, key));
  }
}

/** Strongest scope first, so that the names are found in the order of their sources. */
function searchAll(search: Search, seeker: NameSeeker, at: AddressAnswers): void {
  searchOwnLine(search, seeker, at);
  search.fromNs = search.openedAtNs - SHARED_LIFETIME_NS;
  search.untilNs = EVER;
  search.except = seeker.process;
  search.scope = "cgroup";
  searchScope(search, namesOfCgroup(at, seeker.cgroupId));
  search.scope = "host";
  searchScope(search, namesOfHost(at));
}

/** `onUsed` null: the flow uses nothing up. */
export function findNames(seeker: NameSeeker, at: AddressAnswers | undefined, onUsed: OnUsed | null): AnswerNaming {
  if (at === undefined) return NO_ANSWERS;
  const search: Search = {
    openedAtNs: seeker.openedAtNs,
    onUsed,
    scope: "own",
    fromNs: 0,
    untilNs: EVER,
    except: null,
    decided: null,
    others: null,
  };
  searchAll(search, seeker, at);
  const { decided, others } = search;
  if (decided === null) return NO_ANSWERS;
  if (others === null) return decided;
  const { name, source, candidates } = decided;
  return { name, source, candidates, known: decided.known.concat(others).slice(0, MAX_KNOWN), naming: null };
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
