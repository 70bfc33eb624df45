import { describe, expect, it } from "vitest";
import { createCorpus } from "../../fuzz/engine/corpus.ts";
import { minimise, signatureOf } from "../../fuzz/engine/finding.ts";
import { hits } from "../../fuzz/engine/hits.ts";
import { createMutator } from "../../fuzz/engine/mutate.ts";
import { cutSeed, inOrderSeed, readPieces } from "../../fuzz/engine/pieces.ts";
import { createRandom } from "../../fuzz/engine/random.ts";

const input = (...bytes: number[]): Uint8Array => new Uint8Array(bytes);

describe("mutation", () => {
  it("never makes an input longer than its limit, nor empty", () => {
    const random = createRandom(7);
    const buffer = new Uint8Array(40);
    const pickOther = (): Uint8Array => new Uint8Array(30).fill(9);
    const { mutate } = createMutator({ buffer, limit: 40, random, words: [input(1, 2, 3)], pickOther });
    let length = 0;
    const lengths = new Set<number>();
    for (let count = 0; count < 20_000; count += 1) {
      length = mutate(length);
      lengths.add(length);
    }
    expect(Math.min(...lengths)).toBe(1);
    expect(Math.max(...lengths)).toBe(40);
    expect(lengths.size).toBe(40);
  });

  it("does the same again for the same seed", () => {
    const numbers = (seed: number): number[] => {
      const { uint32 } = createRandom(seed);
      return [uint32(), uint32(), uint32()];
    };
    expect(numbers(5)).toEqual(numbers(5));
    expect(numbers(5)).not.toEqual(numbers(6));
    expect(new Set(numbers(0)).size).toBe(3);
  });
});

describe("the corpus", () => {
  it("keeps what reaches more, or the same with less, and lets go of what it replaces", () => {
    const corpus = createCorpus(8);
    const judge = (bytes: Uint8Array, blocks: readonly number[]): boolean => {
      for (const block of blocks) hits[block] = (hits[block] ?? 0) + 1;
      return corpus.judge(bytes);
    };
    expect(judge(input(1, 1, 1), [0, 2])).toBe(true);
    expect(judge(input(2, 2, 2), [0, 2])).toBe(false);
    expect(judge(input(3, 3, 3, 3), [0, 0, 0, 0])).toBe(true); // another order of magnitude
    expect(judge(input(4, 4), [0, 2])).toBe(true); // shorter
    expect(corpus.inputs()).toEqual([input(3, 3, 3, 3), input(4, 4)]);
    expect([corpus.blocks(), corpus.features()]).toEqual([2, 3]);
    expect([...hits.subarray(0, 8)]).toEqual([0, 0, 0, 0, 0, 0, 0, 0]);
  });
});

describe("findings", () => {
  it("are one if they threw alike, whatever the input's own words and numbers", () => {
    const fail = (message: string): Error => new Error(message);
    const [first, second, other] = ['record 7 of "abc"', 'record 12 of "x\\"y"', "no record"].map(fail);
    expect(signatureOf(first)).toBe(signatureOf(second));
    expect(signatureOf(first)).not.toBe(signatureOf(other));
  });

  it("are made as small as still fails", () => {
    const bytes = Uint8Array.from({ length: 250 }, (_, index) => index);
    expect(minimise(bytes, (candidate) => candidate.includes(17) && candidate.includes(200))).toEqual(input(17, 200));
  });
});

describe("pieces of a stream", () => {
  const stream = Uint8Array.from({ length: 100 }, (_, index) => index);

  it("come in order from a seed in order", () => {
    const { pieces } = readPieces(inOrderSeed(stream, 30));
    expect(pieces.map(({ offset, data }) => [offset, data.length])).toEqual([
      [0, 30],
      [30, 30],
      [60, 30],
      [90, 10],
    ]);
    expect(Buffer.concat(pieces.map(({ data }) => data))).toEqual(Buffer.from(stream));
  });

  it("are parts of one stream where the first byte says so, and the whole comes last", () => {
    const { pieces, stream: whole } = readPieces(cutSeed(stream, [[128, 20]]));
    expect(whole).toEqual(stream);
    expect(pieces).toEqual([
      { offset: 50, data: stream.subarray(50, 70) },
      { offset: 0, data: stream },
    ]);
  });
});
