// @ts-check
/** What a program says itself when it connects: TLS server name, HTTP Host; alone, against DNS, behind STARTTLS. */
import { findProgram } from "../../../scripts/setup/run.mjs";
import { flow } from "../expect.mjs";
import { host, UNLISTED_ADDRESSES } from "../hosts.mjs";
import { listening, own, Unavailable } from "../scenario.mjs";
import { TLS_PORT } from "../world.mjs";
import { script } from "./script.mjs";

/** @typedef {import("../world.mjs").World} World */
/** @typedef {import("../world.mjs").Program} Program */

const HTTP_PORT = 8080;
const SMTP_PORT = 587;

export function requireCurl() {
  if (findProgram("curl") === undefined) throw new Unavailable("no curl");
}

/**
 * HTTPS clients that were given the address: only their ClientHello says the name.
 * @param {World} world @returns {{ name: string, program: Program }[]}
 */
function tlsClients(world) {
  const address = UNLISTED_ADDRESSES.N13;
  const endpoint = `${address}:${TLS_PORT}`;
  const openssl = (/** @type {string} */ name, /** @type {string[]} */ ...more) =>
    /** @type {const} */ ([
      name,
      ["openssl", "s_client", "-connect", endpoint, "-servername", name, "-quiet", ...more],
    ]);
  const node = (/** @type {string} */ mode, /** @type {string} */ name) =>
    /** @type {const} */ ([name, script("tls-client.mjs", mode, address, String(TLS_PORT), name)]);
  const commands = [
    openssl("openssl.truth.example"),
    openssl("openssl-1-2.truth.example", "-tls1_2"),
    node("whole", "node-whole.truth.example"),
    node("split", "node-split.truth.example"),
  ];
  if (findProgram("curl") !== undefined) {
    const name = "curl.truth.example";
    const url = `https://${name}:${TLS_PORT}/`;
    commands.push([name, ["curl", "--silent", "--insecure", "--resolve", `${name}:${TLS_PORT}:${address}`, url]]);
  }
  return commands.map(([name, command]) => {
    const program = world.run(command);
    if (command[0] === "openssl") program.tell("GET / HTTP/1.0\r\n\r");
    return { name, program };
  });
}

/**
 * The connection as the TLS server saw it.
 * @param {World} world @param {Program} program @param {string} name
 */
async function seenByServer(world, program, name) {
  const seen = await world.tlsServer?.line((line) => line.serverName === name);
  if (seen === undefined) throw new Error("the TLS server is not there");
  const bytes = { sent: seen.received, received: seen.sent };
  return flow(program, { local: seen.remote, remote: seen.local, ...bytes, name, source: "server-name" });
}

/** @type {import("../scenario.mjs").Scenario[]} */
export const serverNameScenarios = [
  {
    id: "N13",
    title: "TLS server name, ClientHello in one write and in many",
    story: "openssl (TLS 1.2 and 1.3), Node and curl connect to an address they were given and say the name in TLS.",
    run: async (world) => {
      const clients = tlsClients(world);
      await Promise.all(clients.map(({ program }) => program.succeeded()));
      return Promise.all(clients.map(({ name, program }) => seenByServer(world, program, name)));
    },
  },
  {
    id: "N13b",
    title: "TLS server name after STARTTLS",
    story: "openssl speaks SMTP to an address it was given, then begins TLS on the same connection.",
    run: async (world) => {
      const address = UNLISTED_ADDRESSES.N13b;
      const name = "mail.truth.example";
      const server = world.server(
        script("starttls-server.mjs", address, String(SMTP_PORT), ...world.certificateFiles()),
      );
      await listening(server);
      const connect = ["-connect", `${address}:${SMTP_PORT}`, "-servername", name];
      const client = world.run(["openssl", "s_client", "-starttls", "smtp", "-quiet", ...connect]);
      client.tell("QUIT\r");
      await client.succeeded();
      const seen = await server.line((line) => line.serverName === name);
      const bytes = { sent: seen.received, received: seen.sent };
      return [flow(client, { local: seen.remote, remote: seen.local, ...bytes, name, source: "server-name" })];
    },
  },
  {
    id: "N14",
    title: "TLS server name that contradicts DNS",
    story: "curl looks up one name and says another in TLS (--connect-to), as domain fronting does.",
    run: async (world) => {
      requireCurl();
      const name = "said-in-tls.truth.example";
      const address = host("N14").address;
      const server = world.startTlsServer(address, TLS_PORT);
      await listening(server);
      const detour = ["--connect-to", `${name}:${TLS_PORT}:${host("N14").name}:${TLS_PORT}`];
      const client = world.run(["curl", "--ipv4", "--silent", "--insecure", ...detour, `https://${name}:${TLS_PORT}/`]);
      await client.succeeded();
      const seen = await server.line((line) => line.serverName === name);
      const facts = { local: seen.remote, remote: seen.local, sent: seen.received, received: seen.sent };
      const naming = { isContradicted: true, evidence: [own(host("N14").name)] };
      return [flow(client, { ...facts, name, source: "server-name", naming, isNoted: true })];
    },
  },
  {
    id: "N18",
    title: "HTTP Host",
    story: "curl fetches a page by plain HTTP from an address it was given, with the name in the request alone.",
    run: async (world) => {
      requireCurl();
      const name = "plain.truth.example";
      const address = UNLISTED_ADDRESSES.N18;
      const server = world.server(script("http-server.mjs", address, String(HTTP_PORT)));
      await listening(server);
      const client = world.run(["curl", "--silent", "--header", `Host: ${name}`, `http://${address}:${HTTP_PORT}/`]);
      await client.succeeded();
      const seen = await server.line((line) => line.host === name);
      const facts = { local: seen.remote, remote: seen.local, sent: seen.received, received: seen.sent };
      return [flow(client, { ...facts, name, source: "http-host" })];
    },
  },
  {
    id: "N18b",
    title: "HTTP Host and the program's own lookup",
    story: "curl looks the name up and says it in its request too.",
    run: async (world) => {
      requireCurl();
      const { address, name } = host("N18b");
      const server = world.server(script("http-server.mjs", address, String(HTTP_PORT)));
      await listening(server);
      const client = world.run(["curl", "--ipv4", "--silent", `http://${name}:${HTTP_PORT}/`]);
      await client.succeeded();
      const seen = await server.line((line) => line.host === `${name}:${HTTP_PORT}`);
      const facts = { local: seen.remote, remote: seen.local, sent: seen.received, received: seen.sent };
      return [flow(client, { ...facts, name, source: "http-host", naming: { isContradicted: false }, isNoted: true })];
    },
  },
];
