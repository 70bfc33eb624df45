/** Runs one target in a worker thread: the job comes with the thread, the outcome goes back as its only message. */
import { parentPort, workerData } from "node:worker_threads";
import { type FuzzJob, fuzz } from "./fuzz.ts";
import type { FuzzTarget } from "./fuzz-target.ts";

interface WorkerData {
  readonly job: FuzzJob;
  readonly numbers: SharedArrayBuffer;
  readonly input: SharedArrayBuffer;
}

const DEFAULT_MAX_MS = 1000;

export function runWorker(target: FuzzTarget): void {
  const { job, numbers, input } = workerData as WorkerData;
  if (input.byteLength < target.maxBytes)
    throw new Error(`${target.name}: inputs of ${target.maxBytes} bytes are too long`);
  const progress = { numbers: new Int32Array(numbers), input: new Uint8Array(input) };
  progress.numbers[3] = target.maxMs ?? DEFAULT_MAX_MS;
  parentPort?.postMessage(fuzz(target, job, progress));
}
