/**
 * Bytes -> slightly other bytes, in place, in a buffer of a fixed size. The
 * operators are those of AFL's havoc stage, and one for wire formats: a length
 * field set to what is really behind it.
 */
import type { Random } from "./random.ts";

export interface Mutator {
  /** Mutates buffer[0..length), never beyond the limit; returns the new length. */
  readonly mutate: (length: number) => number;
}

interface Work {
  readonly buffer: Uint8Array;
  /** Inputs are at most this long. */
  readonly limit: number;
  readonly random: Random;
  readonly words: readonly Uint8Array[];
  /** Another input of the corpus, to splice with. */
  readonly pickOther: () => Uint8Array;
}

const INTERESTING = [0, 1, 2, 3, 4, 7, 8, 16, 31, 32, 63, 64, 100, 127, 128, 191, 192, 193, 240, 254, 255] as const;
const INTERESTING_16 = [0, 255, 256, 512, 1000, 1024, 4096, 16_383, 16_384, 32_767, 32_768, 65_534, 65_535] as const;
const MAX_BLOCK = 64;

/** Makes room for `count` bytes at `at`; returns how many fit. */
function openGap({ buffer, limit }: Work, length: number, at: number, count: number): number {
  const room = Math.min(count, limit - length);
  if (room > 0) buffer.copyWithin(at + room, at, length);
  return Math.max(0, room);
}

/** Mostly short, sometimes long. */
function blockLength(random: Random, available: number): number {
  const most = random.below(4) === 0 ? available : Math.min(available, MAX_BLOCK);
  return 1 + random.below(Math.max(1, most));
}

function flipBit({ buffer, random }: Work, length: number): number {
  const at = random.below(length);
  buffer[at] = (buffer[at] ?? 0) ^ (1 << random.below(8));
  return length;
}

function setByte({ buffer, random }: Work, length: number): number {
  buffer[random.below(length)] = random.below(256);
  return length;
}

function setInteresting({ buffer, random }: Work, length: number): number {
  buffer[random.below(length)] = INTERESTING[random.below(INTERESTING.length)] ?? 0;
  return length;
}

function setInteresting16({ buffer, random }: Work, length: number): number {
  const at = random.below(length);
  const value = INTERESTING_16[random.below(INTERESTING_16.length)] ?? 0;
  buffer[at] = value >> 8;
  if (at + 1 < length) buffer[at + 1] = value & 0xff;
  return length;
}

function addToByte({ buffer, random }: Work, length: number): number {
  const at = random.below(length);
  buffer[at] = (buffer[at] ?? 0) + random.below(71) - 35;
  return length;
}

function removeBlock({ buffer, random }: Work, length: number): number {
  if (length < 2) return length;
  const at = random.below(length);
  const count = Math.min(blockLength(random, length - at), length - 1);
  buffer.copyWithin(at, at + count, length);
  return Math.max(1, length - Math.min(count, length - at));
}

function cutOff({ random }: Work, length: number): number {
  return length < 2 ? length : 1 + random.below(length - 1);
}

function insertBytes(work: Work, length: number): number {
  const { buffer, random } = work;
  const at = random.below(length + 1);
  const count = openGap(work, length, at, blockLength(random, MAX_BLOCK));
  const isRun = random.below(2) === 0;
  const filler = random.below(256);
  for (let index = at; index < at + count; index += 1) buffer[index] = isRun ? filler : random.below(256);
  return length + count;
}

function repeatBlock(work: Work, length: number): number {
  const { buffer, random } = work;
  const from = random.below(length);
  const block = buffer.slice(from, from + blockLength(random, length - from));
  const at = random.below(length + 1);
  const count = openGap(work, length, at, block.length);
  buffer.set(block.subarray(0, count), at);
  return length + count;
}

function copyBlock({ buffer, random }: Work, length: number): number {
  const from = random.below(length);
  const to = random.below(length);
  const count = Math.min(blockLength(random, length - from), length - to);
  buffer.copyWithin(to, from, from + count);
  return length;
}

function overwriteWord({ buffer, random, words, limit }: Work, length: number): number {
  const word = words[random.below(Math.max(1, words.length))];
  if (word === undefined) return length;
  const at = random.below(length);
  const count = Math.min(word.length, limit - at);
  buffer.set(word.subarray(0, count), at);
  return Math.max(length, at + count);
}

function insertWord(work: Work, length: number): number {
  const { buffer, random, words } = work;
  const word = words[random.below(Math.max(1, words.length))];
  if (word === undefined) return length;
  const at = random.below(length + 1);
  const count = openGap(work, length, at, word.length);
  buffer.set(word.subarray(0, count), at);
  return length + count;
}

/** A field of 1 to 3 bytes, big-endian, becomes the number of bytes behind it, or of some of them. */
function fixLength({ buffer, random }: Work, length: number): number {
  const size = 1 + random.below(3);
  const at = random.below(length);
  const behind = length - at - size;
  if (behind < 0) return length;
  const value = random.below(2) === 0 ? behind : random.below(behind + 1);
  for (let index = 0; index < size; index += 1) buffer[at + index] = (value >> (8 * (size - 1 - index))) & 0xff;
  // RFC 9000 section 16: the length of a QUIC number stands in its top bits.
  if (size === 2 && random.below(2) === 0) buffer[at] = ((buffer[at] ?? 0) & 0x3f) | 0x40;
  return length;
}

/** A part of another input: in place of ours from there on, or between. */
function splice(work: Work, length: number): number {
  const { buffer, random, limit } = work;
  const other = work.pickOther();
  if (other.length === 0) return length;
  const from = random.below(other.length);
  const part = other.subarray(from, from + blockLength(random, other.length - from));
  const at = random.below(length + 1);
  if (random.below(2) === 0) {
    const count = openGap(work, length, at, part.length);
    buffer.set(part.subarray(0, count), at);
    return length + count;
  }
  const count = Math.min(part.length, limit - at);
  buffer.set(part.subarray(0, count), at);
  return Math.max(length, at + count);
}

const OPERATORS = [
  flipBit,
  setByte,
  setInteresting,
  setInteresting16,
  addToByte,
  removeBlock,
  removeBlock,
  cutOff,
  insertBytes,
  repeatBlock,
  copyBlock,
  overwriteWord,
  insertWord,
  fixLength,
  splice,
] as const;

/** Few changes keep what was reached; many leave a local maximum. */
const MAX_CHANGES_LOG2 = 5;

export function createMutator(work: Work): Mutator {
  const { random, buffer } = work;
  function mutate(length: number): number {
    let current = length;
    if (current === 0) {
      buffer[0] = random.below(256);
      current = 1;
    }
    const changes = 1 << random.below(MAX_CHANGES_LOG2);
    for (let count = 0; count < changes; count += 1) {
      const operator = OPERATORS[random.below(OPERATORS.length)] ?? flipBit;
      current = operator(work, current);
    }
    return current;
  }
  return { mutate };
}
