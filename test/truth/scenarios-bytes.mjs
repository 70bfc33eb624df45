// @ts-check
/** Scenarios of processes and bytes. Each runs its own programs and says what must have been seen. */
import { flow, toldFlows } from "./expect.mjs";
import { CLIENT_ADDRESS, DNS_ADDRESS, SERVER_ADDRESS, SERVER_ADDRESS_6, SILENT_ADDRESS } from "./network.mjs";
import { listening } from "./scenario.mjs";

/** RFC 5737; the namespaces have no route but to each other. */
const UNROUTED_ADDRESS = "203.0.113.77";

/** @typedef {import("./world.mjs").World} World */
/** @typedef {import("./judge.mjs").ExpectedFlow} ExpectedFlow */
/**
 * A client against a server of `count` connections.
 * @param {World} world @param {string} name @param {string} address @param {number} port
 * @param {{ toServer: number, toClient: number, count?: number, clientSteps: readonly string[] }} plan
 */
async function overTcp(world, name, address, port, plan) {
  const serve = `serve=${plan.count ?? 1},${plan.toServer},${plan.toClient}`;
  const server = world.traffic(`${name}-server`, [`listen=${address},${port}`, serve], "server");
  await listening(server);
  const client = world.traffic(name, plan.clientSteps);
  await Promise.all([client.succeeded(), server.succeeded()]);
  return { client, server };
}

/** @param {World} world @param {string} name @param {string} address @param {number} port */
async function overUdp(world, name, address, port) {
  const server = world.traffic(`${name}-server`, [`echo=${address},${port},300,700`], "server");
  await listening(server);
  const client = world.traffic(name, [`udp=${address},${port}`, "volley=300,1100", "close"]);
  await Promise.all([client.succeeded(), server.succeeded()]);
  return toldFlows(client, { transport: "udp", packetsSent: 300, packetsReceived: 300 });
}

