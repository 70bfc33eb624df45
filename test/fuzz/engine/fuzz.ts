/**
 * The loop: take an input that reached something, change it, run it, keep it if
 * it reached more. Runs in a worker thread, so that the thread that watches it
 * can tell of an execution that does not end.
 */
import { type Corpus, createCorpus } from "./corpus.ts";
import { type Finding, minimise, signatureOf } from "./finding.ts";
import type { FuzzTarget } from "./fuzz-target.ts";
import { createMutator } from "./mutate.ts";
import { createRandom, type Random } from "./random.ts";

export interface FuzzJob {
  readonly executions: number;
  readonly seconds: number;
  readonly seed: number;
  readonly blockCount: number;
  readonly literals: readonly Uint8Array[];
  /** Inputs of earlier runs; seeds of the target are added. */
  readonly corpus: readonly Uint8Array[];
  /** Inputs that once failed. */
  readonly regressions: readonly Uint8Array[];
}

/** Memory shared with the watching thread: what runs now. */
export interface Progress {
  /** [0] executions begun, [1] length of the input, [2] counts on while the engine lives: an execution that hangs stops it. [3] ms it may take. */
  readonly numbers: Int32Array;
  readonly input: Uint8Array;
}

export interface FuzzOutcome {
  readonly executions: number;
  readonly seconds: number;
  readonly blocks: number;
  readonly features: number;
  readonly corpus: readonly Uint8Array[];
  readonly findings: readonly Finding[];
}

/** One bug may show in many ways; after so many the run says enough. */
const MAX_FINDINGS = 20;
/** The clock is looked at this often. */
const CLOCK_EVERY = 1024;

/** From so many executions on a run may take minutes. */
const LONG_RUN = 100_000;

interface Findings {
  readonly add: (input: Uint8Array, error: unknown) => void;
  readonly list: () => readonly Finding[];
}

function collectFindings(run: (input: Uint8Array) => void, { numbers }: Progress): Findings {
  const bySignature = new Map<string, Finding>();
  const fails = (signature: string) => (candidate: Uint8Array) => {
    numbers[2] = (numbers[2] ?? 0) + 1;
    try {
      run(candidate);
      return false;
    } catch (error) {
      return signatureOf(error) === signature;
    }
  };
  function add(input: Uint8Array, error: unknown): void {
    const signature = signatureOf(error);
    if (bySignature.has(signature)) return;
    const small = minimise(input, fails(signature));
    bySignature.set(signature, {
      kind: "crash",
      message: error instanceof Error ? `${error.name}: ${error.message}` : String(error),
      stack: error instanceof Error ? (error.stack ?? "") : "",
      input: Buffer.from(small).toString("base64"),
    });
  }
  return { add, list: () => [...bySignature.values()] };
}

/** Stretched inputs of one run, each some milliseconds long: fewer in a short run. */
const MAX_STRETCHED = 200;
const EXECUTIONS_PER_STRETCHED = 1000;

/** `input`, or its end, or one byte of it, again and again. */
function stretch(input: Uint8Array, size: number, random: Random): Uint8Array {
  const long = new Uint8Array(size);
  if (input.length === 0) return long;
  long.set(input);
  const from = random.below(input.length);
  const part =
    random.below(2) === 0 ? input.subarray(random.below(2) === 0 ? 0 : from) : input.subarray(from, from + 1);
  for (let at = input.length; at < size; at += part.length) long.set(part.subarray(0, size - at), at);
  return long;
}

const wordBytes = (word: string | Uint8Array): Uint8Array =>
  typeof word === "string" ? new TextEncoder().encode(word) : word;

function createRunner(target: FuzzTarget, corpus: Corpus, progress: Progress, findings: Findings) {
  let executions = 0;
  function execute(input: Uint8Array): void {
    executions += 1;
    progress.input.set(input);
    progress.numbers[1] = input.length;
    progress.numbers[0] = executions;
    progress.numbers[2] = (progress.numbers[2] ?? 0) + 1;
    try {
      target.run(input);
    } catch (error) {
      findings.add(input, error);
    }
    if (input.length <= target.maxBytes) corpus.judge(input);
  }
  return { execute, executions: () => executions };
}

export function fuzz(target: FuzzTarget, job: FuzzJob, progress: Progress): FuzzOutcome {
  const startMs = performance.now();
  const random = createRandom(job.seed);
  const corpus = createCorpus(job.blockCount);
  const findings = collectFindings(target.run, progress);
  const { execute, executions } = createRunner(target, corpus, progress, findings);
  const fits = (input: Uint8Array): Uint8Array => input.subarray(0, target.maxBytes);
  for (const input of job.regressions) execute(fits(input));
  for (const input of [...target.seeds(), ...job.corpus]) execute(fits(input));
  for (const input of target.worst?.() ?? []) execute(input);
  if (job.executions >= LONG_RUN) for (const input of target.floods?.() ?? []) execute(input);

  const buffer = new Uint8Array(target.maxBytes);
  const words = [...(target.words ?? []).map(wordBytes), ...job.literals];
  const pickOther = (): Uint8Array => corpus.pick(random);
  const { mutate } = createMutator({ buffer, limit: target.maxBytes, random, words, pickOther });
  const endMs = startMs + job.seconds * 1000;
  while (executions() < job.executions && findings.list().length < MAX_FINDINGS) {
    if (executions() % CLOCK_EVERY === 0 && performance.now() > endMs) break;
    const parent = corpus.pick(random);
    buffer.set(parent);
    execute(buffer.subarray(0, mutate(parent.length)));
  }
  const { longBytes = 0 } = target;
  const stretched = longBytes === 0 ? 0 : Math.min(MAX_STRETCHED, job.executions / EXECUTIONS_PER_STRETCHED);
  for (let count = 0; count < stretched; count += 1) {
    execute(stretch(corpus.pick(random), longBytes, random));
  }
  return {
    executions: executions(),
    seconds: (performance.now() - startMs) / 1000,
    blocks: corpus.blocks(),
    features: corpus.features(),
    corpus: corpus.inputs(),
    findings: findings.list(),
  };
}
