// @ts-check
/** Programs that send their lookups encrypted: flagged, and their flows named by what they say themselves. */
import { findProgram } from "../../../scripts/setup/run.mjs";
import { startUnbound } from "../daemons.mjs";
import { flow } from "../expect.mjs";
import { host, UNLISTED_ADDRESSES } from "../hosts.mjs";
import { listening, Unavailable } from "../scenario.mjs";
import { TLS_PORT } from "../world.mjs";
import { requireCurl } from "./server-names.mjs";

const DOT_PORT = 853;
const DOH_PORT = 443;

/** unbound, as a resolver that speaks DoT and DoH. @param {import("../world.mjs").World} world @param {string} address */
async function openResolver(world, address) {
  const [key = "", certificate = ""] = world.certificateFiles();
  const ports = [DOT_PORT, DOH_PORT].map((port) => `interface: ${address}@${port}`);
  await startUnbound(world, address, [...ports, `tls-service-key: ${key}`, `tls-service-pem: ${certificate}`]);
}

const UNCOUNTED = { sent: null, received: null, isNoted: true };

/** @type {import("../scenario.mjs").Scenario[]} */
export const encryptedDnsScenarios = [
  {
    id: "N17",
    title: "DNS over TLS",
    story: "kdig asks unbound by DoT, under the name of a public resolver.",
    before: (world) => openResolver(world, UNLISTED_ADDRESSES.N17),
    run: async (world) => {
      if (findProgram("kdig") === undefined) throw new Unavailable("no kdig (package knot-dnsutils)");
      const address = UNLISTED_ADDRESSES.N17;
      const resolver = "dns.quad9.net";
      const client = world.run(["kdig", `@${address}`, "+tls", `+tls-sni=${resolver}`, host("N1").name, "A"]);
      await client.succeeded();
      const naming = { encryptedDns: { protocol: "dot", resolver } };
      const remote = { address, port: DOT_PORT };
      return [flow(client, { remote, ...UNCOUNTED, name: resolver, source: "server-name", naming })];
    },
  },
  {
    id: "N17b",
    title: "DNS over HTTPS, and the flow it was for",
    story: "curl --doh-url asks unbound by DoH under the name of a public resolver, then fetches a page by HTTPS.",
    before: (world) => openResolver(world, UNLISTED_ADDRESSES.N17b),
    run: async (world) => {
      requireCurl();
      const address = UNLISTED_ADDRESSES.N17b;
      const resolver = "dns.google";
      const target = host("N17b");
      const server = world.startTlsServer(target.address, TLS_PORT);
      await listening(server);
      const doh = ["--doh-url", `https://${resolver}/dns-query`, "--doh-insecure"];
      const known = ["--resolve", `${resolver}:${DOH_PORT}:${address}`];
      const url = `https://${target.name}:${TLS_PORT}/`;
      const client = world.run(["curl", "--ipv4", "--silent", "--insecure", ...doh, ...known, url]);
      await client.succeeded();
      const lookup = { remote: { address, port: DOH_PORT }, naming: { encryptedDns: { protocol: "doh", resolver } } };
      const page = { remote: { address: target.address, port: TLS_PORT }, naming: { encryptedDns: null } };
      return [
        flow(client, { ...lookup, ...UNCOUNTED, name: resolver, source: "server-name" }),
        flow(client, { ...page, ...UNCOUNTED, name: target.name, source: "server-name" }),
      ];
    },
  },
];
