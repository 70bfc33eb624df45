// @ts-check
/** Lookups whose packets, if any, another process sends: only the call of the C library tells who asked. */
import { mkdirSync } from "node:fs";
import path from "node:path";
import { machineWithNscd, machineWithResolved } from "../daemons.mjs";
import { toldFlows } from "../expect.mjs";
import { host, SOCKET_NAME, UNLISTED_ADDRESSES } from "../hosts.mjs";
import { DNS_ADDRESS } from "../network.mjs";
import { resolverFiles } from "../room.mjs";
import { asked, contact, listening } from "../scenario.mjs";
import { script } from "./script.mjs";

/** @type {import("../scenario.mjs").Scenario[]} */
export const bySocketScenarios = [
  {
    id: "N10",
    title: "lookup over a unix socket, no packet at all",
    story: "getaddrinfo asks a resolver by nscd's socket, and that one knows the answer without asking anybody.",
    before: async (world) => {
      const room = await world.room("nscd-stub", resolverFiles(DNS_ADDRESS));
      mkdirSync(path.join(room.runDir, "nscd"));
      const socket = path.join(room.runDir, "nscd/socket");
      await listening(world.server(script("nscd-stub.mjs", socket, SOCKET_NAME, UNLISTED_ADDRESSES.N10), "client"));
      return { room };
    },
    run: async (world, where) => {
      const there = { ...where, address: UNLISTED_ADDRESSES.N10 };
      const client = await contact(world, "N10", "n10-socket", [`resolve=${SOCKET_NAME}`], there);
      return toldFlows(client, asked(SOCKET_NAME));
    },
  },
  {
    id: "N10b",
    title: "real nscd",
    story: "getaddrinfo asks nscd by its socket; the packet to the name server is nscd's.",
    before: machineWithNscd,
    run: async (world, where) => {
      const client = await contact(world, "N10b", "n10-nscd", [`resolve=${host("N10b").name}`], where);
      return toldFlows(client, asked(host("N10b").name));
    },
  },
  {
    id: "N10c",
    title: "real systemd-resolved through nss-resolve",
    story: "getaddrinfo asks systemd-resolved by varlink; the packet to the name server is systemd-resolved's.",
    before: machineWithResolved,
    run: async (world, where) => {
      const client = await contact(world, "N10c", "n10-resolved", [`resolve=${host("N10c").name}`], where);
      return toldFlows(client, asked(host("N10c").name));
    },
  },
  {
    id: "N10e",
    title: "gethostbyname over a unix socket",
    story: "As N10b, with the older call, which many programs still use.",
    before: machineWithNscd,
    run: async (world, where) => {
      const client = await contact(world, "N10e", "n10-by-name", [`hostbyname=${host("N10e").name}`], where);
      return toldFlows(client, asked(host("N10e").name));
    },
  },
];
