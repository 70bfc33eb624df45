// @ts-check
/** What follows a play: tshark's reading of its packets, and the accuracy page. */
import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import { accuracyRow, unplayedRow } from "./accuracy.mjs";
import { accuracyPage } from "./accuracy-page.mjs";
import { SCENARIO_ADDRESSES } from "./hosts.mjs";
import { script } from "./names/script.mjs";
import { DNS_ADDRESS } from "./network.mjs";
import { firstPackets } from "./oracle/first-packets.mjs";
import { askOracle } from "./oracle/oracle.mjs";
import { oracleObstacle } from "./oracle/packets.mjs";
import { tsharkFacts } from "./oracle/tshark-facts.mjs";
import { peerMethods } from "./peer-methods.mjs";
import { repoDir } from "./programs.mjs";
import { Unavailable } from "./scenario.mjs";

/** @typedef {import("./world.mjs").World} World */
/** @typedef {import("./play.mjs").Play} Play */
/** @typedef {import("./scenario.mjs").Scenario} Scenario */

const run = promisify(execFile);
const KINDS = /** @type {const} */ ([
  ["dns", "DNS messages"],
  ["tls", "TLS ClientHellos"],
  ["quic", "QUIC ClientHellos"],
  ["http", "HTTP requests"],
]);

/** @param {import("./oracle/compare.mjs").Difference} difference */
const differenceText = ({ side, fact: { kind, way, facts }, explanation }) =>
  `${side}: ${kind} ${way} ${JSON.stringify(facts)}${explanation === undefined ? "" : ` (${explanation})`}`;

/**
 * @param {World} world @param {Play} play
 * @returns {Promise<{ status: "passed" | "failed" | "unavailable", detail: string, lines: string[] }>}
 */
export async function tsharkOpinion(world, { packetFiles }) {
  const obstacle = oracleObstacle();
  if (obstacle !== undefined) return { status: "unavailable", detail: obstacle, lines: [] };
  const { equal, differences } = await askOracle(world.recording, world.network.namespaces, packetFiles);
  const unexplained = differences.filter(({ explanation }) => explanation === undefined);
  const silent = KINDS.filter(([kind]) => (equal[kind] ?? 0) === 0).map(([, title]) => `no ${title} at all`);
  const lines = [
    ...KINDS.map(([kind, title]) => `${String(equal[kind] ?? 0).padStart(5)} ${title} equal in every field`),
    ...differences.map(differenceText),
  ];
  const detail = [...silent, ...unexplained.map(differenceText)].join("; ");
  return { status: detail === "" ? "passed" : "failed", detail, lines };
}

/** @param {World} world @returns {Promise<Map<string, string | null>>} */
async function reverseNames(world) {
  const [file = "", ...args] = world.enterClient(script("reverse-names.mjs", DNS_ADDRESS, ...SCENARIO_ADDRESSES));
  const { stdout } = await run(file, args);
  const lines = stdout.split("\n").filter((line) => line !== "");
  return new Map(lines.map((line) => JSON.parse(line)).map(({ address, name }) => [address, name]));
}

/**
 * Writes docs/accuracy.md.
 * @param {World} world @param {readonly Scenario[]} scenarios @param {Play} play
 */
export async function writeAccuracy(world, scenarios, { outcomes, said, packetFiles }) {
  const obstacle = oracleObstacle();
  if (obstacle !== undefined) throw new Error(`the other methods are judged by tshark's reading: ${obstacle}`);
  const facts = (await Promise.all(packetFiles.map(tsharkFacts))).flat();
  const methods = peerMethods(facts, await reverseNames(world));
  const openedAtMs = await firstPackets(packetFiles);
  const rows = scenarios.flatMap((scenario, index) => {
    const outcome = outcomes[index];
    if (!scenario.id.startsWith("N")) return [];
    if (outcome?.status === "fulfilled")
      return [accuracyRow(scenario, outcome.value.flows, said.flows, methods, openedAtMs)];
    if (outcome?.reason instanceof Unavailable) return [unplayedRow(scenario, outcome.reason.message)];
    throw new Error(`${scenario.id} could not be played: ${outcome?.reason}`);
  });
  writeFileSync(path.join(repoDir, "docs/accuracy.md"), accuracyPage(rows));
}
