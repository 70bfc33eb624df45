/** What was learnt from one answer about one address, and how well it is known for a flow. */
import type { ProcessKey } from "../model/ids.ts";
import type { NameEvidence, NameSource, Naming } from "../model/name-evidence.ts";

/** dns: a packet the process received. libc: what the C library returned to it. monitor: the system resolver's own log. */
export type AnswerVia = "dns" | "libc" | "monitor";

/** Who received an answer. */
export interface Asker {
  readonly process: ProcessKey | null;
  readonly cgroupId: number;
}

export interface ReceivedAnswer {
  readonly asker: Asker;
  readonly via: AnswerVia;
  /** The question's: CNAME targets on the way are aliases. */
  readonly name: string;
  readonly aliases: readonly string[];
  readonly addresses: readonly string[];
  /** null: the C library does not tell. */
  readonly ttlSec: number | null;
  /** Public names of the ECH configurations in the answer (RFC 9849 section 4). */
  readonly echPublicNames: readonly string[];
  readonly observedAtNs: number;
}

/** One name of one address. Shared by the tables of the process, its cgroup and the host. */
export interface StoredAnswer {
  readonly name: string;
  readonly via: AnswerVia;
  readonly process: ProcessKey | null;
  readonly aliases: readonly string[];
  readonly echPublicNames: readonly string[];
  /** When the process first learnt that this name has this address. */
  readonly sinceNs: number;
  /** The newest time it was told so. */
  readonly observedAtNs: number;
  readonly freshUntilNs: number;
  /** Opening of the first flow after the newest time that may have used it, of the process or one it started; null: none yet. */
  consumedAtNs: number | null;
  /** The same for flows of others, which had no better name. */
  borrowedAtNs: number | null;
  /** Its lookup is known to have led to a flow. */
  isFollowed: boolean;
  /** What it makes of flows that know no other name, kept because most are such. */
  sole: AnswerNaming | null;
}

/** What answers say of one flow. */
export interface AnswerNaming {
  /** null: none, or several that cannot be told apart. */
  readonly name: string | null;
  /** Of the name, or of the likeliest candidate. */
  readonly source: NameSource | null;
  readonly candidates: readonly string[];
  /** Every distinct name, strongest source first, within a source the likeliest first. */
  readonly known: readonly KnownName[];
  /** What a flow is called by this alone; made when first wanted, and shared by the flows that share the answer. */
  naming: Naming | null;
}

export const NO_ANSWERS: AnswerNaming = { name: null, source: null, candidates: [], known: [], naming: null };

/** An answer as it stands for one flow. */
export interface KnownName extends NameEvidence {
  readonly aliases: readonly string[];
  readonly echPublicNames: readonly string[];
  readonly isFresh: boolean;
  readonly isUnconsumed: boolean;
}

/** A name used within its TTL; connecting takes a moment after the answer, and resolvers hand out what is left of a TTL. */
export const FRESH_GRACE_NS = 10e9;
/** The C library tells no TTL; five minutes is what CDNs and clouds mostly give. */
const UNTOLD_TTL_SEC = 300;
/** TTLs above a week are a mistake or an attack (RFC 8767 section 4 caps them alike). */
const MAX_TTL_SEC = 604_800;

export const freshUntil = (observedAtNs: number, ttlSec: number | null): number =>
  observedAtNs + Math.min(ttlSec ?? UNTOLD_TTL_SEC, MAX_TTL_SEC) * 1e9 + FRESH_GRACE_NS;
