/**
 * `npm test [-- SUITE …]`: sets up and runs every check and test, one suite
 * after the other. Ends with one line, `N passed, N failed, N skipped`; logs
 * and screenshots stay in build/test-artifacts. Needs only Node to begin with.
 */
import { ensureBuilt } from "./setup/build-steps.mjs";
import { electronRuntime } from "./setup/electron-runtime.mjs";
import { requireNode } from "./setup/node-version.mjs";
import { ensureNodeModules } from "./setup/npm-install.mjs";
import { fail, SetupError, say, secondsSince } from "./setup/say.mjs";
import { ensureSystemPackages } from "./setup/system-packages.mjs";
import { SUITES } from "./test/suites.mjs";
import { countTests, mustHaveTests, suiteLine, summary } from "./test/tally.mjs";

/** @typedef {import("./test/suites.mjs").Suite} Suite */

/** @param {readonly Suite[]} suites */
async function setUp(suites) {
  const needs = new Set(suites.map((suite) => suite.needs));
  const isWindow = needs.has("window");
  const isBuilt = isWindow || needs.has("built");
  if (isBuilt) {
    await ensureSystemPackages(["build", "run", "test", ...(isWindow ? /** @type {const} */ (["window"]) : [])]);
  }
  await ensureNodeModules();
  if (isBuilt) await ensureBuilt(["bpf", "native", "programs"]);
  if (isWindow) {
    await ensureBuilt(["window"]);
    await electronRuntime();
  }
}

/** A crash of a suite is a failed test, not the end of the run. @param {Suite} suite */
async function runSuite(suite) {
  const startMs = Date.now();
  say(`· ${suite.name}: ${suite.title} …`);
  /** @type {import("./test/tally.mjs").TestResult[]} */
  const tests = await suite
    .run()
    .catch((error) => [
      { title: "the suite broke", status: /** @type {const} */ ("failed"), detail: String(error?.stack ?? error) },
    ]);
  const result = mustHaveTests({ suite: suite.name, tests });
  say(suiteLine(result, secondsSince(startMs)));
  return result;
}

/** @param {readonly Suite[]} all @param {readonly string[]} names @returns {readonly Suite[]} */
function choose(all, names) {
  const unknown = names.find((name) => !all.some((suite) => suite.name === name));
  if (unknown !== undefined) {
    throw new SetupError(`There is no suite "${unknown}". Suites: ${all.map((suite) => suite.name).join(", ")}`);
  }
  return names.length === 0 ? all : all.filter((suite) => names.includes(suite.name));
}

async function main() {
  requireNode();
  const words = process.argv.slice(2);
  if (words.includes("--list")) {
    process.stdout.write(SUITES.map(({ name, title }) => `${name.padEnd(10)}${title}\n`).join(""));
    return 0;
  }
  const startMs = Date.now();
  const suites = choose(SUITES, words);
  await setUp(suites);
  const results = [];
  for (const suite of suites) results.push(await runSuite(suite));
  say(`\nAll suites took ${secondsSince(startMs)}.`);
  process.stdout.write(`${summary(results)}\n`);
  return countTests(results).failed === 0 ? 0 : 1;
}

main().then((code) => {
  process.exitCode = code;
}, fail);
