// @ts-check
/**
 * What other tools would have said of the same flows. Three methods, each
 * written here from the packets tshark read, without a line of Telltale's core:
 *
 * - a map for the whole host: address -> name of the newest DNS answer seen,
 * - the same map, an entry of which is gone when its TTL is over,
 * - a reverse lookup of the address.
 *
 * Each is asked when the flow's first packet is seen, which is when tools that
 * label connections do so.
 */

/** @typedef {import("./oracle/tshark-facts.mjs").Fact} Fact */
/**
 * @typedef {object} Contact
 * @property {string} address
 * @property {number} atMs of its first packet
 *
 * @typedef {(contact: Contact) => string | null} Method the name it gives, or none
 */

/**
 * @typedef {object} Entry
 * @property {number} atMs
 * @property {number} ttlSec
 * @property {string} name
 */

/** Answers by address, oldest first. The name is the one asked for, not the alias it led to. @param {readonly Fact[]} facts */
function answersByAddress(facts) {
  /** @type {Map<string, Entry[]>} */
  const byAddress = new Map();
  const answers = facts.filter(({ kind, facts: { isResponse } }) => kind === "dns" && isResponse);
  for (const { atMs, facts: message } of [...answers].sort((one, other) => one.atMs - other.atMs)) {
    for (const record of /** @type {string[]} */ (message.answers)) {
      const [owner = "", ttl = "0", type = "", data = ""] = record.split(" ");
      if (type !== "A" && type !== "AAAA" && type !== "service") continue;
      const name = message.questions[0]?.split(" ")[0] ?? owner; // multicast answers repeat no question
      for (const address of data.split(",").filter((one) => one !== "")) {
        const entries = byAddress.get(address) ?? [];
        entries.push({ atMs, ttlSec: Number(ttl), name });
        byAddress.set(address, entries);
      }
    }
  }
  return byAddress;
}

/**
 * @param {readonly Fact[]} facts of the whole run
 * @param {ReadonlyMap<string, string | null>} reverseNames by address
 * @returns {Readonly<Record<"lastWriter" | "withTtl" | "reverse", Method>>}
 */
export function peerMethods(facts, reverseNames) {
  const answers = answersByAddress(facts);
  /** @param {Contact} contact */
  const known = ({ address, atMs }) => (answers.get(address) ?? []).filter((entry) => entry.atMs <= atMs);
  return {
    lastWriter: (contact) => known(contact).at(-1)?.name ?? null,
    withTtl: (contact) =>
      known(contact).findLast(({ atMs, ttlSec }) => atMs + ttlSec * 1000 > contact.atMs)?.name ?? null,
    reverse: ({ address }) => reverseNames.get(address) ?? null,
  };
}
