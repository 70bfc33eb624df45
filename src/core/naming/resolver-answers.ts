/**
 * What answers were received, by whom, for which addresses: per process,
 * because one address carries many names and another process's name for it may
 * be wrong; per cgroup and for the whole machine as labelled fallbacks.
 */
import type { ProcessKey } from "../model/ids.ts";
import { type OldestFirst, oldestFirst } from "../model/oldest-first.ts";
import { type AnswerVia, freshUntil, type ReceivedAnswer, type StoredAnswer } from "./answer.ts";

export interface ResolverAnswers {
  readonly record: (answer: ReceivedAnswer) => void;
  /** undefined: nobody on this machine asked for it. */
  readonly at: (address: string) => AddressAnswers | undefined;
  readonly expire: (nowNs: number) => void;
  /** Names thrown out of full tables. */
  readonly evicted: () => number;
  readonly size: () => number;
}

/** All that is known of one address; namesOf… read it. */
export interface AddressAnswers {
  readonly address: string;
  readonly processes: Map<ProcessKey, Slot>;
  readonly cgroups: Map<number, Slot>;
  host: Slot | null;
}

/** An answer this late can still be the reason of a connect seen before it: records of two CPUs are not ordered, and slow networks retransmit (N20). */
export const LATE_ANSWER_NS = 5e9;
/** Programs cache for longer than the TTL (N6): long-running ones resolve at start and reconnect all day. */
export const LIFETIME_NS = 24 * 3600e9;
/** A neighbour's name for an address goes stale sooner: a CDN moves names among addresses within hours. */
export const SHARED_LIFETIME_NS = 2 * 3600e9;
/** One (scope, address) with its names takes about 300 bytes: 20 MB a scope when full. */
export const MAX_SLOTS = 65_536;
/** CDN addresses carry thousands of names, one process asks for few of them. */
export const MAX_NAMES_PER_SLOT = 16;
/**
 * Of one answer. Pools of time servers and CDNs give some 20; a message holds
 * 4,096, and 16 such, asked by a web page, would push out all that others know.
 */
export const MAX_ADDRESSES_AN_ANSWER = 64;
/** Being moved to the end of the order at every answer would cost more than the rest of filing it. */
const REORDER_NS = 60e9;

/** The names one scope has for one address. */
interface Slot {
  readonly home: AddressAnswers;
  readonly key: ProcessKey | number | null;
  readonly answers: StoredAnswer[];
  /** When it took its place in the order of its scope. */
  placedAtNs: number;
}

/** All slots of a scope, the one that heard least recently first, give or take REORDER_NS. */
interface Scope {
  readonly slots: Map<Slot, true>;
  readonly byAge: OldestFirst<Slot>;
}

interface Tables {
  readonly homes: Map<string, AddressAnswers>;
  readonly process: Scope;
  readonly cgroup: Scope;
  readonly host: Scope;
  evicted: number;
}

const NONE: readonly StoredAnswer[] = [];

/** Newest first, like the others. */
export const namesOfProcess = (at: AddressAnswers, process: ProcessKey): readonly StoredAnswer[] =>
  at.processes.get(process)?.answers ?? NONE;

export const namesOfCgroup = (at: AddressAnswers, cgroupId: number): readonly StoredAnswer[] =>
  isSharedCgroup(cgroupId) ? (at.cgroups.get(cgroupId)?.answers ?? NONE) : NONE;

export const namesOfHost = (at: AddressAnswers): readonly StoredAnswer[] => at.host?.answers ?? NONE;

/** 0 is unknown and 1 the root of the hierarchy: sharing that is no kinship, it is being on this machine. */
const isSharedCgroup = (cgroupId: number): boolean => cgroupId > 1;

function createScope(): Scope {
  const slots = new Map<Slot, true>();
  return { slots, byAge: oldestFirst(slots) };
}

function drop(tables: Tables, scope: Scope, slot: Slot): void {
  scope.slots.delete(slot);
  const { home } = slot;
  if (home.host === slot) home.host = null;
  else if (typeof slot.key === "number") home.cgroups.delete(slot.key);
  else if (slot.key !== null) home.processes.delete(slot.key);
  if (home.host === null && home.processes.size === 0 && home.cgroups.size === 0) tables.homes.delete(home.address);
}

function placeOf(answers: readonly StoredAnswer[], name: string): number {
  for (let index = 0; index < answers.length; index += 1) if (answers[index]?.name === name) return index;
  return -1;
}

/** Files an answer in front; the same name before it makes way, unless it is the newer one. */
function putIn(tables: Tables, { answers }: Slot, answer: StoredAnswer): void {
  const place = placeOf(answers, answer.name);
  const before = answers[place];
  if (before !== undefined && before.observedAtNs > answer.observedAtNs) return;
  answers.copyWithin(1, 0, place < 0 ? 0 : place);
  if (place < 0) answers.unshift(answer);
  else answers[0] = answer;
  if (answers.length <= MAX_NAMES_PER_SLOT) return;
  answers.pop();
  tables.evicted += 1;
}

