// @ts-check
/** The processes of a bench: each is known by its pid, says when it is ready, and ends with the bench whatever happens. */
import { spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";

/**
 * @typedef {object} Program
 * @property {number} pid
 * @property {() => string} output what it wrote so far, the end of it
 * @property {(text: string) => void} type on its standard input
 * @property {(signal: NodeJS.Signals) => void} signal
 * @property {Promise<number>} ended exit status; 128 for a signal
 */

/** @type {Set<import("node:child_process").ChildProcess>} */
const running = new Set();
const OUTPUT_CHARS = 256 * 1024;
const READY_LIMIT_MS = 20_000;
const END_LIMIT_MS = 15_000;

/** @param {number} ms @returns {Promise<void>} */
export const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** @param {readonly string[]} command @returns {Program} */
export function startProgram([file = "", ...args]) {
  const child = spawn(file, args, { stdio: ["pipe", "pipe", "pipe"] });
  running.add(child);
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text) => {
      output = (output + text).slice(-OUTPUT_CHARS);
    });
  }
  child.stdin.on("error", () => undefined); // it may have ended
  /** @type {Promise<number>} */
  const ended = new Promise((resolve) => {
    child.once("error", (error) => {
      output += error.message;
      resolve(127);
    });
    child.once("close", (code) => resolve(code ?? 128));
  }).then((code) => {
    running.delete(child);
    return code;
  });
  return {
    pid: child.pid ?? 0,
    output: () => output,
    type: (text) => void child.stdin.write(text),
    signal: (signal) => void child.kill(signal),
    ended,
  };
}

/** @param {readonly string[]} command @returns {Promise<string>} its output; rejects when it fails */
export async function runProgram(command) {
  const program = startProgram(command);
  const code = await program.ended;
  if (code !== 0) throw new Error(`\`${command.join(" ")}\` ended with ${code}: ${program.output().slice(-2000)}`);
  return program.output();
}

/** @param {Program} program @param {RegExp} word that says it is ready */
export async function untilSaid(program, word) {
  const end = Date.now() + READY_LIMIT_MS;
  let status = -1;
  void program.ended.then((code) => {
    status = code;
  });
  while (!word.test(program.output())) {
    if (status >= 0) throw new Error(`ended with ${status} before it was ready: ${program.output().slice(-2000)}`);
    if (Date.now() > end) throw new Error(`not ready in time: ${program.output().slice(-2000)}`);
    await pause(20);
  }
}

/** @param {Program} program @param {() => void} ask how it is told to end */
export async function stopProgram(program, ask = () => program.signal("SIGTERM")) {
  ask();
  const timer = setTimeout(() => program.signal("SIGKILL"), END_LIMIT_MS);
  await program.ended;
  clearTimeout(timer);
}

/** Ends all that still runs, and what it started: a server's workers outlive a master that is killed. */
export function endPrograms() {
  for (const { pid } of running) {
    for (const member of pid === undefined ? [] : familyOf(pid)) {
      try {
        process.kill(member, "SIGKILL");
      } catch {
        // ended meanwhile
      }
    }
  }
  running.clear();
}

/** @param {number} pid @returns {string[]} fields of /proc/PID/stat after the name, from the state on */
function statFields(pid) {
  const text = readFileSync(`/proc/${pid}/stat`, "utf8");
  return text.slice(text.lastIndexOf(")") + 2).split(" ");
}

/** @param {number} pid @returns {number[]} it and all below it */
export function familyOf(pid) {
  /** @type {Map<number, number[]>} */
  const children = new Map();
  for (const name of readdirSync("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const parent = Number(statFields(Number(name))[1]);
      children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
    } catch {
      // ended meanwhile
    }
  }
  const family = [pid];
  for (const member of family) family.push(...(children.get(member) ?? []));
  return family;
}

/**
 * Seconds of processor time so far, of all threads that are there: in /proc/PID/stat it is rounded to a clock tick.
 * @param {number} pid @returns {number}
 */
export function cpuSeconds(pid) {
  const spent = (/** @type {string} */ thread) =>
    Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, "utf8").split(" ")[0]);
  return readdirSync(`/proc/${pid}/task`).reduce((sum, thread) => sum + spent(thread), 0) / 1e9;
}

/** @param {number} pid it and all below it; what has ended is not in it */
export function familyCpuSeconds(pid) {
  return familyOf(pid).reduce((sum, member) => {
    try {
      return sum + cpuSeconds(member);
    } catch {
      return sum; // ended meanwhile
    }
  }, 0);
}

/** @param {number} pid @returns {number} megabytes; pages shared with others count in part (PSS) */
export function pssMb(pid) {
  const kilobytes = /^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, "utf8"))?.[1];
  return Math.round(Number(kilobytes) / 100) / 10;
}

/** @param {number} pid */
export const commandLine = (pid) => readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0").slice(0, -1);
