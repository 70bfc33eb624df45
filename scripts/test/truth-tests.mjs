/** The ground truth's scenarios as tests. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { inRepo } from "../setup/repo.mjs";
import { artifactsDir, howItEnded, runLogged } from "./command-tests.mjs";

/** @typedef {import("./tally.mjs").TestResult} TestResult */

const STATUS = /** @type {const} */ ({ passed: "passed", failed: "failed", unavailable: "skipped" });

/**
 * @param {{ scenarios: { id: string, title: string, status: keyof typeof STATUS, detail?: string }[] }} report
 * @returns {TestResult[]}
 */
export function readTruthReport(report) {
  return report.scenarios.map(({ id, title, status, detail }) => ({
    title: `${id} ${title}`,
    status: STATUS[status] ?? "failed",
    ...(detail ? { detail } : {}),
  }));
}

/** The generated page must be of the scenarios there are. @returns {Promise<TestResult>} */
async function accuracyPageTest() {
  const title = "docs/accuracy.md has a row for each naming scenario, and no other";
  const { nameScenarios } = await import("../../test/truth/scenarios-names.mjs");
  const page = readFileSync(inRepo("docs/accuracy.md"), "utf8");
  const rows = [...page.matchAll(/^\| (N\d+[a-z]?) \| ([^|]*) \|/gm)].map(([, id, name]) => `${id} ${name}`);
  const scenarios = nameScenarios.map(({ id, title: name }) => `${id} ${name}`);
  if (rows.join("\n") === scenarios.join("\n")) return { title, status: "passed" };
  const lacking = scenarios.filter((scenario) => !rows.includes(scenario));
  const surplus = rows.filter((row) => !scenarios.includes(row));
  const detail = `run \`npm run truth -- --accuracy\`; lacking: ${lacking.join("; ")}; too many: ${surplus.join("; ")}`;
  return { title, status: "failed", detail };
}

/** @returns {Promise<TestResult[]>} */
export async function truthTests() {
  return [await accuracyPageTest(), ...(await scenarioTests())];
}

/** @returns {Promise<TestResult[]>} */
async function scenarioTests() {
  const command = [process.execPath, inRepo("test/truth/run.mjs"), "--json"];
  const result = await runLogged("truth", command, { timeoutMs: 600_000 });
  try {
    writeFileSync(join(artifactsDir, "truth.json"), result.stdout);
    const tests = readTruthReport(JSON.parse(result.stdout));
    const isExplained = result.code === 0 || tests.some(({ status }) => status !== "passed");
    if (isExplained) return tests;
  } catch {
    // Not JSON: it broke before it could report. Its output tells, below.
  }
  return [{ title: "ground truth", status: "failed", detail: `${result.output}\n${howItEnded(result)}` }];
}
