// @ts-check
/**
 * What watching costs, as a ratio: work done with a watcher over work done without, in runs that take turns.
 *
 * node test/bench/live/overhead.mjs [--only connections,dns] [--watchers probes,engine] [--pairs 5] [--seconds 4]
 */
import { mkdtempSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { findProgram } from "../../../scripts/setup/run.mjs";
import { costNs, medianOf, ratiosOf } from "./pairs.mjs";
import { endPrograms } from "./program.mjs";
import { WATCHERS } from "./watchers.mjs";
import { WORKLOADS } from "./workloads.mjs";

/** @typedef {import("./pairs.mjs").Pair} Pair */
/** @typedef {import("./watchers.mjs").Watcher} Watcher */
/** @typedef {import("./workloads.mjs").Workload} Workload */
/** @typedef {import("./workloads.mjs").Running} Running */

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
  const rate = await work.measure(seconds);
  return { rate, seen: await watching.stop() };
}

/** @param {Running} work @param {Watcher} watcher @param {string} directory */
async function measurePairs(work, watcher, directory) {
  /** @type {Pair[]} */
  const pairs = [];
  let lost = 0;
  for (let number = 0; number < Number(values.pairs); number++) {
    const isWatchedFirst = number % 2 === 1; // whatever drifts with time favours neither
    const before = isWatchedFirst ? undefined : await work.measure(seconds);
    const { rate, seen } = await measureWatched(work, watcher, directory);
    const pair = { without: before ?? (await work.measure(seconds)), with: rate };
    pairs.push(pair);
    lost += seen.lost ?? 0;
    process.stderr.write(`  ${watcher.id}: ${(pair.with / pair.without).toFixed(3)}\n`);
  }
  return { pairs, lost };
}

/** @param {Workload} workload @param {readonly Watcher[]} watchers @param {string} directory */
async function measureWorkload(workload, watchers, directory) {
  process.stderr.write(`${workload.title}\n`);
  const work = await workload.start(directory);
  /** @type {Record<string, unknown>} */
  const byWatcher = {};
  await work.measure(WARM_UP_SECONDS);
  for (const watcher of watchers) {
    const { pairs, lost } = await measurePairs(work, watcher, directory);
    byWatcher[watcher.id] = {
      ...ratiosOf(pairs),
      costNs: costNs(pairs, availableParallelism()),
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
