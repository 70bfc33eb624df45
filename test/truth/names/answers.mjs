// @ts-check
/** A program that asks a name server itself: over UDP and TCP, late, early, through aliases and hints. */
import { toldFlows } from "../expect.mjs";
import { chainName, host, SVCB_NAME, UNLISTED_ADDRESSES } from "../hosts.mjs";
import { DNS_ADDRESS, SPLITTING_DNS_ADDRESS } from "../network.mjs";
import { contact, EXCHANGE, LOOKUP, own, serverFor } from "../scenario.mjs";

const LONG_CACHED_MS = 2500; // of an answer that was good for 1 s

/** @type {import("../scenario.mjs").Scenario[]} */
export const answerScenarios = [
  {
    id: "N1",
    title: "own UDP DNS answer",
    story: "A program asks dnsmasq over UDP and connects.",
    run: async (world) => {
      const client = await contact(world, "N1", "n01-own-answer", [`ask=${host("N1").name},${DNS_ADDRESS}`]);
      return toldFlows(client, {}, [LOOKUP, own(host("N1").name)]);
    },
  },
  {
    id: "N2",
    title: "DNS over TCP, split at awkward places",
    story: "Two pipelined questions over one TCP stream, both directions cut in odd pieces; connects to both.",
    run: async (world) => {
      const [first, second] = [host("N2a"), host("N2b")];
      const servers = await Promise.all([
        serverFor(world, "n02a", first.address, 7102),
        serverFor(world, "n02b", second.address, 7102),
      ]);
      const ask = `asktcp=${first.name},${second.name},${SPLITTING_DNS_ADDRESS}`;
      const other = [`tcp=${first.address},7102`, ...EXCHANGE];
      const client = world.traffic("n02-tcp-answer", [ask, "tcp=answer,7102", ...EXCHANGE, ...other]);
      await Promise.all([client, ...servers].map((program) => program.succeeded()));
      return toldFlows(client, {}, [{}, own(second.name), own(first.name)]);
    },
  },
  {
    id: "N3",
    title: "CNAME chain of 8",
    story: "The name asked for is an alias of an alias, eight times; the program connects to the end of the chain.",
    run: async (world) => {
      const client = await contact(world, "N3", "n03-chain", [`ask=${chainName(0)},${DNS_ADDRESS}`]);
      return toldFlows(client, {}, [LOOKUP, own(chainName(0))]);
    },
  },
  {
    id: "N4",
    title: "two names on one address, same process, in turn",
    story: "Looks up one name, connects, looks up another on the same address, connects again.",
    run: async (world) => {
      const { address, names } = host("N4");
      const server = await serverFor(world, "n04", address, 7104, 2);
      const steps = names.flatMap((name) => [`ask=${name},${DNS_ADDRESS}`, "tcp=answer,7104", ...EXCHANGE]);
      const client = world.traffic("n04-two-names", steps);
      await Promise.all([client.succeeded(), server.succeeded()]);
      return toldFlows(
        client,
        {},
        names.flatMap((name) => [LOOKUP, own(name)]),
      );
    },
  },
  {
    id: "N4b",
    title: "two names on one address, both looked up before either is used",
    story: "One process looks up both names, then connects twice to their one address. Nothing tells which is which.",
    run: async (world) => {
      const { address, names } = host("N4b");
      const server = await serverFor(world, "n04b", address, 7204, 2);
      const asks = names.map((name) => `ask=${name},${DNS_ADDRESS}`);
      const connect = [`tcp=${address},7204`, ...EXCHANGE];
      const client = world.traffic("n04-not-told-apart", [...asks, ...connect, ...connect]);
      await Promise.all([client.succeeded(), server.succeeded()]);
      const facts = { naming: { candidates: names } };
      return toldFlows(client, {}, [LOOKUP, LOOKUP, ...names.map((meant) => ({ ...facts, meant }))]);
    },
  },
  {
    id: "N5",
    title: "the same address for two processes under two names",
    story: "Two programs look up their own name of one address, both before either connects.",
    run: async (world) => {
      const { address, names } = host("N5");
      const server = await serverFor(world, "n05", address, 7105, 2);
      /* both look up before either connects: a table for the whole host would name one of them wrongly */
      const clients = names.map((name, index) =>
        world.traffic(`n05-program-${index}`, [`ask=${name},${DNS_ADDRESS}`, "ready", "tcp=answer,7105", ...EXCHANGE]),
      );
      await Promise.all(clients.map((client) => client.line((line) => line.ready === true)));
      for (const client of clients) client.tell("go");
      await Promise.all([server, ...clients].map((program) => program.succeeded()));
      return names.flatMap((name, index) => {
        const client = clients[index];
        return client === undefined ? [] : toldFlows(client, {}, [LOOKUP, own(name)]);
      });
    },
  },
  {
    id: "N6",
    title: "answer older than its TTL",
    story: "The answer was good for 1 second; the program keeps it and connects 2.5 seconds later.",
    run: async (world) => {
      const steps = [`ask=${host("N6").name},${DNS_ADDRESS}`, `pause=${LONG_CACHED_MS}`];
      const client = await contact(world, "N6", "n06-long-cached", steps);
      const age = /** @type {const} */ ([LONG_CACHED_MS / 1000 - 0.1, LONG_CACHED_MS / 1000 + 2]);
      return toldFlows(client, {}, [LOOKUP, { ...own(host("N6").name), naming: { ageSec: age } }]);
    },
  },
  {
    id: "N19",
    title: "HTTPS record: the address is only in its hints",
    story: "Asks for the HTTPS record alone and connects to its ipv4hint; no A record was ever asked for.",
    run: async (world) => {
      const steps = [`askhints=${SVCB_NAME},${DNS_ADDRESS}`];
      const client = await contact(world, "N19", "n19-hints", steps, { address: UNLISTED_ADDRESSES.N19 });
      return toldFlows(client, {}, [LOOKUP, own(SVCB_NAME)]);
    },
  },
  {
    id: "N20",
    title: "answer arriving after the connect",
    story: "Connects first, and asks for the name while the connection is open.",
    run: async (world) => {
      const { address, name } = host("N20");
      const server = await serverFor(world, "n20", address, 7120);
      const client = world.traffic("n20-late-answer", [
        `tcp=${address},7120`,
        "send=100",
        "pause=300",
        `ask=${name},${DNS_ADDRESS}`,
        "send=100",
        "receive=300",
        "close",
      ]);
      await Promise.all([client.succeeded(), server.succeeded()]);
      return toldFlows(client, {}, [LOOKUP, own(name)]);
    },
  },
];
