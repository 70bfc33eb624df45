/** Runs vitest and reads its JSON report. */
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join, relative } from "node:path";
import { inRepo, repoDir } from "../setup/repo.mjs";
import { artifactsDir, howItEnded, runLogged } from "./command-tests.mjs";

/**
 * @typedef {import("./tally.mjs").TestResult} TestResult
 * @typedef {{ status: string, fullName: string, failureMessages?: string[] }} VitestAssertion
 * @typedef {{ testResults: { name: string, status: string, message?: string, assertionResults: VitestAssertion[] }[] }} VitestReport
 */

/** @param {VitestAssertion} assertion @returns {TestResult} */
function readAssertion({ status, fullName, failureMessages }) {
  if (status === "passed") return { title: fullName, status: "passed" };
  if (status === "failed") return { title: fullName, status: "failed", detail: (failureMessages ?? []).join("\n") };
  // vitest's report has no reason; our tests name it in their title: "… (needs root)".
  return { title: fullName, status: "skipped", detail: /\(([^)]+)\)/.exec(fullName)?.[1] ?? "no reason in its title" };
}

/**
 * What vitest printed about a file that broke in a hook: its JSON report does not say.
 * @param {string} output @param {string} file
 */
function printedFailure(output, file) {
  const start = output.indexOf(`FAIL  ${relative(repoDir, file)}`);
  if (start < 0) return "the file could not be run";
  return output.slice(start).split(/^⎯{5,}/m, 1)[0] ?? "";
}

/** @param {VitestReport} report @param {string} [output] what vitest printed @returns {TestResult[]} */
export function readVitestReport(report, output = "") {
  return report.testResults.flatMap((file) => {
    const tests = file.assertionResults.map(readAssertion);
    const isExplained = file.status !== "failed" || tests.some(({ status }) => status === "failed");
    if (isExplained) return tests;
    // The file itself broke (an import, a hook): its tests, if any, do not show it.
    const known = tests.map((one) => (one.status === "skipped" ? { ...one, detail: "the file broke before it" } : one));
    return [
      ...known,
      { title: file.name, status: "failed", detail: file.message || printedFailure(output, file.name) },
    ];
  });
}

/**
 * @param {string} suite
 * @param {readonly string[]} vitestArguments
 * @returns {Promise<TestResult[]>}
 */
export async function vitestTests(suite, vitestArguments, timeoutMs = 600_000) {
  const reportFile = join(artifactsDir, `${suite}.json`);
  rmSync(reportFile, { force: true });
  const command = [process.execPath, inRepo("node_modules/vitest/vitest.mjs"), "run", ...vitestArguments];
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${reportFile}`];
  const result = await runLogged(suite, [...command, ...reporters], { timeoutMs });
  const tests = existsSync(reportFile)
    ? readVitestReport(JSON.parse(readFileSync(reportFile, "utf8")), result.stdout)
    : [];
  const isExplained = result.code === 0 || tests.some(({ status }) => status === "failed");
  if (isExplained) return tests;
  return [...tests, { title: `vitest ${suite}`, status: "failed", detail: `${result.output}\n${howItEnded(result)}` }];
}
