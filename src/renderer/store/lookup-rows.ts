/** The lookups of one program, filtered. Pure. */
import { displayDomain } from "../../core/model/display-domain.ts";
import type { Lookup } from "../../core/model/lookup.ts";
import { type LookupFate, lookupFate, lookupOutcomeText, lookupResolverText } from "../../core/model/lookup-words.ts";
import { queryWords } from "./matches.ts";

export type LookupFilter = "failed" | "unfollowed" | "all";

const FATES: Readonly<Record<LookupFilter, ReadonlySet<LookupFate>>> = {
  failed: new Set(["failed"]),
  unfollowed: new Set(["unfollowed"]),
  all: new Set(["failed", "unfollowed", "pending", "done"]),
};

export const lookupKey = (lookup: Lookup): string =>
  `${lookup.process} ${lookup.name} ${lookup.via} ${lookup.firstAskedAtNs} ${lookup.types.join()}`;

const searchText = (lookup: Lookup): string =>
  [
    lookup.name,
    displayDomain(lookup.name),
    lookupOutcomeText(lookup),
    lookupResolverText(lookup),
    ...lookup.types,
    ...lookup.addresses,
  ]
    .join("\n")
    .toLowerCase();

/** Newest first, as they come. */
export function filterLookups(lookups: readonly Lookup[], filter: LookupFilter, query: string): readonly Lookup[] {
  const words = queryWords(query);
  return lookups.filter((lookup) => {
    if (!FATES[filter].has(lookupFate(lookup))) return false;
    if (words.length === 0) return true;
    const text = searchText(lookup);
    return words.every((word) => text.includes(word));
  });
}

export const countFate = (lookups: readonly Lookup[], filter: LookupFilter): number =>
  filterLookups(lookups, filter, "").length;
