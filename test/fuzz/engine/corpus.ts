/**
 * Inputs that reach something: for each block and each order of magnitude of
 * its count, the shortest input seen. An input that is the shortest for nothing
 * any more is dropped, so the corpus is always minimal in this sense.
 */
import { hits } from "./hits.ts";
import type { Random } from "./random.ts";

interface Entry {
  readonly bytes: Uint8Array;
  /** Features this is the shortest input for. */
  owned: number;
}

export interface Corpus {
  /** Reads and clears the counters of the run that just ended; keeps `input` if it reached what no shorter one did. */
  readonly judge: (input: Uint8Array) => boolean;
  readonly pick: (random: Random) => Uint8Array;
  readonly inputs: () => readonly Uint8Array[];
  /** Blocks reached at all. */
  readonly blocks: () => number;
  /** Blocks times orders of magnitude. */
  readonly features: () => number;
}

const CLASSES = 8;
/** AFL's classes of counts: 1, 2, 3, 4-7, 8-15, 16-31, 32-127, 128 and more. */
const CLASS_OF = new Uint8Array(256).map((_, count) => {
  if (count <= 3) return Math.max(0, count - 1);
  if (count < 8) return 3;
  if (count < 16) return 4;
  if (count < 32) return 5;
  return count < 128 ? 6 : 7;
});
const NEVER = 0xffff_ffff;
/** Inputs found last are tried more: what they reached is the least explored. */
const RECENT = 16;

export function createCorpus(blockCount: number): Corpus {
  /** Four counters at a time: most are zero. */
  const wordCount = Math.ceil(blockCount / 4);
  const words = new Uint32Array(hits.buffer, 0, wordCount);
  const shortest = new Uint32Array(wordCount * 4 * CLASSES).fill(NEVER);
  const owners: (Entry | undefined)[] = Array(wordCount * 4 * CLASSES).fill(undefined);
  let entries: Entry[] = [];
  let features = 0;

  /** Is this input shorter than all before for something it reached? The hot path: every execution comes here. */
  function isShortest(length: number): boolean {
    for (let word = 0; word < wordCount; word += 1) {
      if (words[word] === 0) continue;
      for (let block = word * 4; block < word * 4 + 4; block += 1) {
        const count = hits[block] ?? 0;
        if (count !== 0 && length < (shortest[block * CLASSES + (CLASS_OF[count] ?? 0)] ?? 0)) return true;
      }
    }
    return false;
  }

  function take(feature: number, entry: Entry): void {
    const length = shortest[feature] ?? NEVER;
    if (entry.bytes.length >= length) return;
    if (length === NEVER) features += 1;
    const before = owners[feature];
    if (before !== undefined) before.owned -= 1;
    shortest[feature] = entry.bytes.length;
    owners[feature] = entry;
    entry.owned += 1;
  }

  function keep(input: Uint8Array): void {
    const entry: Entry = { bytes: input.slice(), owned: 0 };
    for (let block = 0; block < wordCount * 4; block += 1) {
      const count = hits[block] ?? 0;
      if (count !== 0) take(block * CLASSES + (CLASS_OF[count] ?? 0), entry);
    }
    entries.push(entry);
    if (entries.some(({ owned }) => owned === 0)) entries = entries.filter(({ owned }) => owned > 0);
  }

  function judge(input: Uint8Array): boolean {
    const isKept = isShortest(input.length);
    if (isKept) keep(input);
    words.fill(0);
    return isKept;
  }

  function pick(random: Random): Uint8Array {
    const isRecent = random.below(4) === 0;
    const from = isRecent ? Math.max(0, entries.length - RECENT) : 0;
    return entries[from + random.below(Math.max(1, entries.length - from))]?.bytes ?? new Uint8Array(1);
  }

  function blocks(): number {
    let reached = 0;
    for (let block = 0; block < wordCount * 4; block += 1) {
      if (shortest.subarray(block * CLASSES, block * CLASSES + CLASSES).some((length) => length !== NEVER))
        reached += 1;
    }
    return reached;
  }

  return { judge, pick, inputs: () => entries.map(({ bytes }) => bytes), blocks, features: () => features };
}
