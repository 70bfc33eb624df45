// @ts-check
/**
 * Runs inside a virtual machine (or on this machine, for its own kernel): does
 * what the job says and writes down what came of it, step by step, so that a
 * machine that is too slow still answers with what it has.
 */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { release } from "node:os";
import { join } from "node:path";
import { inRepo } from "../setup/repo.mjs";

/**
 * @typedef {{ title: string, passed: boolean, detail: string | null }} Check
 * @typedef {{ id: string, isAttached: boolean, reason: string | null, verifiedInstructions?: number }} Feature
 * @typedef {{ kernel: string, loadMs?: number, features?: Feature[], checks?: Check[], error?: string }} Probe
 * @typedef {{ id: string, title: string, status: string, detail: string }} Scenario
 * @typedef {{ exitCode: number | null, text: string }} Said
 * @typedef {{ lockdown: string, unprivilegedBpf: string, mounts: string, btf: boolean }} State how the machine is set up, in the kernel's words
 * @typedef {{ probeFile?: string, groups?: readonly (readonly string[])[], wantsWords?: boolean, patience: number }} Job
 * groups: ids of scenarios that are played together
 * @typedef {{ kernel: string, probe?: Probe, scenarios?: Scenario[], state?: State, doctor?: Said, watch?: Said, isWhole: boolean }} Answer
 */

const PROBE_LIMIT_MS = 480_000;
const GROUP_LIMIT_MS = 1_200_000; // a crowded host makes minutes of seconds
const WORDS_LIMIT_MS = 120_000;
const PROBE_MARK = "TELLTALE-VM ";

/** @param {readonly string[]} words @param {number} timeoutMs @param {NodeJS.ProcessEnv} [env] */
function node(words, timeoutMs, env = {}) {
  const options = /** @type {const} */ ({ encoding: "utf8", timeout: timeoutMs, maxBuffer: 64 * 1024 * 1024 });
  const result = spawnSync(process.execPath, words, { ...options, env: { ...process.env, ...env } });
  const end = result.error === undefined ? "" : ` (${result.error.message})`; // a time limit, too
  return { code: result.status, stdout: result.stdout, text: `${result.stdout}${result.stderr}${end}` };
}

/** @param {string} file @returns {Probe} */
function runProbe(file) {
  const { stdout, text } = node([file], PROBE_LIMIT_MS, { TELLTALE_ROOT: inRepo() });
  const line = stdout.split("\n").find((candidate) => candidate.startsWith(PROBE_MARK));
  if (line === undefined) return { kernel: release(), error: `the probe said nothing: ${text.slice(-2000)}` };
  return JSON.parse(line.slice(PROBE_MARK.length));
}

/** @param {readonly string[]} ids @param {number} patience @returns {Scenario[]} */
function runGroup(ids, patience) {
  const command = [inRepo("test/truth/run.mjs"), "--json", "--only", ids.join(",")];
  const { stdout, text } = node(command, GROUP_LIMIT_MS, { TELLTALE_PATIENCE: String(patience) });
  try {
    return JSON.parse(stdout).scenarios;
  } catch {
    const detail = `the run ended early: ${text.trim().slice(-600)}`;
    return ids.map((id) => ({ id, title: "", status: "failed", detail }));
  }
}

/** @param {string} file */
const textOf = (file) => (existsSync(file) ? readFileSync(file, "utf8").trim() : "");

/** @returns {State} */
const readState = () => ({
  lockdown: textOf("/sys/kernel/security/lockdown"),
  unprivilegedBpf: textOf("/proc/sys/kernel/unprivileged_bpf_disabled"),
  mounts: textOf("/proc/self/mounts"),
  btf: existsSync("/sys/kernel/btf/vmlinux"),
});

/** @param {readonly string[]} words @returns {Said} */
function telltale(...words) {
  const { code, text } = node([inRepo("out/node/cli.mjs"), ...words], WORDS_LIMIT_MS);
  return { exitCode: code, text };
}

/** @param {Job} job @param {(answer: Answer) => void} tell */
export function doJob({ probeFile, groups = [], wantsWords = false, patience }, tell) {
  /** @type {Answer} */
  const answer = { kernel: release(), isWhole: false };
  if (probeFile !== undefined) answer.probe = runProbe(probeFile);
  tell(answer);
  if (wantsWords) {
    answer.state = readState();
    answer.doctor = telltale("doctor");
    answer.watch = telltale("watch", "--seconds", "2");
    tell(answer);
  }
  for (const ids of groups) {
    answer.scenarios = [...(answer.scenarios ?? []), ...runGroup(ids, patience)];
    tell(answer);
  }
  answer.isWhole = true;
  tell(answer);
  return answer;
}

const SHARED_DIR = "/out";
if (process.argv[1] === inRepo("scripts/vm/guest.mjs") && existsSync(join(SHARED_DIR, "job.json"))) {
  const answerFile = join(SHARED_DIR, "answer.json");
  doJob(JSON.parse(readFileSync(join(SHARED_DIR, "job.json"), "utf8")), (answer) => {
    writeFileSync(`${answerFile}.new`, JSON.stringify(answer));
    renameSync(`${answerFile}.new`, answerFile);
  });
}
