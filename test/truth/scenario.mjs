// @ts-check
/** What a scenario is, and the pieces most of them are made of. */
import { host } from "./hosts.mjs";

/** @typedef {import("./world.mjs").World} World */
/** @typedef {import("./world.mjs").Program} Program */
/** @typedef {import("./judge.mjs").ExpectedFlow} ExpectedFlow */
/**
 * @typedef {object} Truth what Telltale must have said
 * @property {readonly ExpectedFlow[]} flows
 * @property {readonly import("./judge-reversed.mjs").ExpectedContact[]} [reversed] when the user asks for reverse lookups
 * @property {readonly import("./judge-lookups.mjs").ExpectedLookup[]} [lookups] in its list of lookups
 * @property {readonly import("./judge-edges.mjs").ExpectedEdge[]} [edges] contacts between two programs of this machine
 * @property {readonly import("./judge-text.mjs").ExpectedText[]} [texts] in its printed words
 *
 * @typedef {object} Scenario
 * @property {string} id of the list in the project's documentation; a letter behind it is one more way to do it
 * @property {string} title
 * @property {string} [story] for readers of docs/accuracy.md: what happened
 * @property {(world: World) => Promise<unknown>} [before] before the capture starts; its result goes to run
 * @property {(world: World, prepared: any) => Promise<readonly ExpectedFlow[] | Truth>} run
 */

/** The scenario cannot be played on this machine, for a reason that says what is missing. */
export class Unavailable extends Error {}

/** How test programs end where the kernel lacks what they need. */
const EXIT_UNAVAILABLE = 77;

/**
 * Until all have done what they should.
 * @param {readonly Program[]} programs
 * @throws {Unavailable} with the program's own words
 */
export async function done(...programs) {
  for (const program of programs)
    if ((await program.ended) === EXIT_UNAVAILABLE) throw new Unavailable(program.complaint().trim());
  await Promise.all(programs.map((program) => program.succeeded()));
}

/** @param {Program} server */
export const listening = (server) => server.line((line) => line.listening === true);

/**
 * A server that takes 200 bytes and gives 300, `count` times.
 * @param {World} world @param {string} id @param {string} address @param {number} port @param {number} [count]
 */
export async function serverFor(world, id, address, port, count = 1) {
  const server = world.traffic(`${id}-server`, [`listen=${address},${port}`, `serve=${count},200,300`], "server");
  await listening(server);
  return server;
}

export const EXCHANGE = ["send=200", "receive=300", "close"];

/** @param {string} name */
export const own = (name) => ({ name, source: "own-answer" });
/** @param {string} name */
export const asked = (name) => ({ name, source: "own-lookup" });
/** @param {string} name */
export const inherited = (name) => ({ name, source: "inherited-answer" });

/** A lookup over UDP, as told by the program. */
export const LOOKUP = /** @type {const} */ ({ transport: "udp" });

/**
 * The bytes of one A question and dnsmasq's answer with one compressed record (RFC 1035 section 4).
 * @param {string} name
 */
export const lookupBytes = (name) => ({ sent: name.length + 18, received: name.length + 34 });

/** A lookup some library made with the room's resolver. @param {string} name @param {string} server */
export const lookupAt = (name, server) => ({
  ...LOOKUP,
  remote: { address: server, port: 53 },
  ...lookupBytes(name),
});

/**
 * One client of the traffic generator against one server of the scenario's host.
 * @param {World} world @param {string} key of the host @param {string} program its executable
 * @param {readonly string[]} steps before the connection
 * @param {{ room?: import("./room.mjs").Room | undefined, flavour?: import("./programs.mjs").Flavour, env?: NodeJS.ProcessEnv, address?: string }} [where]
 */
export async function contact(world, key, program, steps, where = {}) {
  const [, number = "", letter = "a"] = /^N(\d+)([a-z]?)/.exec(key) ?? [];
  const port = 7100 + Number(number) + 100 * ((letter || "a").charCodeAt(0) - "a".charCodeAt(0));
  const server = await serverFor(world, program, where.address ?? host(key).address, port);
  const client = world.traffic(program, [...steps, `tcp=answer,${port}`, ...EXCHANGE], "client", where);
  await Promise.all([client.succeeded(), server.succeeded()]);
  return client;
}
