/** Candidates and the program's own TLS name -> what the flow is called, and why. Pure. */
import { NAME_SOURCES, type NameEvidence, type NameSource, type Naming } from "../model/name-evidence.ts";
import type { AnswerCandidate } from "./resolver-answers.ts";

export const UNNAMED: Naming = {
  name: null,
  source: null,
  evidence: [],
  candidates: [],
  isContradicted: false,
  ech: null,
  hop: null,
};

/** One address at a CDN may be known under hundreds of names; a reader needs the likely ones. */
const MAX_EVIDENCE = 16;

const strength = (source: NameSource): number => NAME_SOURCES.indexOf(source);

export const isStronger = (left: NameSource, right: NameSource | null): boolean =>
  right === null || strength(left) < strength(right);

/**
 * True when the process asked for this address under other names only. Its
 * CNAME targets count as asked for: clients may name what they were led to.
 * Without any answer of its own there is nothing to contradict.
 */
function contradicts(serverName: string, candidates: readonly AnswerCandidate[]): boolean {
  const own = candidates.filter((candidate) => candidate.source === "own-answer");
  return own.length > 0 && !own.some(({ name, aliases }) => name === serverName || aliases.includes(serverName));
}

/** `candidates` strongest first, distinct by name, as ResolverAnswers gives them. */
export function nameFlow(serverName: NameEvidence | null, candidates: readonly AnswerCandidate[]): Naming {
  if (serverName === null && candidates.length === 0) return UNNAMED;
  const answers = candidates
    .filter((candidate) => candidate.name !== serverName?.name)
    .map(({ name, source, observedAtNs }): NameEvidence => ({ name, source, observedAtNs }));
  const evidence = (serverName === null ? answers : [serverName, ...answers]).slice(0, MAX_EVIDENCE);
  const best = evidence[0];
  if (best === undefined) return UNNAMED;
  return {
    ...UNNAMED,
    name: best.name,
    source: best.source,
    evidence,
    isContradicted: serverName !== null && contradicts(serverName.name, candidates),
  };
}
