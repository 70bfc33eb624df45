// @ts-check
/**
 * How long loading and attaching all programs takes, and what the verifier had to walk for each.
 *
 * node test/bench/live/load.mjs [--runs 7]
 */
import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import path from "node:path";
import { parseArgs } from "node:util";
import { findProgram } from "../../../scripts/setup/run.mjs";
import { repoDir } from "../../truth/programs.mjs";
import { cgroupDir } from "./cgroup-dir.mjs";
import { medianOf } from "./pairs.mjs";

const BAR_MS = 300;
const RING_BYTES = 16 * 1024 * 1024;

const { values } = parseArgs({ options: { runs: { type: "string", default: "7" } } });
const addon = createRequire(import.meta.url)(path.join(repoDir, "build/Release/telltale_native.node"));
const objectFile = path.join(repoDir, "build/bpf/telltale.bpf.o");

/** Sizes as the kernel has them; ours are those that were not there before. */
function listPrograms() {
  const file = findProgram("bpftool");
  if (file === undefined) return [];
  const { stdout } = spawnSync(file, ["prog", "show", "--json"], { encoding: "utf8" });
  /** @type {{ id: number, name: string, bytes_xlated: number, bytes_jited: number, verified_insns?: number }[]} */
  const programs = JSON.parse(stdout === "" ? "[]" : stdout);
  return programs;
}

function measureOnce() {
  const begunMs = performance.now();
  const capture = addon.open({ objectFile, cgroupDir: cgroupDir(), ringBytes: RING_BYTES });
  const openMs = performance.now() - begunMs;
  return { capture, openMs };
}

const before = new Set(listPrograms().map(({ id }) => id));
/** @type {number[]} */
const times = [];
/** @type {Record<string, { instructions: number, bytes: number }>} */
const programs = {};
let refused = 0;
for (let run = 0; run < Number(values.runs); run++) {
  const { capture, openMs } = measureOnce();
  times.push(Math.round(openMs));
  if (run === 0) {
    refused = capture.features().filter((/** @type {{ isAttached: boolean }} */ { isAttached }) => !isAttached).length;
    for (const { id, name, bytes_xlated, bytes_jited, verified_insns } of listPrograms()) {
      if (before.has(id)) continue;
      programs[name] = { instructions: verified_insns ?? bytes_xlated / 8, bytes: bytes_jited };
    }
  }
  capture.close();
}
const medianMs = medianOf(times);
const result = { bench: "load", medianMs, timesMs: times, barMs: BAR_MS, isHeld: medianMs < BAR_MS, refused, programs };
console.log(JSON.stringify(result));
