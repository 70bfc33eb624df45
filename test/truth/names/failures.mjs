// @ts-check
/** Lookups that came to nothing, and lookups nobody followed: listed, each under the process that asked. */
import { startUnbound } from "../daemons.mjs";
import { toldFlows } from "../expect.mjs";
import { host, NO_SUCH_NAME, SERVFAIL_NAME, SILENT_NAME } from "../hosts.mjs";
import { DNS_ADDRESS, SILENT_ADDRESS, UNBOUND_ADDRESS } from "../network.mjs";
import { resolverFiles } from "../room.mjs";
import { LOOKUP } from "../scenario.mjs";

const IMPATIENT = "options timeout:1 attempts:1\n";

/** @type {import("../scenario.mjs").Scenario[]} */
export const failureScenarios = [
  {
    id: "N22",
    title: "NXDOMAIN, SERVFAIL, silence and an answer nobody followed",
    story: "One program asks for four names: one does not exist, one fails, one is never answered, one is not used.",
    before: (world) => startUnbound(world, UNBOUND_ADDRESS),
    run: async (world) => {
      const client = world.traffic("n22-in-vain", [
        `askinvain=${NO_SUCH_NAME},${DNS_ADDRESS},3`,
        `askinvain=${SERVFAIL_NAME},${UNBOUND_ADDRESS},2`,
        `askinvain=${SILENT_NAME},${SILENT_ADDRESS},silence`,
        `ask=${host("N22").name},${DNS_ADDRESS}`,
      ]);
      await client.succeeded();
      const lookup = { pid: client.pid, via: "dns-udp", isFollowed: false };
      return {
        flows: toldFlows(client, LOOKUP),
        lookups: [
          { ...lookup, name: NO_SUCH_NAME, outcome: ["no-such-name"], failure: "NXDOMAIN" },
          { ...lookup, name: SERVFAIL_NAME, outcome: ["failed"], failure: "SERVFAIL" },
          /* whoever looks right away cannot know yet that no answer will come */
          { ...lookup, name: SILENT_NAME, outcome: ["pending", "unanswered"] },
          { ...lookup, name: host("N22").name, outcome: ["answered"], failure: null },
        ],
      };
    },
  },
  {
    id: "N22b",
    title: "failed calls of the C library",
    story: "getaddrinfo is asked for a name that does not exist, and for one while no resolver answers.",
    run: async (world) => {
      const silent = await world.room("silent", resolverFiles(SILENT_ADDRESS, IMPATIENT));
      const programs = [
        world.traffic("n22-no-such", [`resolveinvain=${NO_SUCH_NAME}`]),
        world.traffic("n22-silent", [`resolveinvain=${SILENT_NAME}`], "client", { room: silent }),
      ];
      await Promise.all(programs.map((program) => program.succeeded()));
      const [absent, silenced] = programs.map(({ pid }) => ({ pid, via: "dns-udp", isFollowed: false }));
      if (absent === undefined || silenced === undefined) throw new Error("two programs were started");
      return {
        flows: [],
        lookups: [
          { ...absent, name: NO_SUCH_NAME, outcome: ["no-such-name"] },
          { ...silenced, name: SILENT_NAME, outcome: ["failed", "unanswered"], failure: "EAI_AGAIN" },
        ],
      };
    },
  },
];
