// @ts-check
/**
 * Ground truth: real traffic on this kernel, seen by the real Telltale, held
 * against what the programs really did.
 *
 * node test/truth/run.mjs [--json] [--only 1,2,N5] [--keep FILE] [--oracle] [--accuracy] [--list]
 *
 * --keep copies the recording, for debugging with `telltale replay`, and the
 * packets beside it. --oracle prints what tshark read differently (it is asked
 * in every whole run). --accuracy writes docs/accuracy.md. --list tells the
 * scenarios' ids and titles as JSON and plays none.
 * Exits 0 when nothing failed, 1 when a scenario failed, 2 when nothing could run.
 */
import { parseArgs } from "node:util";
import { otherCallScenarios } from "./bytes/other-calls.mjs";
import { otherSocketScenarios } from "./bytes/other-sockets.mjs";
import { ownerScenarios } from "./bytes/owners.mjs";
import { missingBuild } from "./capture.mjs";
import { judge } from "./judge.mjs";
import { judgeEdges } from "./judge-edges.mjs";
import { judgeLookups } from "./judge-lookups.mjs";
import { judgeReversed } from "./judge-reversed.mjs";
import { judgeText } from "./judge-text.mjs";
import { play } from "./play.mjs";
import { Unavailable } from "./scenario.mjs";
import { byteScenarios } from "./scenarios-bytes.mjs";
import { identityScenarios } from "./scenarios-identity.mjs";
import { nameScenarios } from "./scenarios-names.mjs";
import { tsharkOpinion, writeAccuracy } from "./second-opinions.mjs";
import { World } from "./world.mjs";

/** @typedef {import("./scenario.mjs").Scenario} Scenario */
/** @typedef {import("./scenario.mjs").Truth} Truth */
/** @typedef {import("./play.mjs").Play} Play */
/** @typedef {{ keepFile: string | undefined, wantsOracle: boolean, wantsAccuracy: boolean, isQuiet: boolean }} Wishes */
/** @typedef {{ id: string, title: string, status: "passed" | "failed" | "unavailable", process: boolean | null, destination: boolean | null, bytes: boolean | null, name: boolean | null, detail: string }} Result */

/** Not a scenario: the same packets, read by somebody else. */
const TSHARK = { id: "NT", title: "every question, answer, server name and Host as tshark reads it" };

/** @returns {string | undefined} why no scenario can run here */
function obstacle() {
  if (process.platform !== "linux") return "needs Linux";
  if (process.getuid?.() !== 0) return "needs root (the kernel programs and the network namespaces)";
  return missingBuild();
}

/** @param {Pick<Scenario, "id" | "title">} scenario @param {Result["status"]} status @param {string} detail @returns {Result} */
const unjudged = ({ id, title }, status, detail) => {
  const nothing = { process: null, destination: null, bytes: null, name: null };
  return { id, title, status, ...nothing, detail };
};

/** @param {Scenario} scenario @param {Truth} truth @param {Play["said"]} said @returns {Result} */
function judgeScenario({ id, title }, truth, said) {
  const { detail, ...aspects } = judge(said.flows, truth.flows, id.startsWith("N"));
  const more = [
    judgeReversed(said.reversed, truth.reversed ?? []),
    judgeLookups(said.lookups, truth.lookups ?? []),
    judgeEdges(said.contacts, truth.edges ?? []),
  ];
  const details = [detail, ...more, judgeText(said.text, truth.texts ?? [])].filter((problem) => problem !== "");
  return { id, title, status: details.length === 0 ? "passed" : "failed", ...aspects, detail: details.join("; ") };
}

/** @param {Scenario} scenario @param {PromiseSettledResult<Truth> | undefined} outcome @param {Play["said"]} said @returns {Result} */
function resultOf(scenario, outcome, said) {
  if (outcome?.status === "fulfilled") return judgeScenario(scenario, outcome.value, said);
  if (outcome?.reason instanceof Unavailable) return unjudged(scenario, "unavailable", outcome.reason.message);
  return unjudged(scenario, "failed", `traffic: ${outcome?.reason}`);
}

/**
 * @param {World} world @param {readonly Scenario[]} scenarios @param {Wishes} wishes
 * @returns {Promise<Result[]>}
 */
async function runAll(world, scenarios, { keepFile, wantsOracle, wantsAccuracy, isQuiet }) {
  const played = await play(world, scenarios, { keepFile, keepsPackets: wantsOracle || wantsAccuracy });
  const results = scenarios.map((scenario, index) => resultOf(scenario, played.outcomes[index], played.said));
  if (wantsAccuracy) await writeAccuracy(world, scenarios, played);
  if (!wantsOracle) return results;
  const { status, detail, lines } = await tsharkOpinion(world, played);
  if (!isQuiet) for (const line of lines) console.log(line);
  return [
    ...results,
    { ...unjudged(TSHARK, status, detail), name: status === "unavailable" ? null : status === "passed" },
  ];
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
    options: {
      json: { type: "boolean" },
      only: { type: "string" },
      keep: { type: "string" },
      oracle: { type: "boolean" },
      accuracy: { type: "boolean" },
      list: { type: "boolean" },
    },
  });
  const all = [
    ...byteScenarios,
    ...otherSocketScenarios,
    ...otherCallScenarios,
    ...ownerScenarios,
    ...identityScenarios,
    ...nameScenarios,
  ];
  if (values.list === true) return console.log(JSON.stringify(all.map(({ id, title }) => ({ id, title }))));
  const wanted = values.only?.split(",");
  const unknown = wanted?.filter((id) => !all.some((scenario) => isMeant(id, scenario))) ?? [];
  if (unknown.length > 0) throw new Error(`no such scenario: ${unknown.join(", ")}`);
  const scenarios = all.filter((scenario) => wanted === undefined || wanted.some((id) => isMeant(id, scenario)));
  if (values.accuracy === true && wanted !== undefined) throw new Error("the accuracy page is of all scenarios");
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
      results = await runAll(world, scenarios, {
        keepFile: values.keep,
        wantsOracle: wanted === undefined || values.oracle === true,
        wantsAccuracy: values.accuracy === true,
        isQuiet: values.json === true || values.oracle !== true,
      });
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
