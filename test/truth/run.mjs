// @ts-check
/**
 * Ground truth: real traffic on this kernel, seen by the real Telltale, held
 * against what the programs really did.
 *
 * node test/truth/run.mjs [--json] [--only 1,2,N5] [--keep FILE]
 *
 * --keep copies the recording, for debugging with `telltale replay`.
 * Exits 0 when nothing failed, 1 when a scenario failed, 2 when nothing could run.
 */
import { copyFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { missingBuild, replay, startRecording } from "./capture.mjs";
import { pause } from "./children.mjs";
import { judge } from "./judge.mjs";
import { byteScenarios } from "./scenarios-bytes.mjs";
import { nameScenarios } from "./scenarios-names.mjs";
import { World } from "./world.mjs";

/** @typedef {import("./scenarios-bytes.mjs").Scenario} Scenario */
/** @typedef {{ id: string, title: string, status: "passed" | "failed" | "unavailable", process: boolean | null, destination: boolean | null, bytes: boolean | null, name: boolean | null, detail: string }} Result */

const SETTLE_MS = 400; // the helper drains the ring every 50 ms; sockets need a moment to be released

/** @returns {string | undefined} why no scenario can run here */
function obstacle() {
  if (process.platform !== "linux") return "needs Linux";
  if (process.getuid?.() !== 0) return "needs root (the kernel programs and the network namespaces)";
  return missingBuild();
}

/** @param {Scenario} scenario @param {Result["status"]} status @param {string} detail @returns {Result} */
const unjudged = ({ id, title }, status, detail) => {
  const nothing = { process: null, destination: null, bytes: null, name: null };
  return { id, title, status, ...nothing, detail };
};

/**
 * @param {World} world @param {readonly Scenario[]} scenarios
 * @param {string | undefined} keepFile
 * @returns {Promise<Result[]>}
 */
async function runAll(world, scenarios, keepFile) {
  await world.open();
  const prepared = await Promise.all(scenarios.map((scenario) => scenario.before?.(world)));
  const recording = await startRecording(world.recording);
  const outcomes = await Promise.allSettled(scenarios.map((scenario, index) => scenario.run(world, prepared[index])));
  await pause(SETTLE_MS);
  await recording.stop();
  if (keepFile !== undefined) copyFileSync(world.recording, keepFile);
  const flows = await replay(world.recording);
  return scenarios.map((scenario, index) => {
    const outcome = outcomes[index];
    if (outcome?.status !== "fulfilled") return unjudged(scenario, "failed", `traffic: ${outcome?.reason}`);
    const { detail, ...aspects } = judge(flows, outcome.value);
    const { id, title } = scenario;
    return { id, title, status: detail === "" ? "passed" : "failed", ...aspects, detail };
  });
}

/** @param {readonly Result[]} results */
function printTable(results) {
  const mark = (/** @type {boolean | null} */ value) => (value === null ? "–" : value ? "ok" : "NO").padEnd(8);
  console.log(`${"id".padEnd(5)}${"title".padEnd(56)}${"process destin. bytes   name    "}`);
  for (const { id, title, process, destination, bytes, name, detail } of results) {
    const aspects = [process, destination, bytes, name].map(mark).join("");
    console.log(`${id.padEnd(5)}${title.padEnd(56)}${aspects}${detail}`.trimEnd());
  }
}

async function main() {
  const { values } = parseArgs({
    options: { json: { type: "boolean" }, only: { type: "string" }, keep: { type: "string" } },
  });
  const all = [...byteScenarios, ...nameScenarios];
  const wanted = values.only?.split(",");
  const unknown = wanted?.filter((id) => !all.some((scenario) => scenario.id === id)) ?? [];
  if (unknown.length > 0) throw new Error(`no such scenario: ${unknown.join(", ")}`);
  const scenarios = all.filter((scenario) => wanted === undefined || wanted.includes(scenario.id));
  const why = obstacle();
  /** @type {Result[]} */
  let results;
  if (why !== undefined) {
    results = scenarios.map((scenario) => unjudged(scenario, "unavailable", why));
  } else {
    const world = new World();
    for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"]))
      process.once(signal, () => {
        world.close();
        process.exit(130);
      });
    try {
      results = await runAll(world, scenarios, values.keep);
    } finally {
      world.close();
    }
  }
  const count = (/** @type {Result["status"]} */ status) => results.filter((result) => result.status === status).length;
  const summary = { passed: count("passed"), failed: count("failed"), unavailable: count("unavailable") };
  if (values.json === true) console.log(JSON.stringify({ total: results.length, ...summary, scenarios: results }));
  else {
    printTable(results);
    console.log(`${summary.passed} passed, ${summary.failed} failed, ${summary.unavailable} unavailable`);
  }
  process.exitCode = why !== undefined ? 2 : summary.failed > 0 ? 1 : 0;
}

await main();
