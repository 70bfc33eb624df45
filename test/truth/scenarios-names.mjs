// @ts-check
/** Scenarios of names: the right one, known the right way, for the right program. */
import { existsSync } from "node:fs";
import path from "node:path";
import { flow, toldFlows } from "./expect.mjs";
import { DNS_ADDRESS, NAMED_ADDRESSES, SPLITTING_DNS_ADDRESS } from "./network.mjs";
import { repoDir } from "./programs.mjs";
import { listening } from "./scenarios-bytes.mjs";
import { NAMES, TLS_PORT } from "./world.mjs";

/** @typedef {import("./world.mjs").World} World */
/** @typedef {import("./world.mjs").Program} Program */
/** @typedef {import("./judge.mjs").ExpectedFlow} ExpectedFlow */

/** @param {World} world @param {string} id @param {string} address @param {number} port @param {number} count */
async function serverFor(world, id, address, port, count) {
  const server = world.traffic(`${id}-server`, [`listen=${address},${port}`, `serve=${count},200,300`], "server");
  await listening(server);
  return server;
}

const EXCHANGE = ["send=200", "receive=300", "close"];
/** @param {string} name */
const own = (name) => ({ name, source: "own-answer" });
/** A lookup over UDP, as told by the program. */
const LOOKUP = /** @type {const} */ ({ transport: "udp" });

/**
 * The bytes of one A question and dnsmasq's answer with one compressed record (RFC 1035 section 4).
 * @param {string} name
 */
const lookupBytes = (name) => ({ sent: name.length + 18, received: name.length + 34 });

/**
 * HTTPS clients that were given the address: only their ClientHello says the name.
 * @param {World} world @returns {{ name: string, program: Program }[]}
 */
function tlsClients(world) {
  const address = NAMED_ADDRESSES.N13;
  const script = path.join(repoDir, "test/fixtures/programs/tls-client.mjs");
  const endpoint = `${address}:${TLS_PORT}`;
  /** @type {Record<string, string[]>} */
  const commands = {
    "openssl.truth.example": [
      "openssl",
      "s_client",
      "-connect",
      endpoint,
      "-servername",
      "openssl.truth.example",
      "-quiet",
    ],
    "node-whole.truth.example": [
      process.execPath,
      script,
      "whole",
      address,
      String(TLS_PORT),
      "node-whole.truth.example",
    ],
    "node-split.truth.example": [
      process.execPath,
      script,
      "split",
      address,
      String(TLS_PORT),
      "node-split.truth.example",
    ],
  };
  if (existsSync("/usr/bin/curl")) {
    const name = "curl.truth.example";
    const url = `https://${name}:${TLS_PORT}/`;
    commands[name] = ["curl", "--silent", "--insecure", "--resolve", `${name}:${TLS_PORT}:${address}`, url];
  }
  return Object.entries(commands).map(([name, command]) => {
    const program = world.run(command);
    if (command[0] === "openssl") program.tell("GET / HTTP/1.0\r\n\r");
    return { name, program };
  });
}

