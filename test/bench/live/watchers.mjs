// @ts-check
/** Who watches while work is done: Telltale as a user runs it, its probes alone, and other programs. */
import { readFileSync } from "node:fs";
import path from "node:path";
import { repoDir } from "../../truth/programs.mjs";
import { pause, startProgram, stopProgram, untilSaid } from "./program.mjs";

/** @typedef {{ lost?: number, sent?: number }} Seen */
/**
 * @typedef {object} Watcher
 * @property {string} id
 * @property {string} title
 * @property {string} [program] that must be installed
 * @property {(directory: string) => Promise<{ pid: number, stop: () => Promise<Seen> }>} start resolves when it watches
 */

const CLI = path.join(repoDir, "out/node/cli.mjs");
/** As bin/telltale starts it. */
const NODE = [process.execPath, "--max-semi-space-size=64"];
const CTRL_C = "\x03";
/** Programs that do not say when they are ready; all of them are within a second. */
const SETTLE_MS = 2500;

/** What a report says was lost between kernel and reader. @param {string} file @returns {Seen} */
function seenOf(file) {
  /** @type {{ notSeen: readonly { detail: string | null }[] }} */
  const { notSeen } = JSON.parse(readFileSync(file, "utf8"));
  const counts = notSeen.flatMap(({ detail }) => [...(detail ?? "").matchAll(/kernel [\w-]+:? ([\d,]+)/g)]);
  return { lost: counts.reduce((sum, [, count = ""]) => sum + Number(count.replaceAll(",", "")), 0) };
}

/** The live table in a terminal: helper, decoding, attribution, naming, drawing. @param {string} directory */
async function startEngine(directory) {
  const report = path.join(directory, "engine.json");
  const command = [...NODE, CLI, "watch", "--report", report].join(" ");
  const program = startProgram(["script", "-qefc", command, "/dev/null"]);
  await untilSaid(program, /Ctrl-C to stop/);
  const stop = async () => {
    await stopProgram(program, () => program.type(CTRL_C));
    return seenOf(report);
  };
  return { pid: program.pid, stop };
}

async function startProbes() {
  const program = startProgram([process.execPath, path.join(import.meta.dirname, "drain-only.mjs")]);
  await untilSaid(program, /live/);
  const stop = async () => {
    await stopProgram(program);
    return JSON.parse(program.output().trim().split("\n").at(-1) ?? "{}");
  };
  return { pid: program.pid, stop };
}

/** @param {readonly string[]} command */
async function startPeer(command) {
  const program = startProgram(command);
  const status = await Promise.race([pause(SETTLE_MS), program.ended]);
  if (status !== undefined) throw new Error(`it cannot watch here: ${program.output().slice(-500)}`);
  const stop = async () => {
    await stopProgram(program, () => program.signal("SIGINT"));
    return {};
  };
  return { pid: program.pid, stop };
}

const BPFTRACE = 'tracepoint:sock:inet_sock_set_state { printf("%s %d %d\\n", comm, args->oldstate, args->newstate); }';

/** tracefs may not be mounted: it is, for bpftrace alone. */
const WITH_TRACEFS = ["unshare", "-m", "sh", "-c", 'mount -t tracefs tracefs /sys/kernel/tracing; exec "$@"', "sh"];

/** @type {readonly Watcher[]} */
export const WATCHERS = [
  { id: "probes", title: "Telltale's probes, drained, nobody decoding", start: startProbes },
  { id: "engine", title: "Telltale: helper, core and live table", start: startEngine },
  {
    id: "bpftrace",
    title: "bpftrace, one tracepoint printed",
    program: "bpftrace",
    start: () => startPeer([...WITH_TRACEFS, "bpftrace", "-o", "/dev/null", "-e", BPFTRACE]),
  },
  {
    id: "tcpdump",
    title: "tcpdump -w /dev/null",
    program: "tcpdump",
    start: () => startPeer(["tcpdump", "-i", "lo", "-n", "-w", "/dev/null"]),
  },
  {
    id: "nethogs",
    title: "nethogs in trace mode",
    program: "nethogs",
    start: () => startPeer(["nethogs", "-a", "-t", "lo"]),
  },
];
