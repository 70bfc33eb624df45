// @ts-check
/** Flows older than we are: whatever named them is gone, and only the user may ask for the address's owner's name. */
import { toldFlows } from "../expect.mjs";
import { operatorName, UNLISTED_ADDRESSES } from "../hosts.mjs";
import { EXCHANGE, serverFor } from "../scenario.mjs";

const PORT = 7121;

/** @type {import("../scenario.mjs").Scenario[]} */
export const olderScenarios = [
  {
    id: "N21",
    title: "flow older than we are",
    story: "The connection was there before Telltale. It has no name; a reverse lookup is made only when asked for.",
    before: async (world) => {
      const server = await serverFor(world, "n21", UNLISTED_ADDRESSES.N21, PORT);
      const client = world.traffic("n21-older", [`tcp=${UNLISTED_ADDRESSES.N21},${PORT}`, "ready", ...EXCHANGE]);
      await client.line((line) => line.ready === true);
      return { client, server };
    },
    run: async (_world, { client, server }) => {
      client.tell("go");
      await Promise.all([client.succeeded(), server.succeeded()]);
      const address = UNLISTED_ADDRESSES.N21;
      return {
        flows: toldFlows(client, { naming: { evidence: [] } }),
        reversed: [{ exe: client.exe, address, name: operatorName(address) }],
      };
    },
  },
];
