/** A command whose exit code is the verdict: one test. Its whole output is kept as an artifact. */
import { createWriteStream, mkdirSync } from "node:fs";
import { join } from "node:path";
import { inRepo } from "../setup/repo.mjs";
import { tryRun } from "../setup/run.mjs";

/** @typedef {import("./tally.mjs").TestResult} TestResult */

export const artifactsDir = inRepo("build/test-artifacts");

/** Logs are read as text: no colours. */
export const plainEnv = () => ({ ...process.env, NO_COLOR: "1", FORCE_COLOR: "0" });

/**
 * @param {string} name of the log
 * @param {readonly string[]} command
 * @param {{ timeoutMs: number, env?: NodeJS.ProcessEnv }} options
 */
export async function runLogged(name, command, { timeoutMs, env = plainEnv() }) {
  mkdirSync(artifactsDir, { recursive: true });
  const log = createWriteStream(join(artifactsDir, `${name}.log`));
  try {
    return await tryRun(command, { timeoutMs, env, onOutput: (text) => void log.write(text) });
  } finally {
    log.end();
  }
}

/** @param {import("../setup/run.mjs").RunResult} result */
export function howItEnded({ code, signal, isTimedOut }) {
  if (isTimedOut) return "took too long and was ended";
  return signal === null ? `exit ${code}` : `ended by ${signal}`;
}

/**
 * @param {string} title
 * @param {readonly string[]} command
 * @returns {Promise<TestResult>}
 */
export async function commandTest(title, command, timeoutMs = 300_000) {
  const result = await runLogged(title.replace(/\W+/g, "-"), command, { timeoutMs });
  if (result.code === 0) return { title, status: "passed" };
  return { title, status: "failed", detail: `${result.output.slice(-6000)}\n${howItEnded(result)}` };
}
