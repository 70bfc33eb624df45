/** How many lookups of each program failed or led nowhere, kept current row by row. */
import { identifyProgram } from "../graph/program-identity.ts";
import type { NodeId } from "../model/ids.ts";
import { isFailed, type LookupRow } from "./lookup-row.ts";
import type { ProcessImage } from "./process-entry.ts";

export interface LookupTotals {
  readonly failed: number;
  readonly unfollowed: number;
}

export interface LookupCounts {
  /** Counts a row as it is now. */
  readonly update: (row: LookupRow) => void;
  /** Takes a row out: it is removed, or will be counted for another program. */
  readonly take: (row: LookupRow) => void;
  readonly programOf: (row: LookupRow) => NodeId;
  /** More became known of these: their lookups may belong to another program. */
  readonly reidentify: (images: readonly ProcessImage[], rows: Iterable<LookupRow>) => void;
  readonly of: (program: NodeId) => LookupTotals;
  /** Programs whose totals changed since the last call. */
  readonly changed: () => readonly NodeId[];
}

const NO_LOOKUPS: LookupTotals = { failed: 0, unfollowed: 0 };

export function createLookupCounts(): LookupCounts {
  const totals = new Map<NodeId, { failed: number; unfollowed: number }>();
  const programs = new WeakMap<ProcessImage, NodeId>();
  let changed = new Set<NodeId>();

  function idOf(image: ProcessImage | null): NodeId {
    if (image === null) return identifyProgram(null).id;
    const known = programs.get(image);
    if (known !== undefined) return known;
    const { id } = identifyProgram(image.facts);
    programs.set(image, id);
    return id;
  }

  function add(program: NodeId, failed: number, unfollowed: number): void {
    if (failed === 0 && unfollowed === 0) return;
    const sums = totals.get(program) ?? { failed: 0, unfollowed: 0 };
    sums.failed += failed;
    sums.unfollowed += unfollowed;
    if (sums.failed === 0 && sums.unfollowed === 0) totals.delete(program);
    else totals.set(program, sums);
    changed.add(program);
  }

  function take(row: LookupRow): void {
    if (row.countedFor !== null) add(row.countedFor, -Number(row.isCountedFailed), -Number(row.isCountedUnfollowed));
    row.countedFor = null;
    row.isCountedFailed = false;
    row.isCountedUnfollowed = false;
  }

  function update(row: LookupRow): void {
    if (row.isGone) return;
    const hasFailed = isFailed(row);
    const leadsNowhere = row.isUnfollowed && !row.isFollowed && !hasFailed;
    if (row.countedFor === null && !hasFailed && !leadsNowhere) return;
    if (row.isCountedFailed === hasFailed && row.isCountedUnfollowed === leadsNowhere) return;
    take(row);
    row.countedFor = idOf(row.image);
    row.isCountedFailed = hasFailed;
    row.isCountedUnfollowed = leadsNowhere;
    add(row.countedFor, Number(hasFailed), Number(leadsNowhere));
  }

  return {
    update,
    take,
    programOf: (row) => idOf(row.image),
    reidentify: (images, rows) => {
      const stale = new Set(
        images.filter((image) => programs.has(image) && programs.get(image) !== identifyProgram(image.facts).id),
      );
      if (stale.size === 0) return;
      for (const image of stale) programs.delete(image);
      for (const row of rows) {
        if (row.image === null || !stale.has(row.image)) continue;
        take(row);
        update(row);
      }
    },
    of: (program) => totals.get(program) ?? NO_LOOKUPS,
    changed: () => {
      const ids = [...changed];
      changed = new Set();
      return ids;
    },
  };
}
