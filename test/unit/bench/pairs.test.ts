import { describe, expect, test } from "vitest";
import { costNs, medianOf, ratiosOf } from "../../bench/live/pairs.mjs";

describe("paired runs", () => {
  test("are told as ratios: the middle one, and how far they lie apart", () => {
    const pairs = [
      { without: 1000, with: 900 },
      { without: 500, with: 475 },
      { without: 2000, with: 2020 },
    ];
    expect(ratiosOf(pairs)).toEqual({ median: 0.95, min: 0.9, max: 1.01, ratios: [0.9, 0.95, 1.01] });
  });

  test("of an even number have the mean of the two in the middle", () => {
    expect(medianOf([4, 1, 2, 3])).toBe(2.5);
  });

  test("give the price of one unit of work in processor time", () => {
    // 20 µs a unit without, 25 µs with.
    expect(costNs([{ without: 50_000, with: 40_000 }])).toBe(5000);
  });
});
