/**
 * One process as the session keeps it (mutable): the program it runs, and who
 * it comes from.
 *
 * An exec keeps the process and its key but starts a new image. A flow belongs
 * to the image that opened it: the owner at the moment of the call is the fact
 * we have, and sockets are usually closed by the exec.
 */
import type { ProcessEvent } from "../event/kernel-event.ts";
import type { ProcessKey } from "../model/ids.ts";
import type { Ancestor, Process } from "../model/process.ts";

/** One program run by one process. `facts` is replaced as a whole when more becomes known. */
export interface ProcessImage {
  facts: Process;
  readonly sinceNs: number;
  cgroupId: number;
}

export interface Lineage {
  readonly key: ProcessKey;
  readonly splitAtNs: number;
}

export interface ProcessEntry {
  readonly key: ProcessKey;
  image: ProcessImage;
  /** Parents at the time of the fork, nearest first. */
  lineage: readonly Lineage[];
  /** Stands for a process of which no record came: made from a socket's owner. */
  isGuess: boolean;
  exitedAtNs: number | null;
}

/** Deeper trees exist only in fork chains; a reader needs the next few. */
export const MAX_ANCESTORS = 16;

export const ancestorsBelow = (parent: ProcessEntry): readonly Ancestor[] =>
  [ancestorOf(parent), ...parent.image.facts.ancestors].slice(0, MAX_ANCESTORS);

const ancestorOf = ({ image: { facts } }: ProcessEntry): Ancestor => ({
  pid: facts.pid,
  exe: facts.exe,
  argv: facts.argv,
});

/** What a grandparent learnt after the parent split off was not inherited. */
export const lineageBelow = (parent: ProcessEntry, splitAtNs: number): readonly Lineage[] =>
  [{ key: parent.key, splitAtNs }, ...parent.lineage].slice(0, MAX_ANCESTORS);

export function linkToParent(entry: ProcessEntry, parent: ProcessEntry): void {
  entry.lineage = lineageBelow(parent, entry.image.facts.startTimeNs);
  entry.image.facts = { ...entry.image.facts, ancestors: ancestorsBelow(parent) };
}

/** The old program is over, though its process lives on. */
export function replaceImage(entry: ProcessEntry, facts: Process, event: ProcessEvent): ProcessImage {
  const ended = entry.image;
  ended.facts = { ...ended.facts, exitedAtNs: event.timeNs };
  entry.image = { facts, sinceNs: event.timeNs, cgroupId: event.cgroupId };
  return ended;
}
