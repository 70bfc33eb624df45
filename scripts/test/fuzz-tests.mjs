/**
 * A short run of every fuzzing target: its corpus, inputs that failed once, and
 * some thousand new ones, always the same (fixed seed). And three targets with
 * planted mistakes, which must be found: a fuzzer that finds nothing proves nothing.
 */
import { targetNames } from "../fuzz/build-target.mjs";
import { runTarget } from "../fuzz/run-target.mjs";
import { inRepo } from "../setup/repo.mjs";

/** @typedef {import("./tally.mjs").TestResult} TestResult */

const SHORT = { executions: 20_000, seconds: 20, seed: 1, isCorpusSaved: false };
/** Targets that do more for each input get fewer: a few seconds each. @type {Readonly<Record<string, number>>} */
const FEWER = { monitor: 10_000, quic: 8000, session: 5000 };
/** Enough for the planted crash many times over. */
const PLANTED = { executions: 2_000_000, seconds: 20, seed: 1, isCorpusSaved: false };
const plantedDir = inRepo("test/fuzz/planted");
/** A target that reaches less of what it bundles feeds the wrong bytes. */
const MIN_REACH = 0.5;

/** @param {string} name @returns {Promise<TestResult>} */
async function shortRun(name) {
  const wanted = FEWER[name] ?? SHORT.executions;
  const { findings, executions, blocks, blockCount } = await runTarget(name, { ...SHORT, executions: wanted });
  const title = `${name}: no input breaks an invariant, hangs or leaks`;
  const told = findings.map(
    ({ kind, message, stack, input }) => `${kind}: ${message}\n${stack}\ninput ${input.slice(0, 2000)}`,
  );
  if (findings.length === 0 && executions < wanted)
    told.push(`only ${executions} of ${wanted} executions in ${SHORT.seconds} s`);
  if (findings.length === 0 && blocks < blockCount * MIN_REACH) told.push(`reached ${blocks} of ${blockCount} blocks`);
  return told.length === 0 ? { title, status: "passed" } : { title, status: "failed", detail: told.join("\n\n") };
}

/** @param {string} name @param {string} kind @returns {Promise<TestResult>} */
async function plantedRun(name, kind) {
  const { findings } = await runTarget(name, { ...PLANTED, folder: plantedDir });
  const title = `the fuzzer finds a planted ${kind}`;
  if (findings.some((finding) => finding.kind === kind)) return { title, status: "passed" };
  return { title, status: "failed", detail: `found ${JSON.stringify(findings)}` };
}

/** @returns {Promise<TestResult[]>} */
export async function fuzzTests() {
  const results = [];
  for (const name of targetNames()) results.push(await shortRun(name));
  results.push(
    await plantedRun("crash", "crash"),
    await plantedRun("hang", "hang"),
    await plantedRun("leak", "memory"),
  );
  return results;
}
