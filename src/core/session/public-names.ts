/** Public names of ECH configurations (RFC 9849 section 4) that processes were given, and by that hide other names. */
import type { ProcessKey } from "../model/ids.ts";
import { oldestFirst } from "../model/oldest-first.ts";

export interface PublicNames {
  /** `process` looked up `name`; hellos for it show `publicNames`. */
  readonly record: (
    process: ProcessKey | null,
    name: string,
    publicNames: readonly string[],
    observedAtNs: number,
  ) => void;
  readonly isKnown: (process: ProcessKey | null, publicName: string, openedAtNs: number) => boolean;
  readonly expire: (nowNs: number) => void;
  readonly evicted: () => number;
}

/** Providers have a handful of public names; each pair takes 150 bytes. */
const MAX_PAIRS = 8192;
/** As long as an answer counts for its process. */
const LIFETIME_NS = 24 * 3600e9;

export function createPublicNames(): PublicNames {
  /** Process and public name -> when last told; in that order. */
  const pairs = new Map<string, number>();
  const byAge = oldestFirst(pairs);
  let evicted = 0;
  return {
    record: (process, name, publicNames, observedAtNs) => {
      for (const publicName of publicNames) {
        if (publicName === name) continue; // hides nothing
        const key = `${process ?? ""} ${publicName}`;
        pairs.delete(key);
        pairs.set(key, observedAtNs);
        if (pairs.size <= MAX_PAIRS) continue;
        const oldest = byAge.next();
        if (oldest === undefined) continue;
        pairs.delete(oldest);
        evicted += 1;
      }
    },
    isKnown: (process, publicName, openedAtNs) =>
      (pairs.get(`${process ?? ""} ${publicName}`) ?? Number.POSITIVE_INFINITY) <= openedAtNs,
    expire: (nowNs) => {
      byAge.rest();
      for (const [key, observedAtNs] of pairs) {
        if (observedAtNs + LIFETIME_NS > nowNs) return;
        pairs.delete(key);
      }
    },
    evicted: () => evicted,
  };
}
