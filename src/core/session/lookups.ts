/**
 * What each process asked for, and what came of it: names that failed, names
 * nobody answered, names that were answered and never contacted. The questions
 * for A and AAAA of one name are one lookup, and so are the C library's call
 * and the packets it sent. A lookup draws no edge; it only counts.
 */
import type { Endpoint } from "../model/endpoint.ts";
import type { NodeId, ProcessKey } from "../model/ids.ts";
import type { Lookup, LookupOutcome, LookupVia } from "../model/lookup.ts";
import { type OldestFirst, oldestFirst } from "../model/oldest-first.ts";
import { createLookupCounts, type LookupCounts } from "./lookup-counts.ts";
import { beginTry, createRow, type LookupRow, settleTry, toLookup } from "./lookup-row.ts";
import type { ProcessImage } from "./process-entry.ts";

/** Who asked: its program decides in whose list the lookup stands. */
export interface Asking {
  readonly process: ProcessKey | null;
  readonly image: ProcessImage | null;
}

export interface AskedName {
  readonly name: string;
  readonly via: LookupVia;
  readonly resolver: Endpoint | null;
  /** QTYPE; null: the C library does not tell. */
  readonly type: number | null;
  readonly timeNs: number;
  /** The same packet once more: no new try. */
  readonly isRepeated: boolean;
}

export interface AnsweredName extends Omit<AskedName, "isRepeated"> {
  readonly outcome: LookupOutcome;
  readonly failure: string | null;
  readonly addresses: readonly string[];
}

export interface Lookups {
  readonly asked: (asking: Asking, asked: AskedName) => void;
  readonly answered: (asking: Asking, answered: AnsweredName) => void;
  /** A call of the C library returned; packets it sent since `askedNs` may have told of it already. */
  readonly called: (asking: Asking, answered: AnsweredName, askedNs: number) => void;
  /** An answer that many get (mDNS): counts for those who asked. False: this one did not. */
  readonly overheard: (asking: Asking, name: string, addresses: readonly string[], timeNs: number) => boolean;
  /** A flow went to an address of this answer. */
  readonly follow: (process: ProcessKey, name: string) => void;
  /** It answers the questions of others: that its own are not followed means nothing. */
  readonly markServer: (image: ProcessImage) => void;
  /** More became known of these: their lookups may belong to another program. */
  readonly reidentify: (images: readonly ProcessImage[]) => void;
  readonly counts: LookupCounts;
  readonly ofProgram: (program: NodeId, limit: number) => readonly Lookup[];
  /** Newest first. */
  readonly all: () => readonly Lookup[];
  readonly tick: (nowNs: number) => void;
  readonly expire: (nowNs: number) => void;
  readonly evicted: () => number;
  readonly size: () => number;
}

/** About 600 bytes each: 20 MB when full. */
export const MAX_LOOKUPS = 32_768;
/** A list people read; a crawler asks for thousands. */
export const MAX_LOOKUPS_OF_PROCESS = 512;
/** glibc gives up after 2 x 5 s, others within 30 s. */
export const UNANSWERED_NS = 30e9;
/** Browsers ask ahead and connect on a click; most programs connect within a second. */
export const UNFOLLOWED_NS = 10e9;
const LIFETIME_NS = 24 * 3600e9;
/** Moving a lookup to the end at every question would cost more than the rest of noting it. */
const REORDER_NS = 60e9;

interface State {
  readonly ofProcess: Map<ProcessKey | null, Map<string, LookupRow>>;
  /** By the time last asked, give or take REORDER_NS. */
  readonly order: Map<LookupRow, true>;
  readonly byAge: OldestFirst<LookupRow>;
  /** With questions outstanding, by the time last asked. */
  readonly unanswered: Set<LookupRow>;
  /** Answered and not followed so far, by the time of the answer. */
  readonly unfollowed: Set<LookupRow>;
  readonly servers: WeakSet<ProcessImage>;
  readonly counts: LookupCounts;
  evicted: number;
}

