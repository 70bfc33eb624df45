/** Lookups for people: by process, what failed or led nowhere first. Display-safe. */
import { displayDomain } from "../core/model/display-domain.ts";
import { formatCount } from "../core/model/format.ts";
import type { ProcessKey } from "../core/model/ids.ts";
import type { Lookup } from "../core/model/lookup.ts";
import { type LookupFate, lookupFate, lookupOutcomeText, lookupResolverText } from "../core/model/lookup-words.ts";
import type { Process } from "../core/model/process.ts";
import { columnsOf } from "./fit-text.ts";
import { programText } from "./flow-line.ts";

const RANKS: Readonly<Record<LookupFate, number>> = { failed: 0, unfollowed: 1, pending: 2, done: 3 };

const byFate = (a: Lookup, b: Lookup): number =>
  RANKS[lookupFate(a)] - RANKS[lookupFate(b)] || b.lastAskedAtNs - a.lastAskedAtNs;

/** Wider names push their own line only. */
const NAME_COLUMNS = 44;
const OUTCOME_COLUMNS = 26;

const pad = (text: string, columns: number): string => text + " ".repeat(Math.max(0, columns - columnsOf(text)));

function lookupLine(lookup: Lookup): string {
  const facts = [
    lookup.types.join(","),
    lookupResolverText(lookup),
    lookup.count === 1 ? "" : formatCount(lookup.count, "time"),
  ].filter((fact) => fact !== "");
  return `  ${pad(displayDomain(lookup.name), NAME_COLUMNS)} ${pad(lookupOutcomeText(lookup), OUTCOME_COLUMNS)} ${facts.join(" · ")}`;
}

export function lookupLines(
  lookups: readonly Lookup[],
  processes: ReadonlyMap<ProcessKey, Process>,
): readonly string[] {
  if (lookups.length === 0) return ["No lookup was seen."];
  const byProcess = new Map<ProcessKey | null, Lookup[]>();
  for (const lookup of lookups) {
    const known = byProcess.get(lookup.process);
    if (known === undefined) byProcess.set(lookup.process, [lookup]);
    else known.push(lookup);
  }
  return [...byProcess].flatMap(([key, ofProcess]) => [
    programText(key === null ? null : (processes.get(key) ?? null)),
    ...ofProcess.sort(byFate).map(lookupLine),
  ]);
}
