/** What the program said on its connection, and what answers say -> what the flow is called, and why. Pure. */
import type { Locality } from "../model/endpoint.ts";
import type { Hop, NameEvidence, Naming } from "../model/name-evidence.ts";
import type { AnswerNaming, KnownName } from "./answer.ts";
import { isThisMachine } from "./this-machine.ts";

export const UNNAMED: Naming = {
  name: null,
  source: null,
  evidence: [],
  candidates: [],
  isContradicted: false,
  ech: null,
  hop: null,
};

/** What the program's own bytes told, each at most once a flow. */
export interface SpokenNames {
  readonly serverName: NameEvidence | null;
  readonly connectTarget: NameEvidence | null;
  readonly httpHost: NameEvidence | null;
  /** Its request was one to a proxy. */
  readonly isProxied: boolean;
  /** The ClientHello had an encrypted part. */
  readonly hasEch: boolean;
  /** The process learnt that this server name stands for many others (RFC 9849 section 4). */
  readonly isPublicName: boolean;
  /** The ClientHello offered a protocol for encrypted lookups (RFC 7301). */
  readonly offersDns: "dot" | "doq" | null;
}

export const NOTHING_SPOKEN: SpokenNames = {
  serverName: null,
  connectTarget: null,
  httpHost: null,
  isProxied: false,
  hasEch: false,
  isPublicName: false,
  offersDns: null,
};

export interface FlowFacts {
  readonly spoken: SpokenNames;
  readonly answers: AnswerNaming;
  readonly openedAtNs: number;
  readonly locality: Locality;
}

/** The program asked for this name: itself, a CNAME target it was led to, or the name in front of a search domain. */
const isAsked = (name: string, known: KnownName): boolean =>
  known.name === name || known.aliases.includes(name) || (!name.includes(".") && known.name.startsWith(`${name}.`));

/** The process asked for the flow's address itself, in front of the flow: what came later was not the reason for it. */
const isOwnQuestion = (known: KnownName, { openedAtNs }: FlowFacts): boolean =>
  (known.source === "own-answer" || known.source === "own-lookup") && known.observedAtNs <= openedAtNs;

const isAskedByItself = (name: string, facts: FlowFacts): boolean =>
  facts.answers.known.some((known) => isOwnQuestion(known, facts) && isAsked(name, known));

/** Without any question of its own there is nothing to contradict. */
const contradictsQuestions = (name: string, facts: FlowFacts): boolean =>
  facts.answers.known.some((known) => isOwnQuestion(known, facts)) && !isAskedByItself(name, facts);

/** Its own words against each other, and against what it asked for. */
function isContradicted(facts: FlowFacts, words: readonly NameEvidence[]): boolean {
  const [best] = words;
  if (best === undefined) return false;
  if (words.some(({ name }) => name !== best.name)) return true;
  // Answers about a proxy's address say nothing of what is behind it.
  return !facts.spoken.isProxied && contradictsQuestions(best.name, facts);
}

/** The name in the clear belongs to the provider where the program was given it for another site, or asked for others only. */
function isOuterName(facts: FlowFacts): boolean {
  const { serverName, hasEch, isPublicName } = facts.spoken;
  if (!hasEch || serverName === null) return false;
  if (isAskedByItself(serverName.name, facts)) return false;
  const isGivenForOthers = facts.answers.known.some(({ echPublicNames }) => echPublicNames.includes(serverName.name));
  if (isPublicName || isGivenForOthers) return true;
  return !facts.spoken.isProxied && contradictsQuestions(serverName.name, facts);
}

const evidenceOf = ({ name, source, observedAtNs }: NameEvidence): NameEvidence => ({ name, source, observedAtNs });

function hopOf({ spoken, answers, locality }: FlowFacts): Hop | null {
  if (!spoken.isProxied) return null;
  const name = answers.name !== null && locality === "loopback" && isThisMachine(answers.name) ? null : answers.name;
  return { kind: "http-proxy", name };
}

function wordsOf({ serverName, connectTarget, httpHost }: SpokenNames): readonly NameEvidence[] {
  return [serverName, connectTarget, httpHost].filter((word) => word !== null);
}

/** Distinct by name; the first, strongest, of each stays. */
function distinct(evidence: readonly NameEvidence[]): readonly NameEvidence[] {
  return evidence.filter((item, index) => evidence.findIndex(({ name }) => name === item.name) === index);
}

/** Lines of /etc/hosts name different things; what an address's owner calls it are names of one thing, the first is as good as any. */
function nameFromFallbacks(fallbacks: readonly NameEvidence[], first: NameEvidence): Naming {
  const names = fallbacks.filter(({ source }) => source === first.source).map(({ name }) => name);
  const isOne = names.length === 1 || first.source === "reverse-dns";
  return {
    ...UNNAMED,
    name: isOne ? first.name : null,
    source: first.source,
    candidates: isOne ? [] : names,
    evidence: distinct(fallbacks),
  };
}

/** No word of the program: answers decide, then fallbacks. */
function nameFromAnswers({ answers, locality }: FlowFacts, fallbacks: readonly NameEvidence[]): Naming {
  const { known } = answers;
  const [fallback] = fallbacks;
  if (known.length === 0 && fallback === undefined) return UNNAMED;
  if (known.length === 0 && fallback !== undefined) return nameFromFallbacks(fallbacks, fallback);
  const naming = namingOf(answers);
  // "localhost" says no more than the address; the port tells the services of this machine apart.
  const chosen = answers.name === null ? answers.candidates : [answers.name];
  if (locality === "loopback" && chosen.some(isThisMachine)) return { ...UNNAMED, evidence: naming.evidence };
  return naming;
}

function namingOf(answers: AnswerNaming): Naming {
  const { name, source, candidates, known } = answers;
  answers.naming ??= { ...UNNAMED, name, source, candidates, evidence: known.map(evidenceOf) };
  return answers.naming;
}

/** Its own words in front; what answers say behind them, where that is about the flow's own end. */
function evidenceBehind(words: readonly NameEvidence[], answers: AnswerNaming): readonly NameEvidence[] {
  const evidence = [...words];
  for (const item of namingOf(answers).evidence) {
    if (!words.some(({ name }) => name === item.name)) evidence.push(item);
  }
  return evidence;
}

/** `fallbacks`: weakest names, for flows that nothing else names; strongest first. */
export function nameFlow(facts: FlowFacts, fallbacks: readonly NameEvidence[]): Naming {
  const { spoken, answers, locality } = facts;
  if (spoken === NOTHING_SPOKEN) return nameFromAnswers(facts, fallbacks);
  const words = wordsOf(spoken);
  const [best] = words;
  const ech = isOuterName(facts) ? "outer-name" : spoken.hasEch ? "offered" : null;
  if (best === undefined) return { ...nameFromAnswers(facts, fallbacks), ech };
  const hop = hopOf(facts);
  const said = words.length === 1 ? words : distinct(words);
  const evidence = hop === null ? evidenceBehind(said, answers) : said;
  const isNameless = locality === "loopback" && isThisMachine(best.name) && hop === null;
  return {
    name: isNameless ? null : best.name,
    source: isNameless ? null : best.source,
    evidence,
    candidates: [],
    isContradicted: ech !== "outer-name" && isContradicted(facts, words),
    ech,
    hop,
  };
}