function file(tables: Tables, scope: Scope, slot: Slot, answer: StoredAnswer): void {
  putIn(tables, slot, answer);
  if (answer.observedAtNs - slot.placedAtNs < REORDER_NS) return;
  slot.placedAtNs = answer.observedAtNs;
  scope.slots.delete(slot);
  scope.slots.set(slot, true);
  if (scope.slots.size <= MAX_SLOTS) return;
  const oldest = scope.byAge.next();
  if (oldest === undefined) return;
  tables.evicted += oldest.answers.length;
  drop(tables, scope, oldest);
}

/** How surely the process itself was told; a repeated answer keeps the surest way. */
const surest = (left: AnswerVia, right: AnswerVia): AnswerVia => (left === "dns" || right === "monitor" ? left : right);

const orElse = (texts: readonly string[], others: readonly string[]): readonly string[] =>
  texts.length === 0 ? others : texts;

function asAnswer({ asker, name, via, aliases, echPublicNames, observedAtNs, ttlSec }: ReceivedAnswer): StoredAnswer {
  return {
    name,
    via,
    process: asker.process,
    aliases,
    echPublicNames,
    sinceNs: observedAtNs,
    observedAtNs,
    freshUntilNs: freshUntil(observedAtNs, ttlSec),
    consumedAtNs: null,
    borrowedAtNs: null,
    isFollowed: false,
    sole: null,
  };
}

/** The same name once more for the same process: what was known stays known, since when and how surely. */
function merge(newer: StoredAnswer, older: StoredAnswer): StoredAnswer {
  const isUnbroken = older.observedAtNs + LIFETIME_NS >= newer.observedAtNs;
  return {
    name: newer.name,
    via: surest(newer.via, older.via),
    process: newer.process,
    aliases: orElse(newer.aliases, older.aliases),
    echPublicNames: orElse(newer.echPublicNames, older.echPublicNames),
    sinceNs: isUnbroken ? Math.min(newer.sinceNs, older.sinceNs) : newer.sinceNs,
    observedAtNs: newer.observedAtNs,
    freshUntilNs: Math.max(newer.freshUntilNs, older.freshUntilNs),
    consumedAtNs: newer.consumedAtNs,
    borrowedAtNs: newer.borrowedAtNs,
    isFollowed: newer.isFollowed,
    sole: null,
  };
}

function storedAnswer(received: ReceivedAnswer, before: StoredAnswer | undefined): StoredAnswer {
  const answer = asAnswer(received);
  if (before === undefined) return answer;
  return before.observedAtNs > answer.observedAtNs ? merge(before, answer) : merge(answer, before);
}

function slotOf<K extends ProcessKey | number>(slots: Map<K, Slot>, home: AddressAnswers, key: K): Slot {
  const found = slots.get(key);
  if (found !== undefined) return found;
  const slot: Slot = { home, key, answers: [], placedAtNs: Number.NEGATIVE_INFINITY };
  slots.set(key, slot);
  return slot;
}

function homeOf(tables: Tables, address: string): AddressAnswers {
  const found = tables.homes.get(address);
  if (found !== undefined) return found;
  const home: AddressAnswers = { address, processes: new Map(), cgroups: new Map(), host: null };
  tables.homes.set(address, home);
  return home;
}

function recordAt(tables: Tables, address: string, received: ReceivedAnswer): void {
  const { process, cgroupId } = received.asker;
  const home = homeOf(tables, address);
  const own = process === null ? null : slotOf(home.processes, home, process);
  const answer = storedAnswer(received, own?.answers[placeOf(own.answers, received.name)]);
  if (own !== null) file(tables, tables.process, own, answer);
  if (isSharedCgroup(cgroupId)) file(tables, tables.cgroup, slotOf(home.cgroups, home, cgroupId), answer);
  home.host ??= { home, key: null, answers: [], placedAtNs: Number.NEGATIVE_INFINITY };
  file(tables, tables.host, home.host, answer);
}

function expireScope(tables: Tables, scope: Scope, nowNs: number, lifetimeNs: number): void {
  scope.byAge.rest();
  for (const slot of scope.slots.keys()) {
    if (slot.placedAtNs + lifetimeNs > nowNs) return; // ordered: the rest is newer
    if ((slot.answers[0]?.observedAtNs ?? 0) + lifetimeNs <= nowNs) drop(tables, scope, slot);
  }
}

export function createResolverAnswers(): ResolverAnswers {
  const tables: Tables = {
    homes: new Map(),
    process: createScope(),
    cgroup: createScope(),
    host: createScope(),
    evicted: 0,
  };
  return {
    record: (answer) => {
      const { addresses } = answer;
      for (const address of addresses.slice(0, MAX_ADDRESSES_AN_ANSWER)) recordAt(tables, address, answer);
      tables.evicted += Math.max(0, addresses.length - MAX_ADDRESSES_AN_ANSWER);
    },
    at: (address) => tables.homes.get(address),
    expire: (nowNs) => {
      expireScope(tables, tables.process, nowNs, LIFETIME_NS);
      expireScope(tables, tables.cgroup, nowNs, SHARED_LIFETIME_NS);
      expireScope(tables, tables.host, nowNs, SHARED_LIFETIME_NS);
    },
    evicted: () => tables.evicted,
    size: () => tables.process.slots.size + tables.cgroup.slots.size + tables.host.slots.size,
  };
}
