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
import { missingBuild, replay, replayLookups, replayText, reportReversed, startRecording } from "./capture.mjs";
import { pause } from "./children.mjs";
import { judge } from "./judge.mjs";
import { judgeLookups } from "./judge-lookups.mjs";
import { judgeReversed } from "./judge-reversed.mjs";
import { judgeText } from "./judge-text.mjs";
import { Unavailable } from "./scenario.mjs";
import { byteScenarios } from "./scenarios-bytes.mjs";
import { nameScenarios } from "./scenarios-names.mjs";
import { World } from "./world.mjs";

/** @typedef {import("./scenario.mjs").Scenario} Scenario */
/** @typedef {import("./scenario.mjs").Truth} Truth */
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
 * What Telltale says of the recording, asked for only as far as a scenario wants it.
 * @param {World} world @param {readonly Truth[]} truths
 */
async function readSaid(world, truths) {
  const file = world.recording;
  const explain = (/** @type {unknown} */ error) => String(error instanceof Error ? error.message : error);
  const isWanted = (/** @type {keyof Truth} */ part) => truths.some((truth) => truth[part] !== undefined);
  return {
    flows: await replay(file),
    lookups: isWanted("lookups") ? await replayLookups(file).catch(explain) : [],
    reversed: isWanted("reversed") ? await reportReversed(file, world.enterClient).catch(explain) : [],
    text: isWanted("texts") ? replayText(file) : "",
  };
}

/** @param {Scenario} scenario @param {Truth} truth @param {Awaited<ReturnType<typeof readSaid>>} said @returns {Result} */
function judgeScenario({ id, title }, truth, said) {
  const { detail, ...aspects } = judge(said.flows, truth.flows, id.startsWith("N"));
  const more = [judgeReversed(said.reversed, truth.reversed ?? []), judgeLookups(said.lookups, truth.lookups ?? [])];
  const details = [detail, ...more, judgeText(said.text, truth.texts ?? [])].filter((problem) => problem !== "");
  return { id, title, status: details.length === 0 ? "passed" : "failed", ...aspects, detail: details.join("; ") };
}

/**
 * @param {World} world @param {readonly Scenario[]} scenarios
 * @param {string | undefined} keepFile
 * @returns {Promise<Result[]>}
 */
async function runAll(world, scenarios, keepFile) {
  await world.open();
  const prepared = await Promise.allSettled(scenarios.map((scenario) => scenario.before?.(world)));
  const recording = await startRecording(world.recording, world.machine);
  const outcomes = await Promise.allSettled(
    scenarios.map(async (scenario, index) => {
      const preparation = prepared[index];
      if (preparation?.status === "rejected") throw preparation.reason;
      const truth = await scenario.run(world, preparation?.value);
      return "flows" in truth ? truth : { flows: truth };
    }),
  );
  await pause(SETTLE_MS);
  await recording.stop();
  if (keepFile !== undefined) copyFileSync(world.recording, keepFile);
  const truths = outcomes.flatMap((outcome) => (outcome.status === "fulfilled" ? [outcome.value] : []));
  const said = await readSaid(world, truths);
  return scenarios.map((scenario, index) => {
    const outcome = outcomes[index];
    if (outcome?.status === "fulfilled") return judgeScenario(scenario, outcome.value, said);
    if (outcome?.reason instanceof Unavailable) return unjudged(scenario, "unavailable", outcome.reason.message);
    return unjudged(scenario, "failed", `traffic: ${outcome?.reason}`);
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

/** N10 stands for N10b and its like too. @param {string} wanted @param {Scenario} scenario */
const isMeant = (wanted, { id }) => id === wanted || id.replace(/[a-z]$/, "") === wanted;

async function main() {
  const { values } = parseArgs({
    options: { json: { type: "boolean" }, only: { type: "string" }, keep: { type: "string" } },
  });
  const all = [...byteScenarios, ...nameScenarios];
  const wanted = values.only?.split(",");
  const unknown = wanted?.filter((id) => !all.some((scenario) => isMeant(id, scenario))) ?? [];
  if (unknown.length > 0) throw new Error(`no such scenario: ${unknown.join(", ")}`);
  const scenarios = all.filter((scenario) => wanted === undefined || wanted.some((id) => isMeant(id, scenario)));
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
