// @ts-check
/** Holds two readings of the same packets against each other, field by field. Pure. */
import { explanationOf } from "./explained.mjs";

/** @typedef {import("./tshark-facts.mjs").Fact} Fact */
/**
 * @typedef {object} Difference
 * @property {"only Telltale" | "only tshark"} side who says so
 * @property {Fact} fact
 * @property {string | undefined} explanation undefined: nobody knows why
 *
 * @typedef {object} Comparison
 * @property {Record<string, number>} equal messages on which both agree in every field, by kind
 * @property {Difference[]} differences
 */

const WINDOW_MARGIN_MS = 100; // the two began to look at slightly different moments

/** @param {Fact} fact */
const identity = ({ kind, way, facts }) => JSON.stringify([kind, way, facts]);

/** A packet repeated is one fact. @param {readonly Fact[]} facts @returns {Map<string, Fact>} */
const distinct = (facts) => new Map(facts.map((fact) => [identity(fact), fact]));

/**
 * @param {readonly Fact[]} ours
 * @param {readonly Fact[]} theirs
 * @returns {Comparison}
 */
export function compare(ours, theirs) {
  const times = theirs.map(({ atMs }) => atMs);
  const [first, last] = [Math.min(...times) - WINDOW_MARGIN_MS, Math.max(...times) + WINDOW_MARGIN_MS];
  const mine = distinct(ours.filter(({ atMs }) => atMs >= first && atMs <= last));
  const others = distinct(theirs);
  /** @type {Record<string, number>} */
  const equal = {};
  for (const [key, { kind }] of mine) if (others.has(key)) equal[kind] = (equal[kind] ?? 0) + 1;
  /** @param {Difference["side"]} side @param {Map<string, Fact>} said @param {Map<string, Fact>} by */
  const lacking = (side, said, by) =>
    [...said].flatMap(([key, fact]) =>
      by.has(key) ? [] : [{ side, fact, explanation: explanationOf(side, fact, [...by.values()]) }],
    );
  return { equal, differences: [...lacking("only Telltale", mine, others), ...lacking("only tshark", others, mine)] };
}