/** @type {import("./scenario.mjs").Scenario[]} */
export const byteScenarios = [
  {
    id: "1",
    title: "TCP download",
    run: async (world) => {
      const steps = [`tcp=${SERVER_ADDRESS},7001`, "send=100", "receive=5000000", "close"];
      const plan = { toServer: 100, toClient: 5_000_000, clientSteps: steps };
      return toldFlows((await overTcp(world, "01-download", SERVER_ADDRESS, 7001, plan)).client);
    },
  },
  {
    id: "2",
    title: "TCP upload",
    run: async (world) => {
      const steps = [`tcp=${SERVER_ADDRESS},7002`, "send=5000000", "receive=100", "close"];
      const plan = { toServer: 5_000_000, toClient: 100, clientSteps: steps };
      return toldFlows((await overTcp(world, "02-upload", SERVER_ADDRESS, 7002, plan)).client);
    },
  },
  {
    id: "3",
    title: "TCP both ways",
    run: async (world) => {
      const steps = [`tcp=${SERVER_ADDRESS},7003`, "send=3000000", "receive=2000000", "close"];
      const plan = { toServer: 3_000_000, toClient: 2_000_000, clientSteps: steps };
      return toldFlows((await overTcp(world, "03-both-ways", SERVER_ADDRESS, 7003, plan)).client);
    },
  },
  {
    id: "4",
    title: "UDP both ways, also two remotes on one socket",
    run: async (world) => {
      const connected = await overUdp(world, "04-udp", SERVER_ADDRESS, 7004);
      const addresses = [SERVER_ADDRESS, DNS_ADDRESS];
      const servers = addresses.map((address) =>
        world.traffic("04-scatter-server", [`echo=${address},7005,50,600`], "server"),
      );
      await Promise.all(servers.map(listening));
      const client = world.traffic("04-scatter", [`scatter=50,900,${SERVER_ADDRESS},7005,${DNS_ADDRESS},7005`]);
      await Promise.all([client, ...servers].map((program) => program.succeeded()));
      const local = { address: CLIENT_ADDRESS, port: client.lines[0]?.local.port };
      return [...connected, ...toldFlows(client, { transport: "udp", local, packetsSent: 50, packetsReceived: 50 })];
    },
  },
  {
    id: "7",
    title: "TCP over IPv6",
    run: async (world) => {
      const steps = [`tcp=${SERVER_ADDRESS_6},7007`, "send=400000", "receive=900000", "close"];
      const plan = { toServer: 400_000, toClient: 900_000, clientSteps: steps };
      return toldFlows((await overTcp(world, "07-tcp6", SERVER_ADDRESS_6, 7007, plan)).client);
    },
  },
  {
    id: "11",
    title: "20 short-lived processes",
    run: async (world) => {
      const server = world.traffic("11-short-server", [`listen=${SERVER_ADDRESS},7011`, "serve=20,500,0"], "server");
      await listening(server);
      const clients = Array.from({ length: 20 }, (_, index) =>
        world.traffic("11-short", [`tcp=${SERVER_ADDRESS},7011`, "send=500", "close", `pause=${index % 2}`]),
      );
      await Promise.all([server, ...clients].map((program) => program.succeeded()));
      return clients.flatMap((client) => toldFlows(client));
    },
  },
  {
    id: "16",
    title: "loopback only, both ends as one edge",
    run: async (world) => {
      const server = world.traffic("16-loopback-server", ["listen=127.0.0.1,0", "serve=1,250000,750000"], "host");
      const { at } = await listening(server);
      const steps = [`tcp=127.0.0.1,${at.port}`, "send=250000", "receive=750000", "close"];
      const client = world.traffic("16-loopback", steps, "host");
      await Promise.all([client.succeeded(), server.succeeded()]);
      const flows = [
        ...toldFlows(client, { measures: { failure: null, peerPid: server.pid } }),
        ...toldFlows(server, { direction: "inbound", measures: { failure: null, peerPid: client.pid } }),
      ];
      const edge = { program: "16-loopback", peer: "16-loopback-server", sent: 250_000, received: 750_000 };
      return { flows, edges: [edge] };
    },
  },
  {
    id: "18",
    title: "slow drip",
    run: async (world) => {
      const steps = [`tcp=${SERVER_ADDRESS},7018`, "drip=100,40", "receive=10", "close"];
      const plan = { toServer: 100, toClient: 10, clientSteps: steps };
      return toldFlows((await overTcp(world, "18-drip", SERVER_ADDRESS, 7018, plan)).client);
    },
  },
  {
    id: "19",
    title: "60 small connections of one process",
    run: async (world) => {
      const steps = [`many=60,${SERVER_ADDRESS},7019,70,130`];
      const plan = { toServer: 70, toClient: 130, count: 60, clientSteps: steps };
      return toldFlows((await overTcp(world, "19-many", SERVER_ADDRESS, 7019, plan)).client);
    },
  },
  {
    id: "20",
    title: "30 connections at once",
    run: async (world) => {
      const steps = [`atonce=30,${SERVER_ADDRESS},7020,2000,3000`];
      const plan = { toServer: 2000, toClient: 3000, count: 30, clientSteps: steps };
      return toldFlows((await overTcp(world, "20-at-once", SERVER_ADDRESS, 7020, plan)).client);
    },
  },
  { id: "24", title: "UDP over IPv6", run: (world) => overUdp(world, "24-udp6", SERVER_ADDRESS_6, 7024) },
  {
    id: "25",
    title: "connected before we started",
    before: async (world) => {
      const listen = [`listen=${SERVER_ADDRESS},7025`, "serve=1,400000,40000"];
      const server = world.traffic("25-before-server", listen, "server");
      await listening(server);
      const steps = [`tcp=${SERVER_ADDRESS},7025`, "send=100000", "ready", "send=300000", "receive=40000", "close"];
      const client = world.traffic("25-before", steps);
      await client.line((line) => line.ready === true);
      return { client, server };
    },
    run: async (_world, { client, server }) => {
      client.tell("go");
      await Promise.all([client.succeeded(), server.succeeded()]);
      return toldFlows(client);
    },
  },
  {
    id: "26",
    title: "accepted (inbound) connections",
    run: async (world) => {
      const steps = [`many=5,${SERVER_ADDRESS},7026,6000,9000`];
      const plan = { toServer: 6000, toClient: 9000, count: 5, clientSteps: steps };
      const { client, server } = await overTcp(world, "26-accepted", SERVER_ADDRESS, 7026, plan);
      return [...toldFlows(server, { direction: "inbound" }), ...toldFlows(client)];
    },
  },
  {
    id: "27",
    title: "attempts refused, timed out, unreachable; a reset",
    run: async (world) => {
      const refused = world.traffic("27-refused", [
        `fails=${SERVER_ADDRESS},7027,refused`,
        `fails=${SERVER_ADDRESS},7028,refused`,
      ]);
      const silent = world.traffic("27-timeout", [`fails=${SILENT_ADDRESS},7029,timeout`]);
      const nowhere = world.traffic("27-nowhere", [`fails=${UNROUTED_ADDRESS},7030,unreachable`]);
      const aborting = world.traffic("27-reset-server", [`listen=${SERVER_ADDRESS},7127`, "abort=1,10"], "server");
      await listening(aborting);
      const reset = world.traffic("27-reset", [`tcp=${SERVER_ADDRESS},7127`, "broken=10"]);
      await Promise.all([refused, silent, nowhere, aborting, reset].map((program) => program.succeeded()));
      const failed = /** @type {const} */ ({ state: "failed" });
      /** @param {NonNullable<import("./judge-measures.mjs").Measures["failure"]>} failure */
      const as = (failure) => ({ ...failed, measures: { failure } });
      return [
        flow(refused, { remote: { address: SERVER_ADDRESS, port: 7027 }, ...as("refused") }),
        flow(refused, { remote: { address: SERVER_ADDRESS, port: 7028 }, ...as("refused") }),
        flow(silent, {
          remote: { address: SILENT_ADDRESS, port: 7029 },
          ...failed,
          measures: { failure: "timed out", minRetransmits: 1 },
        }),
        flow(nowhere, { remote: { address: UNROUTED_ADDRESS, port: 7030 }, ...as("unreachable") }),
        ...toldFlows(reset, { measures: { failure: "reset", peerPid: aborting.pid } }),
      ];
    },
  },
];
