/**
 * How many records a second one core decodes, attributes, names and sums, from
 * a recording: frames are split, rules judge as they ship, and the graph is
 * asked for every 75,000 records, which is four times a second at 300,000.
 */

import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createFrameDecoder } from "../../src/contract/frame-decoder.ts";
import { RECORD_TYPE_NAMES } from "../../src/contract/helper-protocol.ts";
import type { Classifier } from "../../src/core/classify/contact.ts";
import { HEADER } from "../../src/core/event/layout.ts";
import { createSession } from "../../src/core/session/session.ts";
import type { HelperMessage, Session } from "../../src/core/session/session-api.ts";
import { loadRules } from "../../src/engine/load-rules.ts";
import { nodeCiphers } from "../../src/engine/node-ciphers.ts";
import { playDesktop } from "./desktop-traffic.ts";
import { writeRecording } from "./write-recording.ts";

const CHUNK_BYTES = 1 << 20;
/** 75,000 records, at some 165 bytes each. */
const DRAW_EVERY_BYTES = 12_375_000;

export interface NamesOptions {
  /** The repository. */
  readonly root: string;
  readonly records: number;
  readonly runs: number;
}

export interface NamesResult {
  readonly bench: "names";
  readonly node: string;
  readonly records: number;
  readonly recordingMb: number;
  readonly recordsByType: Readonly<Record<string, number>>;
  readonly namedBySource: Readonly<Record<string, number>>;
  readonly runsPerSecond: readonly number[];
  /** The run in the middle. */
  readonly recordsPerSecond: number;
  /** The same over CPU time, garbage collection on other cores included: what a busy machine does not change. */
  readonly recordsPerCpuSecond: number;
}

const middleOf = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

function countTypes(recording: Uint8Array): Record<string, number> {
  const counts: Record<string, number> = {};
  const count = ({ bytes }: { readonly bytes: Uint8Array }): void => {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    for (let at = 0; at < bytes.length; at += view.getUint32(at + HEADER.size, true)) {
      const name = RECORD_TYPE_NAMES[view.getUint16(at + HEADER.type, true)] ?? "unknown";
      counts[name] = (counts[name] ?? 0) + 1;
    }
  };
  for (const message of createFrameDecoder({ source: "recording" }).push(recording)) {
    if (message.kind === "records") count(message);
  }
  return counts;
}

function replay(recording: Uint8Array, classifier: Classifier): Session {
  const session = createSession(classifier, nodeCiphers);
  const decoder = createFrameDecoder({ source: "recording" });
  let bytes = 0;
  const ingest = (message: HelperMessage): void => {
    session.ingest(message);
    if (message.kind !== "records") return;
    bytes += message.bytes.length;
    if (bytes < DRAW_EVERY_BYTES) return;
    bytes = 0;
    session.tick(session.newestNs());
    session.graph();
  };
  for (let at = 0; at < recording.length; at += CHUNK_BYTES) {
    for (const message of decoder.push(recording.subarray(at, at + CHUNK_BYTES))) ingest(message);
  }
  session.graph();
  return session;
}

function namedBySource(session: Session): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { naming, direction } of session.snapshot().flows) {
    if (direction === "inbound") continue;
    const source = naming.source === null ? "address only" : naming.name === null ? "candidates" : naming.source;
    counts[source] = (counts[source] ?? 0) + 1;
  }
  return counts;
}

/** Writes the recording to a file and reads it back, so that what is measured is what a replay does. */
function makeRecording({ root, records }: NamesOptions): Uint8Array {
  const firstOf = (fixture: string): Uint8Array => {
    const line = readFileSync(join(root, "test/fixtures", fixture), "utf8")
      .split("\n")
      .find((text) => /^[\da-f]/.test(text));
    return new Uint8Array(Buffer.from(line ?? "", "hex"));
  };
  const samples = {
    hello: firstOf("tls/openssl-client-hello.hex"),
    initial: firstOf("quic/rfc9001-client-initial.hex"),
  };
  const folder = mkdtempSync(join(tmpdir(), "telltale-bench-"));
  try {
    const file = join(folder, "names.telltale");
    writeRecording(file, (write) => playDesktop(records, samples, write));
    return readFileSync(file);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The first replay, not measured; its session is let go of, for no capture has another beside it. */
function warmUp(recording: Uint8Array, classifier: Classifier): Record<string, number> {
  const session = replay(recording, classifier);
  const { loss, ignored } = session.coverage();
  if (loss.total > 0) throw new Error(`the bench loses records: ${JSON.stringify({ loss, ignored })}`);
  return namedBySource(session);
}

export async function benchNames(options: NamesOptions): Promise<NamesResult> {
  const rules = await loadRules(join(options.root, "resources/rules"));
  if (rules.problem !== null) throw new Error(rules.problem);
  const recording = makeRecording(options);
  const recordsByType = countTypes(recording);
  const records = Object.values(recordsByType).reduce((sum, count) => sum + count, 0);
  const named = warmUp(recording, rules.classifier);
  const runsPerSecond: number[] = [];
  const perCpuSecond: number[] = [];
  for (let run = 0; run < options.runs; run += 1) {
    // No forced collection: it would shrink the young generation, which a long capture has grown. What is collected costs its time here.
    const startedAt = performance.now();
    const cpu = process.cpuUsage();
    replay(recording, rules.classifier);
    const { user, system } = process.cpuUsage(cpu);
    runsPerSecond.push(Math.round((records / (performance.now() - startedAt)) * 1000));
    perCpuSecond.push(Math.round((records / (user + system)) * 1e6));
  }
  return {
    bench: "names",
    node: process.version,
    records,
    recordingMb: Math.round(recording.length / 1e5) / 10,
    recordsByType,
    namedBySource: named,
    runsPerSecond,
    recordsPerSecond: middleOf(runsPerSecond),
    recordsPerCpuSecond: middleOf(perCpuSecond),
  };
}
