/**
 * Runs one built target in a worker thread and watches it: an execution over a
 * second (or what the target allows) is a hang, memory over the limit a leak. A process of its own for each
 * target (`node watch-target.mjs FILE`), so that memory is that target's alone.
 * FILE holds the job; the outcome goes to standard output.
 */
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { Worker } from "node:worker_threads";

/**
 * @typedef {{ kind: "crash" | "hang" | "memory", message: string, stack: string, input: string }} Finding
 * @typedef {{ executions: number, seconds: number, blocks: number, features: number, corpus: Uint8Array[], findings: Finding[] }} Outcome
 * @typedef {{ executions: number, seconds: number, seed: number, maxRssMb: number, file: string, blockCount: number,
 *   literals: string[], corpus: string[], regressions: string[] }} Job
 */

const WATCH_EVERY_MS = 100;
const MAX_INPUT_BYTES = 4 * 1024 * 1024;
/** Objects of the engine and of one execution; the limit on memory of all kinds comes on top. */
const MAX_HEAP_MB = 256;

/** @param {Job} job */
function startWorker(job) {
  const numbers = new SharedArrayBuffer(16);
  const input = new SharedArrayBuffer(MAX_INPUT_BYTES);
  const decode = (/** @type {string[]} */ list) => list.map((line) => new Uint8Array(Buffer.from(line, "base64")));
  const worker = new Worker(pathToFileURL(job.file), {
    resourceLimits: { maxOldGenerationSizeMb: MAX_HEAP_MB },
    workerData: {
      numbers,
      input,
      job: {
        ...job,
        literals: decode(job.literals),
        corpus: decode(job.corpus),
        regressions: decode(job.regressions),
      },
    },
  });
  return { worker, numbers: new Int32Array(numbers), input: new Uint8Array(input) };
}

/** @param {Job} job @returns {Promise<Outcome & { peakRssMb: number }>} */
function watch(job) {
  const startMs = performance.now();
  const { worker, numbers, input } = startWorker(job);
  let peakRssMb = 0;
  let seen = -1;
  let cpuAtChange = process.cpuUsage();
  return new Promise((resolve, reject) => {
    /** @param {Outcome} outcome */
    function done(outcome) {
      clearInterval(timer);
      resolve({ ...outcome, peakRssMb: Math.round(peakRssMb) });
    }
    /** The worker cannot tell any more; we know what it ran. @param {Finding["kind"]} kind @param {string} message */
    function stop(kind, message) {
      const bytes = Buffer.from(input.slice(0, numbers[1]));
      void worker.terminate();
      done({
        executions: numbers[0] ?? 0,
        seconds: (performance.now() - startMs) / 1000,
        blocks: 0,
        features: 0,
        corpus: [],
        findings: [{ kind, message, stack: "", input: bytes.toString("base64") }],
      });
    }
    const timer = setInterval(() => {
      peakRssMb = Math.max(peakRssMb, process.memoryUsage.rss() / 2 ** 20);
      if (peakRssMb > job.maxRssMb) return stop("memory", `over ${job.maxRssMb} MiB`);
      const current = Atomics.load(numbers, 2);
      if (current !== seen) {
        seen = current;
        cpuAtChange = process.cpuUsage();
        return;
      }
      // Processor time, not the clock: on a busy machine a thread may wait long for its turn.
      const { user, system } = process.cpuUsage(cpuAtChange);
      const maxMs = numbers[3] ?? 0;
      if (maxMs > 0 && (user + system) / 1000 > maxMs) stop("hang", `an execution took over ${maxMs} ms`);
    }, WATCH_EVERY_MS);
    worker.on("message", done);
    worker.on("error", (error) => {
      if (/** @type {NodeJS.ErrnoException} */ (error).code === "ERR_WORKER_OUT_OF_MEMORY") {
        stop("memory", `over ${MAX_HEAP_MB} MiB of objects`);
      } else {
        clearInterval(timer);
        reject(error);
      }
    });
  });
}

const job = /** @type {Job} */ (JSON.parse(readFileSync(process.argv[2] ?? "", "utf8")));
const outcome = await watch(job);
const corpus = outcome.corpus.map((bytes) => Buffer.from(bytes).toString("base64"));
process.stdout.write(JSON.stringify({ ...outcome, corpus }));
