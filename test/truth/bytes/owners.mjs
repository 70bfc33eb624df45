// @ts-check
/** Sockets used by another process than the one that opened them, and process ids used twice. */
import { toldFlows } from "../expect.mjs";
import { SERVER_ADDRESS } from "../network.mjs";
import { programPath } from "../programs.mjs";
import { done, listening } from "../scenario.mjs";

/** @typedef {import("../world.mjs").World} World */
/** @typedef {import("../judge.mjs").ExpectedFlow} ExpectedFlow */

/** @param {World} world @param {string} id @param {number} port @param {string} serve COUNT,RECEIVE,SEND */
async function serverFor(world, id, port, serve) {
  const server = world.traffic(`${id}-server`, [`listen=${SERVER_ADDRESS},${port}`, `serve=${serve}`], "server");
  await listening(server);
  return server;
}

/** @param {ExpectedFlow["process"]} process its arguments are another program's */
function withoutArguments({ argv, ...process }) {
  return process;
}

/** @type {import("../scenario.mjs").Scenario[]} */
export const ownerScenarios = [
  {
    id: "26b",
    title: "accepted by workers on their master's listener",
    run: async (world) => {
      const master = world.program("handover", "26-prefork", [`prefork=${SERVER_ADDRESS},7126,3,2000,3000`], "server");
      await listening(master);
      const client = world.traffic("26-prefork-client", [`many=3,${SERVER_ADDRESS},7126,2000,3000`]);
      await Promise.all([master.succeeded(), client.succeeded()]);
      return [...toldFlows(master, { direction: "inbound" }), ...toldFlows(client)];
    },
  },
  {
    id: "28",
    title: "socket passed to another process (SCM_RIGHTS)",
    run: async (world) => {
      const taker = programPath("handover", "28-taker");
      const server = await serverFor(world, "28-pass", 7028, "1,5000,6000");
      const opener = world.program("handover", "28-opener", [`pass=${taker},${SERVER_ADDRESS},7028,5000,6000`]);
      await Promise.all([server.succeeded(), opener.succeeded()]);
      const { pid } = opener.lines[0] ?? {};
      return toldFlows(opener, { process: { pid, exe: taker, parentPid: opener.pid }, openedBy: opener.pid });
    },
  },
  {
    id: "28b",
    title: "connected by the parent, used by a forked child",
    run: async (world) => {
      const server = await serverFor(world, "28-child", 7128, "1,5000,6000");
      const parent = world.program("handover", "28-parent", [`child=${SERVER_ADDRESS},7128,5000,6000`]);
      await Promise.all([server.succeeded(), parent.succeeded()]);
      return toldFlows(parent, { openedBy: parent.pid });
    },
  },
  {
    id: "29",
    title: "exec after connect",
    run: async (world) => {
      const next = programPath("handover", "29-after");
      const server = await serverFor(world, "29-keep", 7029, "1,10000,6000");
      const program = world.program("handover", "29-before", [`keep=${next},${SERVER_ADDRESS},7029,5000,6000`]);
      await Promise.all([server.succeeded(), program.succeeded()]);
      const process = { pid: program.pid, exe: next, parentPid: program.parentPid };
      return toldFlows(program, { process, openedBy: program.pid });
    },
  },
  {
    id: "34",
    title: "one process id, two programs after each other",
    run: async (world) => {
      const exes = ["34-first", "34-second"].map((name) => programPath("traffic", name));
      const server = await serverFor(world, "34-reuse", 7034, "2,200,300");
      const parent = world.program("handover", "34-reuse", [`reuse=${exes.join(",")},${SERVER_ADDRESS},7034`]);
      await done(parent);
      await server.succeeded();
      const told = toldFlows(parent);
      if (told[0]?.process.pid !== told[1]?.process.pid) throw new Error("the process ids differ");
      return told.map((flow, index) => ({
        ...flow,
        process: withoutArguments({ ...flow.process, exe: exes[index] ?? "", parentPid: parent.pid }),
      }));
    },
  },
];
