/** Runs other programs. Their output is kept and shown only when they fail. */
import { spawn } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { repoDir } from "./repo.mjs";
import { SetupError } from "./say.mjs";

const KEPT_OUTPUT_CHARS = 8 * 1024; // the end of a build log holds its error

/**
 * @typedef {{ cwd?: string, env?: NodeJS.ProcessEnv, timeoutMs?: number, onOutput?: (text: string) => void }} RunOptions
 * @typedef {{ code: number | null, signal: NodeJS.Signals | null, stdout: string, output: string, isTimedOut: boolean }} RunResult
 */

/**
 * Runs to the end and reports; never throws for a program that ran.
 * @param {readonly string[]} command
 * @param {RunOptions} [options]
 * @returns {Promise<RunResult>}
 */
export function tryRun([program = "", ...args], { cwd = repoDir, env = process.env, timeoutMs, onOutput } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
    let stdout = "";
    let output = "";
    let isTimedOut = false;
    const timer = timeoutMs === undefined ? undefined : setTimeout(expire, timeoutMs);
    function expire() {
      isTimedOut = true;
      child.kill("SIGTERM");
      setTimeout(() => child.kill("SIGKILL"), 3000).unref();
    }
    /** @param {string} text */
    const keep = (text) => {
      output = (output + text).slice(-KEPT_OUTPUT_CHARS);
      onOutput?.(text);
    };
    child.stdout.setEncoding("utf8").on("data", (text) => {
      stdout += text;
      keep(text);
    });
    child.stderr.setEncoding("utf8").on("data", keep);
    child.on("error", (error) => {
      clearTimeout(timer);
      reject(error);
    });
    child.on("close", (code, signal) => {
      clearTimeout(timer);
      resolve({ code, signal, stdout, output, isTimedOut });
    });
  });
}

/**
 * Runs to the end; throws a SetupError with the command and its last output when it fails.
 * @param {readonly string[]} command
 * @param {RunOptions} [options]
 * @returns {Promise<string>} its standard output
 */
export async function run(command, options) {
  const line = command.join(" ");
  const result = await tryRun(command, options).catch((error) => {
    throw new SetupError(`could not start \`${line}\`: ${error.message}`);
  });
  if (result.code === 0) return result.stdout;
  const how = result.isTimedOut ? "took too long" : `failed (${result.signal ?? `exit ${result.code}`})`;
  throw new SetupError(`${result.output.trimEnd()}\n\n\`${line}\` ${how}.`);
}

/**
 * The full path of a program on PATH (plus the system's sbin folders, which an ordinary user's PATH may lack).
 * @param {string} name
 * @returns {string | undefined}
 */
export function findProgram(name, path = process.env.PATH ?? "") {
  for (const dir of [...path.split(delimiter), "/usr/local/sbin", "/usr/sbin", "/sbin"]) {
    if (dir === "") continue;
    const file = join(dir, name);
    try {
      accessSync(file, constants.X_OK);
      return file;
    } catch {
      // Not in this folder: look in the next.
    }
  }
  return undefined;
}
