// @ts-check
/** Programs that leave the lookup to their C library: over a stub, a socket, /etc/hosts, search domains. */
import { flow, toldFlows } from "../expect.mjs";
import { HOSTS_FILE_NAMES, host, UNLISTED_ADDRESSES } from "../hosts.mjs";
import { DNS_ADDRESS } from "../network.mjs";
import { patience } from "../patience.mjs";
import { canCompile } from "../programs.mjs";
import { resolverFiles } from "../room.mjs";
import { asked, contact, lookupAt, own, Unavailable } from "../scenario.mjs";

/** A C library may have to be found by Telltale first: it is given the time a program takes to begin its work. */
const NOTICED_MS = 1500 * patience;

function requireMusl() {
  if (!canCompile("musl")) throw new Unavailable("no musl-gcc (package musl-tools)");
}

/** @type {import("../scenario.mjs").Scenario[]} */
export const libcScenarios = [
  {
    id: "N9",
    title: "stub resolver on 127.0.0.53",
    story: "getaddrinfo asks a stub on the loopback, as systems with systemd-resolved or dnsmasq do.",
    run: async (world) => {
      const { name } = host("N9");
      const client = await contact(world, "N9", "n09-stub", [`resolve=${name}`], { room: world.behindStub });
      return [flow(client, lookupAt(name, "127.0.0.53")), ...toldFlows(client, own(name))];
    },
  },
  {
    id: "N10d",
    title: "musl's getaddrinfo",
    story: "A program linked with musl, which asks the name server itself.",
    run: async (world) => {
      requireMusl();
      const { name } = host("N10d");
      const client = await contact(world, "N10d", "n10-musl", [`resolve=${name}`], { flavour: "musl" });
      const naming = { evidence: [own(name)] };
      return [flow(client, lookupAt(name, DNS_ADDRESS)), ...toldFlows(client, { ...own(name), naming })];
    },
  },
  {
    id: "N11",
    title: "/etc/hosts, by a program of the C library",
    story: "The name stands in /etc/hosts: getaddrinfo answers and no packet is sent.",
    run: async (world) => {
      const name = HOSTS_FILE_NAMES.N11;
      const where = { address: UNLISTED_ADDRESSES.N11 };
      const client = await contact(world, "N11", "n11-hosts", [`pause=${NOTICED_MS}`, `resolve=${name}`], where);
      return toldFlows(client, asked(name));
    },
  },
  {
    id: "N11b",
    title: "/etc/hosts, read by a static program itself",
    story: "A static program reads /etc/hosts itself: neither a packet nor a call of a C library tells of it.",
    run: async (world) => {
      const name = HOSTS_FILE_NAMES.N11b;
      const where = /** @type {const} */ ({ address: UNLISTED_ADDRESSES.N11b, flavour: "static" });
      const client = await contact(world, "N11b", "n11-static", [`hostsfile=${name}`], where);
      return toldFlows(client, { name, source: "hosts-file" });
    },
  },
  {
    id: "N11c",
    title: "/etc/hosts, by a program of musl",
    story: "As N11, with musl's getaddrinfo.",
    run: async (world) => {
      requireMusl();
      const name = HOSTS_FILE_NAMES.N11c;
      const where = /** @type {const} */ ({ address: UNLISTED_ADDRESSES.N11c, flavour: "musl" });
      const client = await contact(world, "N11c", "n11-musl", [`pause=${NOTICED_MS}`, `resolve=${name}`], where);
      return toldFlows(client, asked(name));
    },
  },
  {
    id: "N24",
    title: "search domain of resolv.conf",
    story: "getaddrinfo is asked for `intranet` and finds intranet.corp.truth.example by the search list.",
    run: async (world) => {
      const { name } = host("N24a");
      const files = resolverFiles(DNS_ADDRESS, "search corp.truth.example\n");
      const room = await world.room("searching", files);
      const client = await contact(world, "N24a", "n24-search", ["resolve=intranet"], { room });
      return [flow(client, lookupAt(name, DNS_ADDRESS)), ...toldFlows(client, own(name))];
    },
  },
  {
    id: "N24b",
    title: "name with a trailing dot",
    story: "getaddrinfo is asked for a name that ends with a dot, and a search list is there.",
    run: async (world) => {
      const { name } = host("N24b");
      const client = await contact(world, "N24b", "n24-dot", [`resolve=${name}.`]);
      return [flow(client, lookupAt(name, DNS_ADDRESS)), ...toldFlows(client, own(name))];
    },
  },
  {
    id: "N26",
    title: "static program with its own resolver",
    story: "No C library to watch and no stub: a static program speaks DNS itself, as Go programs do.",
    run: async (world) => {
      const { name } = host("N26");
      const client = await contact(world, "N26", "n26-static", [`ask=${name},${DNS_ADDRESS}`], { flavour: "static" });
      return toldFlows(client, {}, [{ transport: "udp" }, own(name)]);
    },
  },
];
