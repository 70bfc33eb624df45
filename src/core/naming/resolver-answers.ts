/**
 * What resolver answers were received, by whom, for which addresses. The name
 * kept is the *question's*: it is what the program asked for; CNAME targets on
 * the way are aliases. Asked per process first, because one address carries
 * many names and another process's name for it may be wrong.
 */
import type { ProcessKey } from "../model/ids.ts";
import type { NameEvidence, NameSource } from "../model/name-evidence.ts";
import { type OldestFirst, oldestFirst } from "../model/oldest-first.ts";

/** Who received an answer. */
export interface Asker {
  readonly process: ProcessKey | null;
  readonly cgroupId: number;
}

export interface ReceivedAnswer {
  readonly asker: Asker;
  readonly name: string;
  /** CNAME targets between the name and its addresses. */
  readonly aliases: readonly string[];
  readonly addresses: readonly string[];
  readonly observedAtNs: number;
}

/** The flow that wants a name, and whose answers may give it one. */
export interface NameSeeker {
  readonly process: ProcessKey | null;
  readonly cgroupId: number;
  /** Answers of this process before its last exec were another program's. */
  readonly execAtNs: number;
  /** Parents, nearest first, with when the line split off: answers after that were not inherited. */
  readonly ancestors: readonly { readonly key: ProcessKey; readonly splitAtNs: number }[];
  readonly address: string;
  readonly openedAtNs: number;
}

export interface AnswerCandidate extends NameEvidence {
  readonly aliases: readonly string[];
}

export interface ResolverAnswers {
  readonly record: (answer: ReceivedAnswer) => void;
  /** Strongest source first; within a source the likeliest name first. */
  readonly candidatesFor: (seeker: NameSeeker) => readonly AnswerCandidate[];
  readonly expire: (nowNs: number) => void;
  /** Answers thrown out of a full table. */
  readonly evicted: () => number;
  readonly size: () => number;
}

/** An answer this late can still be the reason of a connect seen before it: records of two CPUs are not ordered, and slow networks retransmit (N20). */
export const LATE_ANSWER_NS = 5e9;
/** Programs cache for longer than the TTL (N6): long-running ones resolve at start and reconnect all day. */
const LIFETIME_NS = 24 * 3600e9;
/** A neighbour's name for an address goes stale sooner: a CDN moves names among addresses within hours. */
const SHARED_LIFETIME_NS = 2 * 3600e9;
/** One (scope, address) with its names takes about 300 bytes: 20 MB a table when full. */
const MAX_ADDRESSES = 65_536;
/** CDN addresses carry thousands of names, one process asks for few of them. */
const MAX_NAMES_PER_ADDRESS = 16;

interface StoredAnswer {
  readonly name: string;
  readonly aliases: readonly string[];
  readonly observedAtNs: number;
}

/** Per key the answers, newest first. Map order is the order of the last answer, so the first key is the oldest. */
interface AnswerTable {
  readonly map: Map<string, StoredAnswer[]>;
  readonly byAge: OldestFirst<string>;
}

function createTable(): AnswerTable {
  const map = new Map<string, StoredAnswer[]>();
  return { map, byAge: oldestFirst(map) };
}

/** Files an answer; returns 1 when another address had to go. */
function store({ map: table, byAge }: AnswerTable, key: string, answer: StoredAnswer): number {
  const before = table.get(key);
  if (before?.[0]?.name === answer.name && before.length === 1) {
    before[0] = answer;
    table.delete(key);
    table.set(key, before);
    return 0;
  }
  const others = before?.filter((entry) => entry.name !== answer.name) ?? [];
  table.delete(key);
  table.set(key, [answer, ...others].slice(0, MAX_NAMES_PER_ADDRESS));
  if (table.size <= MAX_ADDRESSES) return 0;
  const oldest = byAge.next();
  if (oldest !== undefined) table.delete(oldest);
  return 1;
}

