/** A lookup as `--lookups --json` prints it, one object a line (docs/schema/lookup.schema.json). */
import { isoTime } from "../model/format.ts";
import type { Lookup, LookupOutcome, LookupVia } from "../model/lookup.ts";
import type { Process } from "../model/process.ts";
import { displayNameOf, type ProcessJson, processToJson } from "./flow-json.ts";

/** Raised when a field changes its meaning or goes; new fields do not raise it. */
export const LOOKUP_SCHEMA_VERSION = 1;

export interface LookupJson {
  readonly schemaVersion: typeof LOOKUP_SCHEMA_VERSION;
  /** null: the kernel did not tell who asked, or the process is no longer known. */
  readonly process: ProcessJson | null;
  readonly name: string;
  readonly displayName?: string;
  readonly via: LookupVia;
  readonly resolver: string | null;
  readonly types: readonly string[];
  readonly outcome: LookupOutcome;
  readonly failure: string | null;
  readonly addresses: readonly string[];
  readonly firstAskedAt: string | null;
  readonly lastAskedAt: string | null;
  readonly count: number;
  readonly isFollowed: boolean;
  readonly isForOthers: boolean;
}

export function lookupToJson(lookup: Lookup, process: Process | null, bootWallMs: number): LookupJson {
  return {
    schemaVersion: LOOKUP_SCHEMA_VERSION,
    process: process === null ? null : processToJson(process),
    name: lookup.name,
    ...displayNameOf(lookup.name),
    via: lookup.via,
    resolver: lookup.resolver,
    types: lookup.types,
    outcome: lookup.outcome,
    failure: lookup.failure,
    addresses: lookup.addresses,
    firstAskedAt: isoTime(bootWallMs, lookup.firstAskedAtNs),
    lastAskedAt: isoTime(bootWallMs, lookup.lastAskedAtNs),
    count: lookup.count,
    isFollowed: lookup.isFollowed,
    isForOthers: lookup.isForOthers,
  };
}
