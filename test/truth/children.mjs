// @ts-check
/** Every process the harness starts, so that all of them end with it whatever happens. */
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { patience } from "./patience.mjs";

/**
 * @typedef {object} Child
 * @property {number} pid
 * @property {readonly string[]} argv as the program itself sees it
 * @property {Record<string, any>[]} lines JSON lines it printed so far
 * @property {(test: (line: Record<string, any>) => boolean) => Promise<Record<string, any>>} line the first that fits
 * @property {(text: string) => void} tell a line on its stdin
 * @property {() => void} endInput
 * @property {(signal: NodeJS.Signals) => void} signal
 * @property {() => string} complaint what it wrote to stderr so far
 * @property {Promise<number>} ended exit status; 128 and up for signals
 * @property {() => Promise<void>} succeeded rejects with its stderr unless it ended with 0
 */

/** @type {Set<import("node:child_process").ChildProcess>} */
const running = new Set();
const OUTPUT_CAP = 64 * 1024; // of stderr, for messages

/**
 * @param {readonly string[]} command
 * @param {{ argv?: readonly string[], env?: NodeJS.ProcessEnv, wantsJson?: boolean }} [options] argv: where wrappers exec the real program
 * @returns {Child}
 */
export function start(command, options = {}) {
  const [file, ...rest] = command;
  if (file === undefined) throw new Error("nothing to start");
  const child = spawn(file, rest, { stdio: ["pipe", "pipe", "pipe"], env: options.env ?? process.env });
  running.add(child);
  let complaint = "";
  child.stderr.on("data", (chunk) => {
    if (complaint.length < OUTPUT_CAP) complaint += String(chunk);
  });
  child.stdin.on("error", () => undefined); // it may end before it reads all we say
  /** @type {Record<string, any>[]} */
  const lines = [];
  /** @type {Set<() => void>} */
  const watchers = new Set();
  let hasEnded = false;
  if (options.wantsJson === false) child.stdout.resume();
  else
    createInterface({ input: child.stdout }).on("line", (text) => {
      if (text.startsWith("{")) lines.push(JSON.parse(text));
      for (const watcher of watchers) watcher();
    });
  /** @type {Promise<number>} */
  const ended = new Promise((resolve) => {
    child.on("error", (error) => {
      complaint += error.message;
      resolve(127);
    });
    child.on("close", (status, signal) => resolve(signal === null ? (status ?? 1) : 128));
  });
  void ended.then(() => {
    hasEnded = true;
    running.delete(child);
    for (const watcher of watchers) watcher();
  });
  const name = (options.argv ?? command).join(" ");
  return {
    pid: child.pid ?? 0,
    argv: options.argv ?? command,
    lines,
    ended,
    complaint: () => complaint,
    line: (test) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const found = lines.find(test);
          if (found !== undefined || hasEnded) watchers.delete(look);
          if (found !== undefined) resolve(found);
          else if (hasEnded) reject(new Error(`${name} ended early: ${complaint.trim()}`));
        };
        watchers.add(look);
        look();
      }),
    tell: (text) => void child.stdin.write(`${text}\n`),
    endInput: () => void child.stdin.end(),
    signal: (signal) => void child.kill(signal),
    succeeded: async () => {
      const status = await ended;
      if (status !== 0) throw new Error(`${name} ended with ${status}: ${complaint.trim()}`);
    },
  };
}

/** Ends all that still runs; safe to call at any time, also twice. */
export function endAll() {
  for (const child of running) child.kill("SIGKILL");
  running.clear();
}

/** @param {Child} child */
export async function stop(child) {
  child.signal("SIGTERM");
  await child.ended;
}

/** @param {number} ms @returns {Promise<void>} */
export const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * Polls until `test` gives something.
 * @template T
 * @param {string} what for the message
 * @param {() => T | undefined | false} test
 * @param {number} [limitMs]
 * @returns {Promise<T>}
 */
export async function until(what, test, limitMs = 10_000) {
  const end = Date.now() + limitMs * patience;
  for (;;) {
    const value = test();
    if (value !== undefined && value !== false) return value;
    if (Date.now() > end) throw new Error(`waited ${limitMs * patience} ms for ${what}`);
    await pause(10);
  }
}
