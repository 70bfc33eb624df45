// @ts-check
/** Through an HTTP proxy: the flow ends at the proxy, and is named by what the program asked the proxy for. */
import { writeFileSync } from "node:fs";
import path from "node:path";
import { debian } from "../debian.mjs";
import { flow } from "../expect.mjs";
import { host } from "../hosts.mjs";
import { untilBound } from "../network.mjs";
import { listening } from "../scenario.mjs";
import { TLS_PORT } from "../world.mjs";
import { script } from "./script.mjs";
import { requireCurl } from "./server-names.mjs";

const PROXY_PORT = 3128;
const HTTP_PORT = 8080;

/** @typedef {import("../world.mjs").World} World */

/** tinyproxy, and behind it one server each for HTTP and HTTPS. @param {World} world */
async function openProxy(world) {
  requireCurl();
  const { program, env } = await debian();
  const { address } = host("N27p");
  const file = path.join(world.directory, "tinyproxy.conf");
  const ports = [TLS_PORT, HTTP_PORT].map((port) => `ConnectPort ${port}`);
  const settings = [`Port ${PROXY_PORT}`, `Listen ${address}`, "MaxClients 10", "LogLevel Critical", ...ports, ""];
  writeFileSync(file, settings.join("\n"));
  const proxy = world.run([program("usr/bin/tinyproxy"), "-d", "-c", file], "server", { room: world.machine, env });
  const target = host("N27").address;
  await Promise.all([
    untilBound(proxy.pid, "tcp", PROXY_PORT),
    listening(world.startTlsServer(target, TLS_PORT)),
    listening(world.server(script("http-server.mjs", target, String(HTTP_PORT)))),
  ]);
}

/**
 * One curl through the proxy: its flow to the proxy, with the target's name.
 * @param {World} world @param {readonly string[]} options @param {string} url
 * @param {string} source @param {import("../judge-naming.mjs").NamingFacts} [more]
 */
async function throughProxy(world, options, url, source, more = {}) {
  const proxy = host("N27p");
  const client = world.run([
    ...["curl", "--ipv4", "--silent", "--fail", "--insecure"],
    ...["--proxy", `http://${proxy.name}:${PROXY_PORT}`, ...options, url],
  ]);
  await client.succeeded();
  const naming = { hop: { kind: "http-proxy", name: proxy.name }, isContradicted: false, ...more };
  const remote = { address: proxy.address, port: PROXY_PORT };
  const bytes = { sent: null, received: null };
  return [flow(client, { remote, ...bytes, name: host("N27").name, source, naming, isNoted: true })];
}

/** Three scenarios share the proxy: it is opened once a world. @type {WeakMap<World, Promise<void>>} */
const opened = new WeakMap();
/** @param {World} world */
function sharedProxy(world) {
  const opening = opened.get(world) ?? openProxy(world);
  opened.set(world, opening);
  return opening;
}

/** @type {import("../scenario.mjs").Scenario[]} */
export const proxyScenarios = [
  {
    id: "N27",
    title: "HTTPS through an HTTP CONNECT proxy",
    story: "curl asks tinyproxy to CONNECT to a host and speaks TLS to it through the tunnel.",
    before: sharedProxy,
    run: (world) => {
      const { name } = host("N27");
      const naming = { evidence: [{ name, source: "server-name" }] };
      return throughProxy(world, [], `https://${name}:${TLS_PORT}/`, "server-name", naming);
    },
  },
  {
    id: "N27b",
    title: "plain HTTP through a CONNECT tunnel",
    story: "curl --proxytunnel: only the CONNECT request says where the tunnel leads.",
    before: sharedProxy,
    run: (world) =>
      throughProxy(world, ["--proxytunnel"], `http://${host("N27").name}:${HTTP_PORT}/`, "connect-target"),
  },
  {
    id: "N27c",
    title: "plain HTTP handed to a proxy",
    story: "curl sends its request with the whole URL to the proxy, which fetches the page.",
    before: sharedProxy,
    run: (world) => throughProxy(world, [], `http://${host("N27").name}:${HTTP_PORT}/`, "connect-target"),
  },
];
