/** The ground truth's scenarios as tests. */
import { writeFileSync } from "node:fs";
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

/** @returns {Promise<TestResult[]>} */
export async function truthTests() {
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
