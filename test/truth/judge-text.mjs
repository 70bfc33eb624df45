// @ts-check
/** Holds the words Telltale prints against what may and must be in them. */

/** @typedef {{ shows: string } | { neverShows: string }} ExpectedText */

/** @param {string} text @param {readonly ExpectedText[]} expected @returns {string} what is wrong, or "" */
export function judgeText(text, expected) {
  for (const wanted of expected) {
    if ("shows" in wanted && !text.includes(wanted.shows)) return `does not show ${JSON.stringify(wanted.shows)}`;
    if ("neverShows" in wanted && text.includes(wanted.neverShows)) return `shows ${JSON.stringify(wanted.neverShows)}`;
  }
  return "";
}
