// @ts-check
/** Arithmetic of paired runs: what is told of a bench is a ratio of neighbours in time, never a number by itself. */

/** @typedef {{ without: number, with: number }} Pair */
/** @typedef {{ median: number, min: number, max: number, ratios: readonly number[] }} Ratios */

/** @param {readonly number[]} values @returns {number} NaN for none */
export function medianOf(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  const upper = sorted[Math.floor(middle)] ?? Number.NaN;
  const lower = sorted[Math.ceil(middle) - 1] ?? Number.NaN;
  return (upper + lower) / 2;
}

/** @param {number} value */
const rounded = (value) => Math.round(value * 1000) / 1000;

/** @param {readonly Pair[]} pairs @returns {Ratios} */
export function ratiosOf(pairs) {
  const ratios = pairs.map((pair) => rounded(pair.with / pair.without));
  return { median: rounded(medianOf(ratios)), min: Math.min(...ratios), max: Math.max(...ratios), ratios };
}

/**
 * The price of one unit of work.
 * @param {readonly Pair[]} pairs units done a second of processor time
 * @returns {number} nanoseconds of processor time a unit
 */
export const costNs = (pairs) => Math.round(medianOf(pairs.map((pair) => (1 / pair.with - 1 / pair.without) * 1e9)));
