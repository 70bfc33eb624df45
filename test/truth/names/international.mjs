// @ts-check
/** Internationalised names: as Unicode only where safe, else as they are on the wire, and nothing raw on a screen. */
import { toldFlows } from "../expect.mjs";
import { host } from "../hosts.mjs";
import { DNS_ADDRESS } from "../network.mjs";
import { contact, LOOKUP, own } from "../scenario.mjs";

const RIGHT_TO_LEFT_OVERRIDE = "\u202e";

/**
 * @param {string} key of the host @param {string} title @param {string} story
 * @param {readonly import("../judge-text.mjs").ExpectedText[]} texts
 * @returns {import("../scenario.mjs").Scenario}
 */
const international = (key, title, story, texts) => ({
  id: key,
  title,
  story,
  run: async (world) => {
    const { name } = host(key);
    const client = await contact(world, key, `${key.toLowerCase()}-international`, [`ask=${name},${DNS_ADDRESS}`]);
    return { flows: toldFlows(client, {}, [LOOKUP, own(name)]), texts };
  },
});

export const internationalScenarios = [
  international("N23", "internationalised name that is safe", "A German name: shown as people write it.", [
    { shows: "münchen.truth.example" },
  ]),
  international(
    "N23b",
    "internationalised name that looks like another",
    "apple with a Cyrillic a: shown as punycode.",
    [{ shows: host("N23b").name }, { neverShows: "\u0430pple" }],
  ),
  international("N23c", "internationalised name with a bidi control", "A name that would turn its own end round.", [
    { shows: host("N23c").name },
    { neverShows: RIGHT_TO_LEFT_OVERRIDE },
  ]),
];
