// @ts-check
/** Sockets of something else than TCP and UDP. */
import { flow, toldFlows } from "../expect.mjs";
import { CLIENT_ADDRESS, CLIENT_ADDRESS_6, SERVER_ADDRESS, SERVER_ADDRESS_6 } from "../network.mjs";
import { done, listening } from "../scenario.mjs";

/** @typedef {import("../world.mjs").World} World */
/** @typedef {import("../judge.mjs").ExpectedFlow} ExpectedFlow */

/** For experiments (RFC 3692). */
const PROTOCOL = 253;
const IPPROTO_UDP = 17;
const ETHERTYPE_ARP = 0x0806;
/** RFC 826, for IPv4 over Ethernet. */
const ARP_BYTES = 28;
const CARD = "tt0";

/**
 * All at the same time: a raw socket hears the answers to everybody's pings.
 * @param {World} world @param {"icmp" | "ping"} step @param {string} id
 */
async function pings(world, step, id) {
  const programs = [
    world.program("raw-traffic", `${id}-v4`, [`${step}=${SERVER_ADDRESS},40,56`]),
    world.program("raw-traffic", `${id}-v4-other`, [`${step}=${SERVER_ADDRESS},20,1000`]),
    world.program("raw-traffic", `${id}-v6`, [`${step}=${SERVER_ADDRESS_6},40,120`]),
  ];
  await done(...programs);
  return programs.flatMap((program) => toldFlows(program, { transport: "icmp" }));
}

/** @param {World} world @param {string} name @param {string} client @param {string} server */
async function overOwnProtocol(world, name, client, server) {
  const echo = world.program("raw-traffic", `${name}-server`, [`rawecho=${server},${PROTOCOL},30,200`], "server");
  await listening(echo).catch(() => undefined);
  const asker = world.program("raw-traffic", name, [`raw=${server},${PROTOCOL},30,500`]);
  await done(echo, asker);
  const facts = /** @type {const} */ ({ transport: "raw", ipProtocol: PROTOCOL });
  const local = { address: server, port: 0 };
  const remote = { address: client, port: 0 };
  return [...toldFlows(asker, facts), ...toldFlows(echo, { ...facts, direction: "inbound", local, remote })];
}

/** @type {import("../scenario.mjs").Scenario[]} */
export const otherSocketScenarios = [
  {
    id: "5",
    title: "ICMP echo with payload, raw socket, IPv4 and IPv6",
    run: (world) => pings(world, "icmp", "05-icmp"),
  },
  { id: "5b", title: "the same from ping sockets (SOCK_DGRAM)", run: (world) => pings(world, "ping", "05-ping") },
  {
    id: "8",
    title: "SCTP",
    run: async (world) => {
      const sink = world.program("raw-traffic", "08-sctp-server", [`sctpsink=${SERVER_ADDRESS},7008,50000`], "server");
      await listening(sink).catch(() => undefined);
      const client = world.program("raw-traffic", "08-sctp", [`sctp=${SERVER_ADDRESS},7008,50000`]);
      await done(client, sink);
      return toldFlows(client, { transport: "sctp", sent: null, received: null });
    },
  },
  {
    id: "10",
    title: "raw IP protocol 253, IPv4 and IPv6",
    run: async (world) => [
      ...(await overOwnProtocol(world, "10-raw", CLIENT_ADDRESS, SERVER_ADDRESS)),
      ...(await overOwnProtocol(world, "10-raw6", CLIENT_ADDRESS_6, SERVER_ADDRESS_6)),
    ],
  },
  {
    id: "12",
    title: "AF_PACKET injection: UDP by hand, and ARP",
    run: async (world) => {
      const injector = world.program("raw-traffic", "12-inject", [
        `inject=${CARD},${CLIENT_ADDRESS},${SERVER_ADDRESS},7012,300,700`,
      ]);
      const arp = world.program("raw-traffic", "12-arp", [`arp=${CARD},${SERVER_ADDRESS},5`]);
      await done(injector, arp);
      /* nothing tells when a packet socket is closed */
      const facts = /** @type {const} */ ({ transport: "packet", state: null });
      return [
        ...toldFlows(injector, { ...facts, ipProtocol: IPPROTO_UDP }),
        flow(arp, {
          ...facts,
          remote: { address: "ff:ff:ff:ff:ff:ff", port: 0 },
          etherType: ETHERTYPE_ARP,
          sent: 5 * ARP_BYTES,
          packetsSent: 5,
        }),
      ];
    },
  },
];