function remove(state: State, row: LookupRow): void {
  state.order.delete(row);
  state.unanswered.delete(row);
  state.unfollowed.delete(row);
  const rows = state.ofProcess.get(row.process);
  rows?.delete(row.name);
  if (rows?.size === 0) state.ofProcess.delete(row.process);
  row.isGone = true;
  state.counts.take(row);
}

/** The newest stand last in every order, give or take REORDER_NS. */
function renew(state: State, rows: Map<string, LookupRow>, row: LookupRow, timeNs: number): void {
  if (timeNs - row.placedAtNs < REORDER_NS) return;
  row.placedAtNs = timeNs;
  rows.delete(row.name);
  rows.set(row.name, row);
  state.order.delete(row);
  state.order.set(row, true);
}

function rowOf(state: State, asking: Asking, name: string, via: LookupVia, timeNs: number): LookupRow {
  let rows = state.ofProcess.get(asking.process);
  if (rows === undefined) {
    rows = new Map();
    state.ofProcess.set(asking.process, rows);
  }
  let row = rows.get(name);
  if (row === undefined) {
    row = createRow(asking.process, asking.image, name, via, timeNs);
    if (rows.size >= MAX_LOOKUPS_OF_PROCESS) {
      const [oldest] = rows.values();
      if (oldest !== undefined) remove(state, oldest);
      state.ofProcess.set(asking.process, rows);
      state.evicted += 1;
    }
  } else if (row.image !== asking.image) {
    state.counts.take(row);
    row.image = asking.image;
  }
  renew(state, rows, row, timeNs);
  if (state.order.size > MAX_LOOKUPS) {
    const oldest = state.byAge.next();
    if (oldest !== undefined) remove(state, oldest);
    state.evicted += 1;
  }
  return row;
}

function noteWay(row: LookupRow, { via, resolver, type }: AskedName | AnsweredName): void {
  if (via !== "libc") {
    row.via = via;
    row.resolver = resolver;
  }
  if (type !== null && !row.types.includes(type)) row.types.push(type);
}

function watchForAnswer(state: State, row: LookupRow): void {
  state.unanswered.delete(row);
  state.unanswered.add(row);
}

function watchForFlow(state: State, row: LookupRow, timeNs: number): void {
  if (row.isFollowed || row.isUnfollowed || row.addresses.length === 0 || state.unfollowed.has(row)) return;
  row.answeredAtNs = timeNs;
  state.unfollowed.add(row);
}

function asked(state: State, asking: Asking, question: AskedName): void {
  const row = rowOf(state, asking, question.name, question.via, question.timeNs);
  noteWay(row, question);
  if (question.isRepeated) row.lastAskedAtNs = Math.max(row.lastAskedAtNs, question.timeNs);
  else beginTry(row, question.timeNs);
  watchForAnswer(state, row);
  state.counts.update(row);
}

function settle(state: State, row: LookupRow, answer: AnsweredName): void {
  settleTry(row, answer);
  if (row.outstanding === 0) state.unanswered.delete(row);
  if (row.outcome === "answered") watchForFlow(state, row, answer.timeNs);
  state.counts.update(row);
}

function answered(state: State, asking: Asking, answer: AnsweredName): void {
  const known = state.ofProcess.get(asking.process)?.get(answer.name);
  const row = known ?? rowOf(state, asking, answer.name, answer.via, answer.timeNs);
  noteWay(row, answer);
  if (known === undefined) beginTry(row, answer.timeNs); // its question was before our time
  settle(state, row, answer);
}