function expireTable({ map: table, byAge }: AnswerTable, nowNs: number): void {
  byAge.rest();
  for (const [key, answers] of table) {
    if ((answers[0]?.observedAtNs ?? 0) + LIFETIME_NS > nowNs) return; // ordered: the rest is newer
    table.delete(key);
  }
}

/**
 * Names by likelihood for a flow: the newest answer before it opened, then
 * older ones. A later answer counts only where no earlier one exists, and
 * only shortly after.
 */
function likeliestFirst(
  answers: readonly StoredAnswer[] | undefined,
  openedAtNs: number,
  isEligible: (answer: StoredAnswer) => boolean,
): readonly StoredAnswer[] {
  if (answers === undefined) return [];
  const earlier = answers.filter((answer) => answer.observedAtNs <= openedAtNs && isEligible(answer));
  if (earlier.length > 0) return earlier;
  return answers
    .filter((answer) => answer.observedAtNs <= openedAtNs + LATE_ANSWER_NS && isEligible(answer))
    .toReversed();
}

export function createResolverAnswers(): ResolverAnswers {
  const own = createTable();
  const cgroup = createTable();
  const host = createTable();
  let evicted = 0;

  function record({ asker, name, aliases, addresses, observedAtNs }: ReceivedAnswer): void {
    for (const address of addresses) {
      const answer = { name, aliases, observedAtNs };
      if (asker.process !== null) evicted += store(own, `${asker.process} ${address}`, answer);
      if (isSharedCgroup(asker.cgroupId)) evicted += store(cgroup, `${asker.cgroupId} ${address}`, answer);
      evicted += store(host, address, answer);
    }
  }

  function candidatesFor(seeker: NameSeeker): readonly AnswerCandidate[] {
    const found: AnswerCandidate[] = [];
    const known = new Set<string>();
    const add = (source: NameSource, answers: readonly StoredAnswer[]): void => {
      for (const { name, aliases, observedAtNs } of answers) {
        if (known.has(name)) continue;
        known.add(name);
        found.push({ name, aliases, source, observedAtNs });
      }
    };
    const { address, openedAtNs } = seeker;
    const hosts = host.map.get(address);
    if (hosts === undefined) return found; // nobody on this machine asked: no table can know it
    const isFresh = (answer: StoredAnswer): boolean => answer.observedAtNs >= openedAtNs - SHARED_LIFETIME_NS;
    if (seeker.process !== null) {
      const answers = own.map.get(`${seeker.process} ${address}`);
      add(
        "own-answer",
        likeliestFirst(answers, openedAtNs, (answer) => answer.observedAtNs >= seeker.execAtNs),
      );
      add(
        "inherited-answer",
        likeliestFirst(answers, openedAtNs, (answer) => answer.observedAtNs < seeker.execAtNs),
      );
    }
    for (const { key, splitAtNs } of seeker.ancestors) {
      const answers = own.map.get(`${key} ${address}`);
      add(
        "inherited-answer",
        likeliestFirst(answers, openedAtNs, (answer) => answer.observedAtNs <= splitAtNs),
      );
    }
    if (isSharedCgroup(seeker.cgroupId)) {
      add("cgroup-answer", likeliestFirst(cgroup.map.get(`${seeker.cgroupId} ${address}`), openedAtNs, isFresh));
    }
    add("host-answer", likeliestFirst(hosts, openedAtNs, isFresh));
    return found;
  }

  function expire(nowNs: number): void {
    for (const table of [own, cgroup, host]) expireTable(table, nowNs);
  }

  return {
    record,
    candidatesFor,
    expire,
    evicted: () => evicted,
    size: () => own.map.size + cgroup.map.size + host.map.size,
  };
}

/** 0 is unknown and 1 the root of the hierarchy: sharing that is no kinship, it is being on this machine. */
const isSharedCgroup = (cgroupId: number): boolean => cgroupId > 1;
