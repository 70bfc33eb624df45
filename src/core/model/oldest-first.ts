/**
 * The oldest key of a Map that is kept in order of age, for tables with a cap.
 * A fresh walk steps over all that was deleted at the Map's front, 35 us in a
 * table of 65,536: a flood would spend all its time there. So the walk is kept.
 */
export interface OldestFirst<K> {
  /** The oldest key, to be deleted from the Map before the next call. */
  readonly next: () => K | undefined;
  /** To be called now and then: an unfinished walk keeps earlier copies of the table's memory alive. */
  readonly rest: () => void;
}

export function oldestFirst<K>(map: ReadonlyMap<K, unknown>): OldestFirst<K> {
  let walk: Iterator<K> | null = null;
  return {
    next: () => {
      walk ??= map.keys();
      const step = walk.next();
      if (step.done !== true) return step.value;
      walk = null;
      return undefined;
    },
    rest: () => {
      walk = null;
    },
  };
}
