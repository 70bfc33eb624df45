// @ts-check
/** Holds Telltale's list of lookups against what programs asked for. */

/**
 * @typedef {object} ExpectedLookup
 * @property {number} pid
 * @property {string} name
 * @property {string} via
 * @property {readonly string[]} outcome any of these
 * @property {string | null} [failure] left out: not judged
 * @property {boolean} isFollowed
 */

/** @param {Record<string, any>} said @param {ExpectedLookup} wanted */
function difference(said, wanted) {
  if (!wanted.outcome.includes(said.outcome)) return `outcome ${said.outcome}, not ${wanted.outcome.join(" or ")}`;
  if (wanted.failure !== undefined && said.failure !== wanted.failure)
    return `failure ${said.failure}, not ${wanted.failure}`;
  return said.isFollowed === wanted.isFollowed ? "" : `followed: ${said.isFollowed}, not ${wanted.isFollowed}`;
}

/**
 * @param {readonly Record<string, any>[] | string} lookups or why there are none
 * @param {readonly ExpectedLookup[]} expected
 * @returns {string} what is wrong, or ""
 */
export function judgeLookups(lookups, expected) {
  for (const wanted of expected) {
    if (typeof lookups === "string") return lookups;
    const said = lookups.find(
      ({ process, name, via }) => process?.pid === wanted.pid && name === wanted.name && via === wanted.via,
    );
    const problem = said === undefined ? "not listed" : difference(said, wanted);
    if (problem !== "") return `lookup of ${wanted.name} (${wanted.via}): ${problem}`;
  }
  return "";
}
