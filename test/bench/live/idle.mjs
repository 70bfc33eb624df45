// @ts-check
/**
 * What Telltale takes while hardly anything happens: processor time and memory of each of its processes.
 *
 * node test/bench/live/idle.mjs [--seconds 20]
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { commandLine, cpuSeconds, endPrograms, familyOf, pause, pssMb } from "./program.mjs";
import { WATCHERS } from "./watchers.mjs";

const SETTLE_MS = 5000; // start-up is over, its garbage collected
const CPU_BAR = 0.5; // percent of a core, helper and libc watch
const MEMORY_BAR_MB = 60;

/** Which part of Telltale a process is. @param {number} pid */
function partOf(pid) {
  const line = commandLine(pid).join(" ");
  if (line.includes("telltale-libc-watch")) return "libcWatch";
  if (line.includes("helper.mjs")) return "helper";
  return line.includes("cli.mjs") && !line.startsWith("script") && !line.startsWith("sh ") ? "terminal" : undefined;
}

/** @param {number} pid @param {number} seconds */
async function measure(pid, seconds) {
  const parts = familyOf(pid).flatMap((member) => {
    const part = partOf(member);
    return part === undefined ? [] : [{ part, pid: member, before: cpuSeconds(member) }];
  });
  await pause(seconds * 1000);
  const measured = parts.map((entry) => {
    const cpuPercent = Math.round(((cpuSeconds(entry.pid) - entry.before) / seconds) * 10_000) / 100;
    return [entry.part, { cpuPercent, pssMb: pssMb(entry.pid) }];
  });
  return /** @type {Record<string, { cpuPercent: number, pssMb: number }>} */ (Object.fromEntries(measured));
}

const { values } = parseArgs({ options: { seconds: { type: "string", default: "20" } } });
const directory = mkdtempSync(path.join(tmpdir(), "telltale-bench-"));
try {
  const engine = WATCHERS.find(({ id }) => id === "engine");
  if (engine === undefined) throw new Error("no engine to watch");
  const running = await engine.start(directory);
  await pause(SETTLE_MS);
  const parts = await measure(running.pid, Number(values.seconds));
  await running.stop();
  const privileged = [parts.helper, parts.libcWatch];
  const sum = (/** @type {"cpuPercent" | "pssMb"} */ field) =>
    Math.round(privileged.reduce((total, part) => total + (part?.[field] ?? 0), 0) * 100) / 100;
  const whole = { cpuPercent: sum("cpuPercent"), pssMb: sum("pssMb") };
  const isHeld = whole.cpuPercent < CPU_BAR && whole.pssMb < MEMORY_BAR_MB;
  const bars = { cpuPercent: CPU_BAR, pssMb: MEMORY_BAR_MB };
  console.log(
    JSON.stringify({ bench: "idle", seconds: Number(values.seconds), parts, privileged: whole, bars, isHeld }),
  );
} finally {
  endPrograms();
  rmSync(directory, { recursive: true, force: true });
}
