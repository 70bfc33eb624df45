// @ts-check
/** The server name in QUIC Initials: a real browser and a real server, and shapes only a sender makes at will. */
import { writeFileSync } from "node:fs";
import path from "node:path";
import { findBrowser, loadPage } from "../browser.mjs";
import { helloSender } from "../bundle.mjs";
import { debian } from "../debian.mjs";
import { flow, toldFlows } from "../expect.mjs";
import { host, UNLISTED_ADDRESSES } from "../hosts.mjs";
import { untilBound } from "../network.mjs";
import { listening } from "../scenario.mjs";

const QUIC_PORT = 443;
const ANSWER_BYTES = 60; // of the server that understands nothing

/** caddy with HTTP/3. @param {import("../world.mjs").World} world @param {ReturnType<typeof host>} site */
async function openHttp3(world, { name, address }) {
  const { program, env } = await debian();
  const [key, certificate] = world.certificateFiles();
  const file = path.join(world.directory, `Caddyfile-${address}`);
  const site = [`  bind ${address}`, `  tls ${certificate} ${key}`, '  respond "hello over {http.request.proto}"'];
  writeFileSync(file, ["{", "  admin off", "  auto_https off", "}", `https://${name} {`, ...site, "}", ""].join("\n"));
  const home = { HOME: world.directory, XDG_DATA_HOME: world.directory, XDG_CONFIG_HOME: world.directory };
  const command = [program("usr/bin/caddy"), "run", "--config", file, "--adapter", "caddyfile"];
  const server = world.server(command, "server", { ...env, ...home });
  await untilBound(server.pid, "udp", QUIC_PORT);
  return findBrowser();
}

/**
 * @param {string} id @param {string} title @param {string} story @param {readonly string[]} options of the browser
 * @returns {import("../scenario.mjs").Scenario}
 */
const withBrowser = (id, title, story, options) => ({
  id,
  title,
  story,
  before: (world) => openHttp3(world, host(id)),
  run: async (world, browser) => {
    const { name, address } = host(id);
    const force = `--origin-to-force-quic-on=${name}:${QUIC_PORT}`;
    const client = loadPage(world, `https://${name}/`, [force, ...options], browser);
    await client.succeeded();
    /* which of its processes speaks to the network is the browser's own affair */
    const process = { exe: client.exe };
    const remote = { address, port: QUIC_PORT };
    const rest = { transport: /** @type {const} */ ("udp"), sent: null, received: null, state: null, isNoted: true };
    const naming = { isContradicted: false };
    return [flow(client, { process, remote, ...rest, name, source: "server-name", naming })];
  },
});

/**
 * @param {"N15b" | "N15c" | "N15d" | "N15e" | "N15f"} id @param {string} title @param {string} story
 * @param {string} mode of hello-sender @param {number} datagrams it sends
 * @returns {import("../scenario.mjs").Scenario}
 */
const withSender = (id, title, story, mode, datagrams) => ({
  id,
  title,
  story,
  before: helloSender,
  run: async (world, sender) => {
    const address = UNLISTED_ADDRESSES[id];
    const name = `${mode}.quic.truth.example`;
    const echo = [`echo=${address},${QUIC_PORT},${datagrams},${ANSWER_BYTES}`];
    const server = world.traffic(`${id.toLowerCase()}-server`, echo, "server");
    await listening(server);
    const client = world.run([process.execPath, sender, mode, address, String(QUIC_PORT), name]);
    await Promise.all([client.succeeded(), server.succeeded()]);
    return toldFlows(client, { transport: "udp", name, source: "server-name" });
  },
});

/** @type {import("../scenario.mjs").Scenario[]} */
export const quicScenarios = [
  withBrowser(
    "N15",
    "QUIC v1: Chromium and caddy, HTTP/3",
    "Headless Chromium loads a page by HTTP/3; its ClientHello is scattered over two datagrams in many frames.",
    [],
  ),
  withBrowser(
    "N15g",
    "QUIC v2: Chromium begins with version 2",
    "Headless Chromium offers QUIC version 2 (RFC 9369) to caddy.",
    ["--quic-version=RFCv2"],
  ),
  withSender(
    "N15b",
    "QUIC v1, frames out of order over three datagrams",
    "A ClientHello of five pieces, the last first, one of them twice, PING and PADDING between.",
    "v1-shuffled",
    3,
  ),
  withSender(
    "N15c",
    "QUIC v2 over two datagrams",
    "A post-quantum sized ClientHello in two Initials of version 2 (RFC 9369).",
    "v2",
    2,
  ),
  withSender("N15d", "QUIC v2, frames out of order", "As N15b, in version 2.", "v2-shuffled", 3),
  withSender(
    "N15e",
    "QUIC after a Retry",
    "The first Initial is turned away; the client begins anew with a token, other ids and other keys.",
    "v1-retry",
    3,
  ),
  withSender(
    "N15f",
    "QUIC after a version negotiation",
    "The first datagram is of a version nobody speaks; the client goes on with version 1.",
    "v1-negotiated",
    3,
  ),
];
