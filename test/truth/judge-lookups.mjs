// @ts-check
/** Holds Telltale's list of lookups against what programs asked for. */

/**
 * @typedef {object} ExpectedLookup
 * @property {number} pid
 * @property {string} name
 * @property {string} via
 * @property {string} outcome
 * @property {string | null} failure
 * @property {boolean} isFollowed
 */

/** @param {Record<string, any>} said @param {ExpectedLookup} wanted */
function difference(said, wanted) {
  for (const fact of /** @type {const} */ (["outcome", "failure", "isFollowed"]))
    if (said[fact] !== wanted[fact]) return `${fact} ${said[fact]}, not ${wanted[fact]}`;
  return "";
}

/**
 * @param {readonly Record<string, any>[]} lookups @param {readonly ExpectedLookup[]} expected
 * @returns {string} what is wrong, or ""
 */
export function judgeLookups(lookups, expected) {
  for (const wanted of expected) {
    const said = lookups.find(
      ({ process, name, via }) => process?.pid === wanted.pid && name === wanted.name && via === wanted.via,
    );
    const problem = said === undefined ? "not listed" : difference(said, wanted);
    if (problem !== "") return `lookup of ${wanted.name} (${wanted.via}): ${problem}`;
  }
  return "";
}
