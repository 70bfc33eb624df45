// @ts-check
/** Encrypted ClientHello: the name on the wire is the provider's, and Telltale says so. */
import { findBrowser, loadPage } from "../browser.mjs";
import { helloSender } from "../bundle.mjs";
import { until } from "../children.mjs";
import { flow, toldFlows } from "../expect.mjs";
import { ECH_PUBLIC_NAME, host, UNLISTED_ADDRESSES } from "../hosts.mjs";
import { DNS_ADDRESS } from "../network.mjs";
import { inherited, LOOKUP, listening, own } from "../scenario.mjs";

const HTTPS_PORT = 443;
const MESSAGE_CHARS = 800;

/** @type {import("../scenario.mjs").Scenario[]} */
export const echScenarios = [
  {
    id: "N16",
    title: "ECH: Chromium hides the name",
    story: "The HTTPS record carries an ECH key: Chromium says the provider's public name in the open.",
    before: findBrowser,
    run: async (world, browser) => {
      const { name, address } = host("N16");
      const server = world.startTlsServer(address, HTTPS_PORT);
      await listening(server);
      const client = loadPage(world, `https://${name}/`, [], browser);
      await client.ended; // the server has no ECH: whether the page comes at last does not matter
      await until(
        `a connection of the browser, which says: ${client.complaint().slice(-MESSAGE_CHARS)}`,
        () => server.lines.some((line) => "serverName" in line),
        2000,
      );
      const remote = { address, port: HTTPS_PORT };
      const rest = { process: { exe: client.exe }, sent: null, received: null, state: null, isNoted: true };
      const naming = { ech: "outer-name", evidence: [own(name)] };
      const facts = { name: ECH_PUBLIC_NAME, meant: name, source: "server-name", naming };
      return [flow(client, { remote, ...rest, ...facts })];
    },
  },
  {
    id: "N16b",
    title: "ECH offered, perhaps as a decoy",
    story: "A hello with an encrypted part, and nothing that says whether its name is the real one.",
    before: helloSender,
    run: async (world, sender) => {
      const address = UNLISTED_ADDRESSES.N16b;
      const name = "maybe-outer.truth.example";
      await listening(world.startTlsServer(address, HTTPS_PORT));
      const client = world.run([process.execPath, sender, "ech", address, String(HTTPS_PORT), name]);
      await client.succeeded();
      return toldFlows(client, { name, source: "server-name", naming: { ech: "offered" } });
    },
  },
  {
    id: "N16c",
    title: "ECH: looked up and hidden by one program",
    story: "A program asks for the HTTPS record of a host, then sends a hello with the public name of its ECH key.",
    before: helloSender,
    run: async (world, sender) => {
      const { name, address } = host("N16c");
      await listening(world.startTlsServer(address, HTTPS_PORT));
      /* exec: one process asks and sends, as a program with ECH does */
      const replace = [`exec=${process.execPath}`, sender, "ech", address, String(HTTPS_PORT), ECH_PUBLIC_NAME];
      const client = world.traffic("n16-ech", [`askhints=${name},${DNS_ADDRESS}`, ...replace]);
      await client.succeeded();
      const naming = { ech: "outer-name", evidence: [inherited(name)] };
      const hello = { name: ECH_PUBLIC_NAME, meant: name, source: "server-name", naming };
      return toldFlows(client, { process: { pid: client.pid } }, [LOOKUP, hello]);
    },
  },
];
