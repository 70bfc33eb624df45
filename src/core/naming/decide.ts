/**
 * Which of several names of one scope a flow belongs to. Programs mostly ask
 * and then connect, so a name that was asked for and not used yet is it; else
 * one whose answer is still within its TTL. What neither tells apart stays
 * open: a guess would be wrong as often as right.
 */
import type { NameSource } from "../model/name-evidence.ts";
import type { KnownName } from "./answer.ts";

export interface Decision {
  readonly name: string | null;
  readonly source: NameSource | null;
  /** Empty where there is a name. */
  readonly candidates: readonly string[];
  /** All, likeliest first. */
  readonly ordered: readonly KnownName[];
}

/** Likeliest first: not used yet, within its TTL, asked last. Ties by name, so that the order of records decides nothing. */
function byLikelihood(a: KnownName, b: KnownName): number {
  if (a.isUnconsumed !== b.isUnconsumed) return a.isUnconsumed ? -1 : 1;
  if (a.isFresh !== b.isFresh) return a.isFresh ? -1 : 1;
  if (a.observedAtNs !== b.observedAtNs) return b.observedAtNs - a.observedAtNs;
  return a.name < b.name ? -1 : 1;
}

/** The names the choice is between. One: it is the name. */
function choiceOf(names: readonly KnownName[]): readonly KnownName[] {
  const fresh = names.filter(({ isFresh }) => isFresh);
  const promising = fresh.filter(({ isUnconsumed }) => isUnconsumed);
  if (promising.length > 0) return promising;
  if (fresh.length > 0) return fresh;
  const unconsumed = names.filter(({ isUnconsumed }) => isUnconsumed);
  return unconsumed.length > 0 ? unconsumed : names;
}

/** `names` are distinct and at least one. */
export function decide(names: readonly KnownName[]): Decision {
  const [only] = names;
  if (only !== undefined && names.length === 1) {
    return { name: only.name, source: only.source, candidates: [], ordered: names };
  }
  const ordered = [...names].sort(byLikelihood);
  const choice = choiceOf(ordered);
  const [first] = choice;
  const source = first?.source ?? null;
  if (first !== undefined && choice.length === 1) return { name: first.name, source, candidates: [], ordered };
  return { name: null, source, candidates: choice.map(({ name }) => name), ordered };
}

/**
 * The C library was asked for "foo" and asked the network for "foo.search.domain"
 * (resolv.conf's search list): one name, and the network's answer says which (N24).
 */
export function foldSearchDomains(names: readonly KnownName[]): readonly KnownName[] {
  if (names.length === 1) return names;
  const asked = names.filter(({ source }) => source === "own-lookup");
  if (asked.length === 0 || asked.length === names.length) return names;
  const folded = new Set<KnownName>();
  const completed = names.flatMap((full) => {
    if (full.source === "own-lookup") return [];
    const short = asked.find(({ name }) => full.name.startsWith(`${name}.`));
    if (short === undefined) return [full];
    folded.add(short);
    return [join(full, short)];
  });
  return [...completed, ...asked.filter((name) => !folded.has(name))];
}

const join = (full: KnownName, short: KnownName): KnownName => ({
  ...full,
  aliases: [...full.aliases, short.name],
  isFresh: full.isFresh || short.isFresh,
  isUnconsumed: full.isUnconsumed || short.isUnconsumed,
});