function called(state: State, asking: Asking, answer: AnsweredName, askedNs: number): void {
  const known = state.ofProcess.get(asking.process)?.get(answer.name);
  if (known !== undefined && known.lastAskedAtNs >= askedNs && known.via !== "libc") {
    // Its packets have told already. What the call returned is final, whatever answer is still on its way.
    known.outstanding = Math.min(known.outstanding, 1);
    if (answer.outcome === "answered" || known.outcome === "pending") settle(state, known, answer);
    return;
  }
  const row = rowOf(state, asking, answer.name, "libc", answer.timeNs);
  beginTry(row, Math.max(askedNs, row.lastAskedAtNs));
  settle(state, row, answer);
}

function overheard(state: State, asking: Asking, name: string, addresses: readonly string[], timeNs: number): boolean {
  const row = state.ofProcess.get(asking.process)?.get(name);
  if (row === undefined) return false;
  row.outstanding = Math.min(row.outstanding, 1);
  const way = { name, via: row.via, resolver: row.resolver, type: null };
  settle(state, row, { ...way, timeNs, outcome: "answered", failure: null, addresses });
  return true;
}

function follow(state: State, process: ProcessKey, name: string): void {
  const row = state.ofProcess.get(process)?.get(name);
  if (row === undefined || row.isFollowed) return;
  row.isFollowed = true;
  state.unfollowed.delete(row);
  state.counts.update(row);
}

function expireUnanswered(state: State, nowNs: number): void {
  for (const row of state.unanswered) {
    if (row.lastAskedAtNs + UNANSWERED_NS > nowNs) return; // ordered: the rest is newer
    state.unanswered.delete(row);
    row.outstanding = 0;
    row.outcome = row.best ?? "unanswered";
    state.counts.update(row);
  }
}

const isForOthers = ({ servers }: State, { image }: LookupRow): boolean => image !== null && servers.has(image);

function expireUnfollowed(state: State, nowNs: number): void {
  for (const row of state.unfollowed) {
    if (row.answeredAtNs + UNFOLLOWED_NS > nowNs) return;
    state.unfollowed.delete(row);
    if (row.outcome !== "answered" || isForOthers(state, row)) continue;
    row.isUnfollowed = true;
    state.counts.update(row);
  }
}

function expire(state: State, nowNs: number): void {
  state.byAge.rest();
  for (const row of state.order.keys()) {
    if (row.placedAtNs + LIFETIME_NS > nowNs) return;
    if (row.lastAskedAtNs + LIFETIME_NS <= nowNs) remove(state, row);
  }
}

const newestFirst = (a: LookupRow, b: LookupRow): number => b.lastAskedAtNs - a.lastAskedAtNs;

export function createLookups(): Lookups {
  const order = new Map<LookupRow, true>();
  const state: State = {
    ofProcess: new Map(),
    order,
    byAge: oldestFirst(order),
    unanswered: new Set(),
    unfollowed: new Set(),
    servers: new WeakSet(),
    counts: createLookupCounts(),
    evicted: 0,
  };
  const copy = (row: LookupRow): Lookup => toLookup(row, isForOthers(state, row));
  return {
    asked: (asking, question) => asked(state, asking, question),
    answered: (asking, answer) => answered(state, asking, answer),
    called: (asking, answer, askedNs) => called(state, asking, answer, askedNs),
    overheard: (asking, name, addresses, timeNs) => overheard(state, asking, name, addresses, timeNs),
    follow: (process, name) => follow(state, process, name),
    markServer: (image) => void state.servers.add(image),
    reidentify: (images) => state.counts.reidentify(images, order.keys()),
    counts: state.counts,
    ofProgram: (program, limit) =>
      [...order.keys()]
        .filter((row) => state.counts.programOf(row) === program)
        .sort(newestFirst)
        .slice(0, limit)
        .map(copy),
    all: () => [...order.keys()].sort(newestFirst).map(copy),
    tick: (nowNs) => {
      expireUnanswered(state, nowNs);
      expireUnfollowed(state, nowNs);
    },
    expire: (nowNs) => expire(state, nowNs),
    evicted: () => state.evicted,
    size: () => order.size,
  };
}
