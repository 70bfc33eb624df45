/** What a report says of lookups: those that failed, those nobody followed, and who hides them. Pure. */
import type { Graph, ProgramNode } from "../graph/graph.ts";
import { isoTime } from "../model/format.ts";
import type { NodeId } from "../model/ids.ts";
import type { Lookup } from "../model/lookup.ts";
import { lookupFate } from "../model/lookup-words.ts";
import { MAX_LOOKUPS } from "../session/lookups.ts";
import type { Session } from "../session/session-api.ts";
import { displayNameOf } from "./flow-json.ts";
import type { EncryptingProgram, LookupList, Report, ReportLookup, ReportProgram } from "./report-model.ts";

/** More than anyone reads; a program that makes up names to ask for must not swell the file. */
const MAX_LISTED = 200;

type AskedSession = Pick<Session, "lookupsOfProgram" | "snapshot">;

/** A program's lookups, and those nobody is known to have asked for. */
export function gatherLookups(session: AskedSession, graph: Graph): ReadonlyMap<NodeId | null, readonly Lookup[]> {
  const byProgram = new Map<NodeId | null, readonly Lookup[]>();
  for (const node of graph.nodes.values()) {
    if (node.kind === "program") byProgram.set(node.id, session.lookupsOfProgram(node.id, MAX_LOOKUPS));
  }
  byProgram.set(
    null,
    session.snapshot().lookups.filter(({ process }) => process === null),
  );
  return byProgram;
}

export const compareTexts = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

export const describeProgram = ({ label, exe, script, group }: ProgramNode): ReportProgram => ({
  label,
  exe,
  script,
  group,
});

interface Asked {
  readonly program: ProgramNode | null;
  readonly lookup: Lookup;
}

/** Several processes of a program ask for the same: one line, with their sum. */
function join(a: Lookup, b: Lookup): Lookup {
  const newest = a.lastAskedAtNs >= b.lastAskedAtNs ? a : b;
  return {
    ...newest,
    types: [...new Set([...a.types, ...b.types])],
    count: a.count + b.count,
    firstAskedAtNs: Math.min(a.firstAskedAtNs, b.firstAskedAtNs),
  };
}

function joinOfProgram(lookups: readonly Lookup[]): readonly Lookup[] {
  const byName = new Map<string, Lookup>();
  for (const lookup of lookups) {
    const key = `${lookup.name} ${lookup.outcome} ${lookup.failure} ${lookupFate(lookup)}`;
    const known = byName.get(key);
    byName.set(key, known === undefined ? lookup : join(known, lookup));
  }
  return [...byName.values()];
}

function describeLookup({ program, lookup }: Asked, bootWallMs: number): ReportLookup {
  return {
    program: program === null ? null : describeProgram(program),
    name: lookup.name,
    ...displayNameOf(lookup.name),
    via: lookup.via,
    resolver: lookup.resolver,
    types: lookup.types,
    outcome: lookup.outcome,
    failure: lookup.failure,
    count: lookup.count,
    firstAsked: isoTime(bootWallMs, lookup.firstAskedAtNs),
    lastAsked: isoTime(bootWallMs, lookup.lastAskedAtNs),
  };
}

export function reportLookups(
  graph: Graph,
  lookups: ReadonlyMap<NodeId | null, readonly Lookup[]>,
  bootWallMs: number,
): Report["lookups"] {
  const asked: Asked[] = [];
  for (const [id, ofProgram] of lookups) {
    const node = id === null ? undefined : graph.nodes.get(id);
    const program = node?.kind === "program" ? node : null;
    for (const lookup of joinOfProgram(ofProgram)) asked.push({ program, lookup });
  }
  asked.sort((a, b) => b.lookup.lastAskedAtNs - a.lookup.lastAskedAtNs || compareTexts(a.lookup.name, b.lookup.name));
  const list = (fate: "failed" | "unfollowed"): LookupList => {
    const found = asked.filter(({ lookup }) => lookupFate(lookup) === fate);
    return {
      items: found.slice(0, MAX_LISTED).map((each) => describeLookup(each, bootWallMs)),
      count: found.length,
    };
  };
  return { failed: list("failed"), neverContacted: list("unfollowed") };
}

export const encryptingPrograms = (graph: Graph): readonly EncryptingProgram[] =>
  [...graph.nodes.values()]
    .filter((node) => node.kind === "program")
    .filter((node) => node.encryptedDns.length > 0)
    .sort((a, b) => compareTexts(a.label, b.label) || compareTexts(a.id, b.id))
    .map((node) => ({ ...describeProgram(node), resolvers: node.encryptedDns }));
