// @ts-check
/**
 * What watching costs, as a ratio: work done with a watcher over work done without, in runs that take turns. Once by
 * the clock, which needs a machine that does nothing else; once by processor time, of both ends and the watcher.
 *
 * node test/bench/live/overhead.mjs [--only connections,dns] [--watchers probes,engine] [--pairs 5] [--seconds 4]
 */
import { mkdtempSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { findProgram } from "../../../scripts/setup/run.mjs";
import { costNs, medianOf, ratiosOf } from "./pairs.mjs";
import { endPrograms, familyCpuSeconds } from "./program.mjs";
import { WATCHERS } from "./watchers.mjs";
import { WORKLOADS } from "./workloads.mjs";

/** @typedef {import("./pairs.mjs").Pair} Pair */
/** @typedef {import("./watchers.mjs").Watcher} Watcher */
/** @typedef {import("./workloads.mjs").Workload} Workload */
/** @typedef {import("./workloads.mjs").Running} Running */
/** @typedef {import("./workloads.mjs").Done} Done */

const WARM_UP_SECONDS = 2; // caches fill, code is compiled

const { values } = parseArgs({
  options: {
    only: { type: "string", default: WORKLOADS.map(({ id }) => id).join(",") },
    watchers: { type: "string", default: WATCHERS.map(({ id }) => id).join(",") },
    pairs: { type: "string", default: "5" },
    seconds: { type: "string", default: "4" },
  },
});
const seconds = Number(values.seconds);

/** @param {Running} work @param {Watcher} watcher @param {string} directory */
async function measureWatched(work, watcher, directory) {
  const watching = await watcher.start(directory);
  await work.measure(WARM_UP_SECONDS);
  const before = familyCpuSeconds(watching.pid);
  const done = await work.measure(seconds);
  const own = familyCpuSeconds(watching.pid) - before;
  return { done: { ...done, cpuSeconds: done.cpuSeconds + own }, seen: await watching.stop() };
}

/** Units a second of processor time, whoever spends it: what a busy machine changes little. @param {Done} done */
const yieldOf = ({ rate, cpuSeconds }) => (rate * seconds) / cpuSeconds;

/** @param {Running} work @param {Watcher} watcher @param {string} directory */
async function measurePairs(work, watcher, directory) {
  /** @type {Pair[]} */
  const pairs = [];
  /** @type {Pair[]} */
  const perCpuSecond = [];
  let lost = 0;
  for (let number = 0; number < Number(values.pairs); number++) {
    const isWatchedFirst = number % 2 === 1; // whatever drifts with time favours neither
    const before = isWatchedFirst ? undefined : await work.measure(seconds);
    const { done, seen } = await measureWatched(work, watcher, directory);
    const alone = before ?? (await work.measure(seconds));
    const pair = { without: alone.rate, with: done.rate };
    pairs.push(pair);
    perCpuSecond.push({ without: yieldOf(alone), with: yieldOf(done) });
    lost += seen.lost ?? 0;
    process.stderr.write(`  ${watcher.id}: ${(pair.with / pair.without).toFixed(3)}\n`);
  }
  return { pairs, perCpuSecond, lost };
}

/** @param {Workload} workload @param {readonly Watcher[]} watchers @param {string} directory */
async function measureWorkload(workload, watchers, directory) {
  process.stderr.write(`${workload.title}\n`);
  const work = await workload.start(directory);
  /** @type {Record<string, unknown>} */
  const byWatcher = {};
  await work.measure(WARM_UP_SECONDS);
  for (const watcher of watchers) {
    const { pairs, perCpuSecond, lost } = await measurePairs(work, watcher, directory);
    byWatcher[watcher.id] = {
      ...ratiosOf(pairs),
      byProcessorTime: ratiosOf(perCpuSecond),
      costNs: costNs(perCpuSecond),
      without: Math.round(medianOf(pairs.map((pair) => pair.without))),
      lostRecords: lost,
    };
  }
  await work.stop();
  return { unit: workload.unit, bar: workload.bar, watchers: byWatcher };
}

/** @template {{ id: string }} Entry @param {readonly Entry[]} table @param {string} ids */
const chosen = (table, ids) => table.filter(({ id }) => ids.split(",").includes(id));

/** @param {{ program?: string, programs?: readonly string[] }} needs */
const isInstalled = ({ program, programs = program === undefined ? [] : [program] }) =>
  programs.every((name) => findProgram(name) !== undefined);

const directory = mkdtempSync(path.join(tmpdir(), "telltale-bench-"));
const clean = () => {
  endPrograms();
  rmSync(directory, { recursive: true, force: true });
};
for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM"])) {
  process.once(signal, () => {
    clean();
    process.exit(130);
  });
}
try {
  const watchers = chosen(WATCHERS, values.watchers).filter(isInstalled);
  /** @type {Record<string, unknown>} */
  const workloads = {};
  for (const workload of chosen(WORKLOADS, values.only).filter(isInstalled)) {
    workloads[workload.id] = await measureWorkload(workload, watchers, directory);
  }
  console.log(JSON.stringify({ bench: "overhead", cores: availableParallelism(), seconds, workloads }));
} finally {
  clean();
}
