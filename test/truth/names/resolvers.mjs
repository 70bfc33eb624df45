// @ts-check
/** Other resolver libraries and other name servers: c-ares, Go's own, unbound. */
import { startUnbound } from "../daemons.mjs";
import { debian } from "../debian.mjs";
import { flow, toldFlows } from "../expect.mjs";
import { host, UNLISTED_ADDRESSES } from "../hosts.mjs";
import { DNS_ADDRESS, untilBound } from "../network.mjs";
import { contact, LOOKUP, listening, lookupAt, own, serverFor } from "../scenario.mjs";
import { script } from "./script.mjs";
import { requireCurl } from "./server-names.mjs";

const CARES_PORT = 7151;
const UPSTREAM_PORT = 8080;
const GATEWAY_PORT = 9080;

/** @type {import("../scenario.mjs").Scenario[]} */
export const resolverScenarios = [
  {
    id: "N1b",
    title: "Node's resolver (c-ares)",
    story: "A Node program looks up with dns.resolve4 and connects.",
    run: async (world) => {
      const { name, address } = host("N1b");
      const server = await serverFor(world, "n01b", address, CARES_PORT);
      const client = world.run(script("resolve-client.mjs", name, String(CARES_PORT)));
      await Promise.all([client.succeeded(), server.succeeded()]);
      return [flow(client, lookupAt(name, DNS_ADDRESS)), ...toldFlows(client, own(name))];
    },
  },
  {
    id: "N1c",
    title: "own UDP DNS answer, from unbound",
    story: "As N1, with unbound as the name server.",
    before: (world) => startUnbound(world, UNLISTED_ADDRESSES.N1c),
    run: async (world) => {
      const { name } = host("N1c");
      const client = await contact(world, "N1c", "n01-unbound", [`ask=${name},${UNLISTED_ADDRESSES.N1c}`]);
      return toldFlows(client, {}, [LOOKUP, own(name)]);
    },
  },
  {
    id: "N26b",
    title: "a real Go program with Go's own resolver",
    story: "caddy passes a request on to a server by name; Go's resolver, not the C library, looks it up.",
    before: async (world) => {
      requireCurl();
      const { program, env } = await debian();
      const { name, address } = host("N26b");
      await listening(world.server(script("http-server.mjs", address, String(UPSTREAM_PORT))));
      const from = ["reverse-proxy", "--from", `http://:${GATEWAY_PORT}`, "--to", `${name}:${UPSTREAM_PORT}`];
      const quiet = { XDG_DATA_HOME: world.directory, XDG_CONFIG_HOME: world.directory, HOME: world.directory };
      const gateway = world.run([program("usr/bin/caddy"), ...from], "client", {
        env: { ...env, ...quiet, GODEBUG: "netdns=go" },
      });
      await untilBound(gateway.pid, "tcp", GATEWAY_PORT);
      return gateway;
    },
    run: async (world, gateway) => {
      const { name, address } = host("N26b");
      const client = world.run(["curl", "--silent", "--fail", `http://127.0.0.1:${GATEWAY_PORT}/`]);
      await client.succeeded();
      const remote = { address, port: UPSTREAM_PORT };
      const bytes = { sent: null, received: null, state: null, isNoted: true };
      /* the Host it passes on is the client's own, an address: it says no name */
      return [flow(gateway, { remote, ...bytes, ...own(name) })];
    },
  },
];