/** @type {import("./scenarios-bytes.mjs").Scenario[]} */
export const nameScenarios = [
  {
    id: "N1",
    title: "own UDP DNS answer",
    run: async (world) => {
      const server = await serverFor(world, "n01", NAMED_ADDRESSES.N1, 7101, 1);
      const client = world.traffic("n01-own-answer", [
        `ask=${NAMES.N1},${DNS_ADDRESS}`,
        "tcp=answer,7101",
        ...EXCHANGE,
      ]);
      await Promise.all([client.succeeded(), server.succeeded()]);
      return toldFlows(client, {}, [LOOKUP, own(NAMES.N1)]);
    },
  },
  {
    id: "N2",
    title: "DNS over TCP, split at awkward places",
    run: async (world) => {
      const servers = await Promise.all([
        serverFor(world, "n02a", NAMED_ADDRESSES.N2a, 7102, 1),
        serverFor(world, "n02b", NAMED_ADDRESSES.N2b, 7102, 1),
      ]);
      const ask = `asktcp=${NAMES.N2a},${NAMES.N2b},${SPLITTING_DNS_ADDRESS}`;
      const first = [`tcp=${NAMED_ADDRESSES.N2a},7102`, ...EXCHANGE];
      const client = world.traffic("n02-tcp-answer", [ask, "tcp=answer,7102", ...EXCHANGE, ...first]);
      await Promise.all([client, ...servers].map((program) => program.succeeded()));
      return toldFlows(client, {}, [{}, own(NAMES.N2b), own(NAMES.N2a)]);
    },
  },
  {
    id: "N4",
    title: "two names on one address, same process, in turn",
    run: async (world) => {
      const server = await serverFor(world, "n04", NAMED_ADDRESSES.N4, 7104, 2);
      const early = [`ask=${NAMES.N4a},${DNS_ADDRESS}`, "tcp=answer,7104", ...EXCHANGE];
      const late = [`ask=${NAMES.N4b},${DNS_ADDRESS}`, "tcp=answer,7104", ...EXCHANGE];
      const client = world.traffic("n04-two-names", [...early, ...late]);
      await Promise.all([client.succeeded(), server.succeeded()]);
      return toldFlows(client, {}, [LOOKUP, own(NAMES.N4a), LOOKUP, own(NAMES.N4b)]);
    },
  },
  {
    id: "N5",
    title: "the same address for two processes under two names",
    run: async (world) => {
      const server = await serverFor(world, "n05", NAMED_ADDRESSES.N5, 7105, 2);
      /* both look up before either connects: a table for the whole host would name one of them wrongly */
      const clients = [NAMES.N5a, NAMES.N5b].map((name, index) =>
        world.traffic(`n05-program-${index}`, [`ask=${name},${DNS_ADDRESS}`, "ready", "tcp=answer,7105", ...EXCHANGE]),
      );
      await Promise.all(clients.map((client) => client.line((line) => line.ready === true)));
      for (const client of clients) client.tell("go");
      await Promise.all([server, ...clients].map((program) => program.succeeded()));
      return [NAMES.N5a, NAMES.N5b].flatMap((name, index) => {
        const client = clients[index];
        return client === undefined ? [] : toldFlows(client, {}, [LOOKUP, own(name)]);
      });
    },
  },
  {
    id: "N9",
    title: "stub resolver on 127.0.0.53",
    run: async (world) => {
      const server = await serverFor(world, "n09", NAMED_ADDRESSES.N9, 7109, 1);
      const client = world.trafficBehindStub("n09-stub", [`resolve=${NAMES.N9}`, "tcp=answer,7109", ...EXCHANGE]);
      await Promise.all([client.succeeded(), server.succeeded()]);
      const lookup = { ...LOOKUP, remote: { address: "127.0.0.53", port: 53 }, ...lookupBytes(NAMES.N9) };
      return [flow(client, lookup), ...toldFlows(client, own(NAMES.N9))];
    },
  },
  {
    id: "N13",
    title: "TLS server name, ClientHello in one write and in many",
    run: async (world) => {
      const clients = tlsClients(world);
      await Promise.all(clients.map(({ program }) => program.succeeded()));
      return Promise.all(
        clients.map(async ({ name, program }) => {
          const seen = await world.tlsServer?.line((line) => line.serverName === name);
          if (seen === undefined) throw new Error("the TLS server is not there");
          const bytes = { sent: seen.received, received: seen.sent };
          return flow(program, { local: seen.remote, remote: seen.local, ...bytes, name, source: "server-name" });
        }),
      );
    },
  },
  {
    id: "N20",
    title: "answer arriving after the connect",
    run: async (world) => {
      const server = await serverFor(world, "n20", NAMED_ADDRESSES.N20, 7120, 1);
      const client = world.traffic("n20-late-answer", [
        `tcp=${NAMED_ADDRESSES.N20},7120`,
        "send=100",
        "pause=300",
        `ask=${NAMES.N20},${DNS_ADDRESS}`,
        "send=100",
        "receive=300",
        "close",
      ]);
      await Promise.all([client.succeeded(), server.succeeded()]);
      return toldFlows(client, {}, [LOOKUP, own(NAMES.N20)]);
    },
  },
];
