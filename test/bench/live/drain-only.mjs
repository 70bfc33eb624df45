// @ts-check
/** The probes attached and the ring emptied as the helper does it, its bytes thrown away. Ends on SIGTERM and says what it drained. */
import { createRequire } from "node:module";
import path from "node:path";
import { repoDir } from "../../truth/programs.mjs";
import { cgroupDir } from "./cgroup-dir.mjs";

const RING_BYTES = 16 * 1024 * 1024; // as the helper has it
const PAUSE_MS = 25;
const FULL_BATCH_BYTES = 512 * 1024;

const addon = createRequire(import.meta.url)(path.join(repoDir, "build/Release/telltale_native.node"));
const objectFile = path.join(repoDir, "build/bpf/telltale.bpf.o");
const capture = addon.open({ objectFile, cgroupDir: cgroupDir(), ringBytes: RING_BYTES });
const target = new Uint8Array(1024 * 1024);

function drain() {
  while (capture.read(target) >= FULL_BATCH_BYTES);
}

const timer = setInterval(drain, PAUSE_MS);
process.once("SIGTERM", () => {
  clearInterval(timer);
  drain();
  /** @type {{ sent: number[], lost: number[] }} */
  const { sent, lost } = capture.stats();
  const total = (/** @type {number[]} */ counts) => counts.reduce((sum, count) => sum + count, 0);
  capture.close();
  console.log(JSON.stringify({ sent: total(sent), lost: total(lost) }));
});
console.log("live");
