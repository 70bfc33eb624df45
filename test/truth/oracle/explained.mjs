// @ts-check
/**
 * Differences between Telltale and tshark that are right as they are, each
 * with its reason. Any other difference fails.
 */

/** @typedef {import("./tshark-facts.mjs").Fact} Fact */
/**
 * @typedef {object} Explanation
 * @property {"only Telltale" | "only tshark"} side
 * @property {string} reason
 * @property {(fact: Fact, others: readonly Fact[]) => boolean} holds
 */

/** @type {readonly Explanation[]} */
const EXPLANATIONS = [];

/** @param {Explanation["side"]} side @param {Fact} fact @param {readonly Fact[]} others what the other side says */
export const explanationOf = (side, fact, others) =>
  EXPLANATIONS.find((explanation) => explanation.side === side && explanation.holds(fact, others))?.reason;
