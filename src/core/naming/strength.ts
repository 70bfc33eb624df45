/** Which evidence outweighs which: the order of NAME_SOURCES. */
import { NAME_SOURCES, type NameEvidence, type NameSource } from "../model/name-evidence.ts";

const RANKS = new Map<NameSource, number>(NAME_SOURCES.map((source, rank) => [source, rank]));

const rankOf = (source: NameSource): number => RANKS.get(source) ?? NAME_SOURCES.length;

export const isStronger = (left: NameSource, right: NameSource | null): boolean =>
  right === null || rankOf(left) < rankOf(right);

/** For sorting: strongest first; what is equally strong keeps its order. */
export const bySource = (left: NameEvidence, right: NameEvidence): number => rankOf(left.source) - rankOf(right.source);
