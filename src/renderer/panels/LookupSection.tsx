/** What a program asked resolvers for: what failed, what was answered and never contacted, or all of it. */
import { useEffect, useState } from "react";
import type { ProgramNode } from "../../core/graph/graph.ts";
import { displayDomain } from "../../core/model/display-domain.ts";
import { formatCount } from "../../core/model/format.ts";
import type { NodeId } from "../../core/model/ids.ts";
import type { Lookup } from "../../core/model/lookup.ts";
import { lookupFate, lookupOutcomeText, lookupResolverText, lookupViaWords } from "../../core/model/lookup-words.ts";
import { Button } from "../components/Button.tsx";
import { CopyButton } from "../components/CopyButton.tsx";
import { RelativeTime } from "../components/RelativeTime.tsx";
import { countFate, filterLookups, type LookupFilter, lookupKey } from "../store/lookup-rows.ts";
import { useCollaborators, useSession } from "../store/stores.ts";
import { Section } from "./details.tsx";
import styles from "./LookupSection.module.css";

interface Answer {
  readonly program: NodeId;
  readonly asked: string;
  readonly lookups: readonly Lookup[];
}

/** Asked again every two seconds while the program is looked at, and at once when its counts change. */
const REFRESH_NS = 2e9;

/** null: not answered yet. Shows the older answer until the newer one is there. */
function useLookups({ id, failedLookupCount, unfollowedLookupCount }: ProgramNode): readonly Lookup[] | null {
  const { api } = useCollaborators();
  const [answer, setAnswer] = useState<Answer | null>(null);
  const beat = useSession((state) => Math.floor((state.status?.nowNs ?? 0) / REFRESH_NS));
  const asked = `${beat} ${failedLookupCount} ${unfollowedLookupCount}`;
  useEffect(() => {
    let isCurrent = true;
    const show = (lookups: readonly Lookup[]): void => {
      if (isCurrent) setAnswer({ program: id, asked, lookups });
    };
    api.lookupsOfProgram(id).then(show, () => show([]));
    return () => {
      isCurrent = false;
    };
  }, [api, id, asked]);
  return answer?.program === id ? answer.lookups : null;
}

const FILTERS: readonly { readonly id: LookupFilter; readonly label: string }[] = [
  { id: "failed", label: "Failed" },
  { id: "unfollowed", label: "Never contacted" },
  { id: "all", label: "All" },
];
/** What follows the section must stay within reach. */
const FIRST_SHOWN = 8;

/** What a person would wonder about first. */
const firstFilter = (lookups: readonly Lookup[]): LookupFilter =>
  FILTERS.find(({ id }) => countFate(lookups, id) > 0)?.id ?? "all";

export function LookupSection({ node }: { readonly node: ProgramNode }) {
  const lookups = useLookups(node);
  if (lookups === null) return null;
  return (
    <Section title={`Names it asked for (${lookups.length})`}>
      {lookups.length === 0 ? <NoLookups node={node} /> : <Lookups lookups={lookups} />}
    </Section>
  );
}

function NoLookups({ node }: { readonly node: ProgramNode }) {
  return (
    <p className={styles.empty} data-testid="no-lookups">
      {node.encryptedDns.length > 0
        ? "Its lookups are encrypted, so none can be shown."
        : "No lookup of this program was seen."}
    </p>
  );
}

function Lookups({ lookups }: { readonly lookups: readonly Lookup[] }) {
  const [chosen, setChosen] = useState<LookupFilter | null>(null);
  const [query, setQuery] = useState("");
  const [isWhole, setWhole] = useState(false);
  const filter = chosen ?? firstFilter(lookups);
  const found = filterLookups(lookups, filter, query);
  const shown = isWhole ? found : found.slice(0, FIRST_SHOWN);
  return (
    <div data-testid="lookups">
      <div className={styles.filters} role="toolbar" aria-label="Which lookups">
        {FILTERS.map(({ id, label }) => (
          <button
            key={id}
            type="button"
            className={styles.filter}
            aria-pressed={filter === id}
            data-testid={`lookups-${id}`}
            onClick={() => setChosen(id)}
          >
            {label} <span>{countFate(lookups, id)}</span>
          </button>
        ))}
      </div>
      <input
        className={styles.query}
        type="search"
        placeholder="Filter by name, type or resolver"
        aria-label="Filter lookups"
        spellCheck={false}
        value={query}
        onChange={(event) => setQuery(event.target.value)}
      />
      {found.length === 0 ? <p className={styles.empty}>{emptyWords(filter, query)}</p> : null}
      <ul>
        {shown.map((lookup) => (
          <LookupRow key={lookupKey(lookup)} lookup={lookup} />
        ))}
      </ul>
      {shown.length === found.length ? null : (
        <Button onClick={() => setWhole(true)}>{`Show all ${found.length}`}</Button>
      )}
    </div>
  );
}

const EMPTY_WORDS: Readonly<Record<LookupFilter, string>> = {
  failed: "None of these lookups was seen to fail.",
  unfollowed: "No name was answered and then never contacted.",
  all: "No lookup of this program was seen.",
};

const emptyWords = (filter: LookupFilter, query: string): string =>
  query.trim() === "" ? EMPTY_WORDS[filter] : "No lookup matches the filter.";

function LookupRow({ lookup }: { readonly lookup: Lookup }) {
  const facts = [
    lookup.types.join(", "),
    lookupResolverText(lookup),
    lookup.count === 1 ? "" : formatCount(lookup.count, "time"),
  ].filter((fact) => fact !== "");
  const addresses = lookup.addresses.length === 0 ? "" : `\n${lookup.addresses.join(", ")}`;
  return (
    <li className={styles.lookup} data-testid="lookup-row" data-fate={lookupFate(lookup)}>
      <span className={styles.line}>
        <bdi dir="ltr" title={lookup.name}>
          {displayDomain(lookup.name)}
        </bdi>
        <CopyButton text={lookup.name} label="Copy name" />
      </span>
      <small>
        <RelativeTime ns={lookup.lastAskedAtNs} />
      </small>
      <small className={styles.facts} title={`${lookupViaWords(lookup.via).exact}${addresses}`}>
        <span className={styles.outcome}>{lookupOutcomeText(lookup)}</span> · {facts.join(" · ")}
      </small>
    </li>
  );
}
