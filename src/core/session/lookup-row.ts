/** One name one process asked for, as the session keeps it (mutable). */
import type { Endpoint } from "../model/endpoint.ts";
import { formatEndpoint } from "../model/format.ts";
import type { NodeId, ProcessKey } from "../model/ids.ts";
import type { Lookup, LookupOutcome, LookupVia } from "../model/lookup.ts";
import { typeName } from "../protocol/dns/name-codes.ts";
import type { ProcessImage } from "./process-entry.ts";

export interface LookupRow {
  readonly process: ProcessKey | null;
  readonly name: string;
  /** The program that asked last. */
  image: ProcessImage | null;
  via: LookupVia;
  resolver: Endpoint | null;
  /** QTYPEs. */
  readonly types: number[];
  outcome: LookupOutcome;
  /** The best of the answers to the newest tries; null: none yet. */
  best: LookupOutcome | null;
  failure: string | null;
  addresses: readonly string[];
  readonly firstAskedAtNs: number;
  lastAskedAtNs: number;
  count: number;
  /** Questions without an answer. */
  outstanding: number;
  isFollowed: boolean;
  /** Answered a while ago, and no flow came. */
  isUnfollowed: boolean;
  /** When it took its place in the order of the table. */
  placedAtNs: number;
  /** When the wait for a flow began. */
  answeredAtNs: number;
  /** Removed from the table. */
  isGone: boolean;
  /** What it is counted as, and for which program; see lookup-counts. */
  countedFor: NodeId | null;
  isCountedFailed: boolean;
  isCountedUnfollowed: boolean;
}

/** Lookup.addresses says 8. */
const MAX_ADDRESSES = 8;
/** Questions this close together are one try: a program asks for A, AAAA and HTTPS, some of them one after the other. */
const ONE_TRY_NS = 2e9;

export const createRow = (
  process: ProcessKey | null,
  image: ProcessImage | null,
  name: string,
  via: LookupVia,
  timeNs: number,
): LookupRow => ({
  process,
  image,
  name,
  via,
  resolver: null,
  types: [],
  outcome: "pending",
  best: null,
  failure: null,
  addresses: [],
  firstAskedAtNs: timeNs,
  lastAskedAtNs: timeNs,
  count: 0,
  outstanding: 0,
  isFollowed: false,
  isUnfollowed: false,
  placedAtNs: Number.NEGATIVE_INFINITY,
  answeredAtNs: 0,
  isGone: false,
  countedFor: null,
  isCountedFailed: false,
  isCountedUnfollowed: false,
});

export function beginTry(row: LookupRow, timeNs: number): void {
  const isNewTry = row.count === 0 || (row.outstanding === 0 && timeNs - row.lastAskedAtNs > ONE_TRY_NS);
  if (isNewTry) {
    row.count += 1;
    row.outcome = "pending";
    row.best = null;
    row.failure = null;
  }
  row.outstanding += 1;
  row.lastAskedAtNs = Math.max(row.lastAskedAtNs, timeNs);
}

/** What counts of several answers to one try: an address, then the most telling way to have none. */
const PREFERENCE: readonly LookupOutcome[] = ["answered", "no-address", "no-such-name", "failed"];

const isBetter = (left: LookupOutcome, right: LookupOutcome | null): boolean =>
  right === null || PREFERENCE.indexOf(left) < PREFERENCE.indexOf(right);

interface Answer {
  readonly outcome: LookupOutcome;
  readonly failure: string | null;
  readonly addresses: readonly string[];
}

/** Newest answer first; mostly it is the one from before. */
function addAddresses(row: LookupRow, addresses: readonly string[]): void {
  if (addresses.every((address) => row.addresses.includes(address))) return;
  row.addresses = [...new Set([...addresses, ...row.addresses])].slice(0, MAX_ADDRESSES);
}

export function settleTry(row: LookupRow, { outcome, failure, addresses }: Answer): void {
  row.outstanding = Math.max(0, row.outstanding - 1);
  if (isBetter(outcome, row.best)) {
    row.best = outcome;
    row.failure = failure;
  }
  if (addresses.length > 0) addAddresses(row, addresses);
  if (row.best === "answered" || row.outstanding === 0) row.outcome = row.best ?? "pending";
}

export const isFailed = ({ outcome }: LookupRow): boolean =>
  outcome === "no-such-name" || outcome === "no-address" || outcome === "failed" || outcome === "unanswered";

/** An immutable copy for readers. */
export const toLookup = (row: LookupRow, isForOthers: boolean): Lookup => ({
  process: row.process,
  name: row.name,
  via: row.via,
  resolver: row.resolver === null ? null : formatEndpoint(row.resolver),
  types: row.types.map(typeName),
  outcome: row.outcome,
  failure: row.failure,
  addresses: row.addresses,
  firstAskedAtNs: row.firstAskedAtNs,
  lastAskedAtNs: row.lastAskedAtNs,
  count: row.count,
  isFollowed: row.isFollowed,
  isForOthers,
});
