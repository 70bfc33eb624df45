// @ts-check
/** The one who looks up is not the one who connects: fork, exec; and flows nobody looked up. */
import { identity, toldFlows } from "../expect.mjs";
import { host, UNLISTED_ADDRESSES } from "../hosts.mjs";
import { DNS_ADDRESS } from "../network.mjs";
import { programPath } from "../programs.mjs";
import { EXCHANGE, inherited, LOOKUP, serverFor } from "../scenario.mjs";

/** @type {import("../scenario.mjs").Scenario[]} */
export const inheritanceScenarios = [
  {
    id: "N7",
    title: "fork after the lookup, the child connects",
    story: "A program looks up and forks; its child connects.",
    run: async (world) => {
      const { address, name } = host("N7");
      const server = await serverFor(world, "n07", address, 7107);
      const client = world.traffic("n07-fork", [`ask=${name},${DNS_ADDRESS}`, "fork", "tcp=answer,7107", ...EXCHANGE]);
      await Promise.all([client.succeeded(), server.succeeded()]);
      return toldFlows(client, {}, [LOOKUP, inherited(name)]);
    },
  },
  {
    id: "N8",
    title: "exec after the lookup, the new program connects",
    story: "A program looks up and replaces itself by another one, which connects.",
    run: async (world) => {
      const { address, name } = host("N8");
      const server = await serverFor(world, "n08", address, 7108);
      const next = programPath("traffic", "n08-next");
      const steps = [`ask=${name},${DNS_ADDRESS}`, `exec=${next}`, "tcp=answer,7108", ...EXCHANGE];
      const client = world.traffic("n08-exec", steps);
      await Promise.all([client.succeeded(), server.succeeded()]);
      const argv = [next, `tcp=${address},7108`, ...EXCHANGE];
      const process = { ...identity(client), exe: next, argv };
      /* the process is one: Telltale may say of the lookup what it was then or what it is now */
      return toldFlows(client, {}, [
        { ...LOOKUP, process: { ...identity(client), later: process } },
        { ...inherited(name), process },
      ]);
    },
  },
  {
    id: "N12",
    title: "literal address: nobody ever said a name",
    story: "Connects to an address it was given. There is no name, and none is made up.",
    run: async (world) => {
      const server = await serverFor(world, "n12", UNLISTED_ADDRESSES.N12, 7112);
      const client = world.traffic("n12-literal", [`tcp=${UNLISTED_ADDRESSES.N12},7112`, ...EXCHANGE]);
      await Promise.all([client.succeeded(), server.succeeded()]);
      return toldFlows(client, { naming: { evidence: [], candidates: [] } });
    },
  },
];
