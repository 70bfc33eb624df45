/**
 * Does memory stay flat over millions of answers and flows? Heap and RSS are
 * sampled after forced collections; what comes before the tables are full is
 * warm-up.
 */

import { LATE_ANSWER_NS, MAX_NAMES_PER_SLOT, MAX_SLOTS } from "../../src/core/naming/resolver-answers.ts";
import { MAX_EDGES } from "../../src/core/session/graph-edges.ts";
import { MAX_LOOKUPS, MAX_LOOKUPS_OF_PROCESS } from "../../src/core/session/lookups.ts";
import { createSession } from "../../src/core/session/session.ts";
import { nodeCiphers } from "../../src/engine/node-ciphers.ts";
import { createLiteralClassifier } from "../unit/support/literal-classifier.ts";
import { createFlood, PAIRS_PER_BATCH } from "./flood-traffic.ts";

const SAMPLES = 40;
/** Of the samples; by then every table has met its cap. Heap and RSS must stay within FLAT_PERCENT. */
const WARM_UP = 0.25;
const FLAT_PERCENT = 5;

interface Sample {
  readonly pairs: number;
  readonly heapMb: number;
  readonly rssMb: number;
}

interface Spread {
  readonly minMb: number;
  readonly maxMb: number;
  /** Between the two. */
  readonly percent: number;
  /** Mean of the last quarter over that of the first: what a leak would raise, and a kernel that takes pages back would not. */
  readonly growthPercent: number;
}

export interface MemoryResult {
  readonly bench: "memory";
  readonly node: string;
  readonly pairs: number;
  readonly records: number;
  readonly seconds: number;
  readonly caps: Readonly<Record<string, number>>;
  /** Coverage.loss.core at the end: what went where a table was full. */
  readonly evicted: Readonly<Record<string, number>>;
  readonly samples: readonly Sample[];
  readonly heapAfterWarmUp: Spread;
  readonly rssAfterWarmUp: Spread;
  readonly isFlat: boolean;
}

const megabytes = (bytes: number): number => Math.round(bytes / 1e5) / 10;

const percent = (more: number, less: number): number => Math.round((more / less - 1) * 1000) / 10;

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

function spreadOf(values: readonly number[]): Spread {
  const minMb = Math.min(...values);
  const maxMb = Math.max(...values);
  const quarter = Math.ceil(values.length / 4);
  const growthPercent = percent(mean(values.slice(-quarter)), mean(values.slice(0, quarter)));
  return { minMb, maxMb, percent: percent(maxMb, minMb), growthPercent };
}

function collect(): NodeJS.MemoryUsage {
  if (globalThis.gc === undefined) throw new Error("run node with --expose-gc");
  for (let turn = 0; turn < 2; turn += 1) globalThis.gc();
  return process.memoryUsage();
}

/** The classifier must not remember what it was asked. */
const forgetfulClassifier = () => {
  const { classify, encryptedResolverOf } = createLiteralClassifier();
  const verdict = classify({
    name: null,
    remote: { address: "10.0.0.1", port: 443 },
    locality: "private",
    transport: "tcp",
    exe: null,
    filename: null,
    argv: null,
    comm: null,
  });
  return { encryptedResolverOf, classify: () => verdict };
};

export function benchMemory(pairs: number): MemoryResult {
  const session = createSession(forgetfulClassifier(), nodeCiphers, { onFlowEnded: () => undefined });
  const flood = createFlood();
  const samples: Sample[] = [];
  const startedAt = performance.now();
  const perSample = Math.max(1, Math.floor(pairs / SAMPLES / PAIRS_PER_BATCH));
  for (let sample = 0; sample < SAMPLES; sample += 1) {
    for (let batch = 0; batch < perSample; batch += 1) {
      for (const bytes of flood.next()) session.ingest({ kind: "records", bytes });
    }
    session.tick(flood.nowNs());
    session.graph();
    const { heapUsed, rss } = collect();
    process.stderr.write(`${sample + 1}/${SAMPLES}: heap ${megabytes(heapUsed)} MB, RSS ${megabytes(rss)} MB\n`);
    samples.push({
      pairs: (sample + 1) * perSample * PAIRS_PER_BATCH,
      heapMb: megabytes(heapUsed),
      rssMb: megabytes(rss),
    });
  }
  const settled = samples.slice(Math.ceil(SAMPLES * WARM_UP));
  const heapAfterWarmUp = spreadOf(settled.map(({ heapMb }) => heapMb));
  const rssAfterWarmUp = spreadOf(settled.map(({ rssMb }) => rssMb));
  const { loss, recordsSeen } = session.coverage();
  return {
    bench: "memory",
    node: process.version,
    pairs: samples.at(-1)?.pairs ?? 0,
    records: recordsSeen,
    seconds: Math.round((performance.now() - startedAt) / 1000),
    caps: {
      answerSlotsAScope: MAX_SLOTS,
      namesAnAddress: MAX_NAMES_PER_SLOT,
      lookups: MAX_LOOKUPS,
      lookupsAProcess: MAX_LOOKUPS_OF_PROCESS,
      edges: MAX_EDGES,
      lateAnswerSeconds: LATE_ANSWER_NS / 1e9,
    },
    evicted: loss.core,
    samples,
    heapAfterWarmUp,
    rssAfterWarmUp,
    isFlat: heapAfterWarmUp.percent <= FLAT_PERCENT && rssAfterWarmUp.percent <= FLAT_PERCENT,
  };
}
