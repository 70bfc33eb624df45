/**
 * What telltale-libc-watch reports, one line an event (native/libc-watch/report.h), as features: is anything seen of
 * what programs ask their C library for, and of which libraries is nothing seen.
 */
import type { Feature } from "../core/model/coverage.ts";

const UNSEEN = "names that programs ask their C library for, where another process sends the query or none does";
const UNSEEN_LATER = "names asked through C libraries that come into use after the capture began, as in new containers";
/** A user may map any number of files that are called like a C library. */
const MAX_REFUSED = 16;
const MORE_REFUSED = `more than ${MAX_REFUSED} files called like a C library could not be watched`;
const UNSEEN_OTHERS = "names that programs ask those libraries for, where another process sends the query or none does";
const MAX_TEXT_CHARS = 300;
const NOTHING_TO_WATCH = "no program runs that uses a C library which can be watched";

export interface LibcFeatures {
  /** Takes one line; lines that it does not know say nothing. */
  readonly take: (line: string) => void;
  /** There is no watcher, or no longer. */
  readonly fail: (reason: string) => void;
  readonly isReady: () => boolean;
  /** Rows as they are now. */
  readonly rows: () => readonly Feature[];
  /** Rows that are new or changed since they were last asked for by this or `rows`. */
  readonly changedRows: () => readonly Feature[];
}

function refusedRow(path: string, reason: string | null): Feature {
  const unseen = `names that programs ask ${path} for, where another process sends the query or none does`;
  return { id: `libc-lookups ${path}`, isAttached: reason === null, reason, unseen };
}

export function createLibcFeatures(): LibcFeatures {
  let attached = 0;
  let isReady = false;
  let failure: string | null = null;
  let blindness: string | null = null;
  let isUntold = false;
  const refusals = new Map<string, string | null>();
  const told = new Map<string, string>();

  function refuse(path: string, reason: string): void {
    if (refusals.size < MAX_REFUSED || refusals.has(path)) refusals.set(path, reason);
    else isUntold = true;
  }

  const TAKERS: Readonly<Record<string, (fields: readonly string[]) => void>> = {
    ready: () => {
      isReady = true;
    },
    attached: ([path = ""]) => {
      attached += 1;
      if (refusals.has(path)) refusals.set(path, null);
    },
    released: () => {
      attached = Math.max(0, attached - 1);
    },
    refused: ([path = "", , reason = ""]) => refuse(path, reason),
    blind: ([reason = ""]) => {
      blindness = reason;
    },
    failed: ([reason = ""]) => {
      failure ??= reason;
    },
  };

  function take(line: string): void {
    const [word = "", ...fields] = line.slice(0, MAX_TEXT_CHARS * 2).split("\t");
    if (Object.hasOwn(TAKERS, word)) TAKERS[word]?.(fields.map((field) => field.slice(0, MAX_TEXT_CHARS)));
  }

  function fail(reason: string): void {
    failure ??= reason;
    isReady = true;
  }

  function mainRow(): Feature {
    const reason = failure ?? (attached > 0 ? null : NOTHING_TO_WATCH);
    return { id: "libc-lookups", isAttached: reason === null, reason, unseen: UNSEEN };
  }

  function current(): readonly Feature[] {
    const rows = [mainRow()];
    if (blindness !== null)
      rows.push({ id: "libc-lookups-later", isAttached: false, reason: blindness, unseen: UNSEEN_LATER });
    for (const [path, reason] of refusals) rows.push(refusedRow(path, reason));
    if (isUntold)
      rows.push({ id: "libc-lookups-others", isAttached: false, reason: MORE_REFUSED, unseen: UNSEEN_OTHERS });
    return rows;
  }

  function changedRows(): readonly Feature[] {
    return current().filter((row) => {
      const text = JSON.stringify(row);
      if (told.get(row.id) === text) return false;
      told.set(row.id, text);
      return true;
    });
  }

  return {
    take,
    fail,
    isReady: () => isReady,
    rows: () => {
      changedRows();
      return current();
    },
    changedRows,
  };
}
