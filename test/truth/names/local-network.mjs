// @ts-check
/** Names of the local network: multicast DNS through avahi, and asked by the program itself. */
import { machineWithAvahi, publishByMdns } from "../daemons.mjs";
import { flow, toldFlows } from "../expect.mjs";
import { LOCAL_NAME, UNLISTED_ADDRESSES } from "../hosts.mjs";
import { asked, contact, own } from "../scenario.mjs";

const MDNS_GROUP = { address: "224.0.0.251", port: 5353 };

/** Both scenarios find the same printer. @type {WeakMap<import("../world.mjs").World, Promise<unknown>>} */
const published = new WeakMap();
/** @param {import("../world.mjs").World} world */
function printer(world) {
  const publishing = published.get(world) ?? publishByMdns(world, LOCAL_NAME, UNLISTED_ADDRESSES.N25);
  published.set(world, publishing);
  return publishing;
}

/** @type {import("../scenario.mjs").Scenario[]} */
export const localNetworkScenarios = [
  {
    id: "N25",
    title: "mDNS .local through avahi and nss-mdns",
    story: "getaddrinfo asks avahi-daemon by its socket; avahi asks the local network.",
    before: async (world) => {
      await printer(world);
      return machineWithAvahi(world);
    },
    run: async (world, where) => {
      const there = { ...where, address: UNLISTED_ADDRESSES.N25 };
      const client = await contact(world, "N25", "n25-avahi", [`resolve=${LOCAL_NAME}`], there);
      /* nss-mdns asks the name server whether it has a domain `local` of its own */
      return toldFlows(client, { ...asked(LOCAL_NAME), isNoted: true });
    },
  },
  {
    id: "N25b",
    title: "mDNS .local, asked by the program itself",
    story: "A program sends a one-shot multicast question; avahi on another machine answers it alone.",
    before: printer,
    run: async (world) => {
      const where = { address: UNLISTED_ADDRESSES.N25 };
      const client = await contact(world, "N25b", "n25-asker", [`askmdns=${LOCAL_NAME}`], where);
      /* to whom a question to a group and its answer from a host belong is not the matter here */
      const question = { transport: /** @type {const} */ ("udp"), remote: MDNS_GROUP, state: null, isNoted: true };
      const uncounted = { sent: null, received: null };
      const connection = toldFlows(client, { ...own(LOCAL_NAME), isNoted: true }).slice(1);
      return [flow(client, { ...question, ...uncounted }), ...connection];
    },
  },
];
