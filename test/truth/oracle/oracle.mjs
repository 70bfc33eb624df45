// @ts-check
/** The second opinion: our parsers' reading of a recording against tshark's of the same traffic's packets. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { bundled } from "../bundle.mjs";
import { compare } from "./compare.mjs";
import { tsharkFacts } from "./tshark-facts.mjs";

const run = promisify(execFile);

/** @param {string} recording @param {readonly string[]} namespaces @returns {Promise<import("./tshark-facts.mjs").Fact[]>} */
async function ourFacts(recording, namespaces) {
  const reader = await bundled("truth/oracle/our-facts.ts");
  const { stdout } = await run(process.execPath, [reader, recording, ...namespaces], { maxBuffer: 256 * 1024 * 1024 });
  return stdout.split("\n").flatMap((line) => (line === "" ? [] : [JSON.parse(line)]));
}

/** @param {string} recording @param {readonly string[]} namespaces of the packets @param {readonly string[]} packetFiles */
export async function askOracle(recording, namespaces, packetFiles) {
  const [ours, ...theirs] = await Promise.all([ourFacts(recording, namespaces), ...packetFiles.map(tsharkFacts)]);
  return compare(ours, theirs.flat());
}
