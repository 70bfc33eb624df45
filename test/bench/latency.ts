/** From connect() in a program to the flow in the session, with the helper and core as they run for a user. */
import { connect, createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { decodeEvents } from "../../src/core/event/decode-event.ts";
import { createSession } from "../../src/core/session/session.ts";
import type { HelperMessage } from "../../src/core/session/session-api.ts";
import { findPaths } from "../../src/engine/find-paths.ts";
import { followHelper } from "../../src/engine/helper-client.ts";
import { loadRules } from "../../src/engine/load-rules.ts";
import { nodeCiphers } from "../../src/engine/node-ciphers.ts";
import { startCapture } from "../../src/engine/start-capture.ts";

/** Not in step with the helper's pauses. */
const BETWEEN_MS = [37, 173, 61, 211, 89, 127] as const;
/** The helper's longest pause, and then some. */
const SETTLE_MS = 500;
const BAR_MS = 120;

export interface LatencyResult {
  readonly bench: "latency";
  readonly samples: number;
  readonly medianMs: number;
  readonly p95Ms: number;
  readonly maxMs: number;
  readonly barMs: number;
  readonly isHeld: boolean;
}

async function listen(): Promise<{ readonly port: number; readonly close: () => void }> {
  const server = createServer((socket) => socket.end());
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return { port: address.port, close: () => void server.close() };
}

async function connectOnce(port: number): Promise<void> {
  const socket = connect(port, "127.0.0.1");
  await new Promise<void>((resolve, reject) => {
    socket.once("close", () => resolve());
    socket.once("error", reject);
    socket.resume();
  });
}

const rounded = (ms: number): number => Math.round(ms * 10) / 10;

function resultOf(waits: readonly number[]): LatencyResult {
  const sorted = waits.toSorted((a, b) => a - b);
  const at = (part: number): number => rounded(sorted[Math.ceil(part * sorted.length) - 1] ?? Number.NaN);
  const p95Ms = at(0.95);
  return {
    bench: "latency",
    samples: sorted.length,
    medianMs: at(0.5),
    p95Ms,
    maxMs: at(1),
    barMs: BAR_MS,
    isHeld: p95Ms < BAR_MS,
  };
}

export async function benchLatency(root: string, samples: number): Promise<LatencyResult> {
  const paths = findPaths(pathToFileURL(join(root, "out/node/cli.mjs")).href);
  const rules = await loadRules(paths.rulesDir);
  const session = createSession(rules.classifier, nodeCiphers);
  const around = { isRoot: process.getuid?.() === 0, shell: "terminal", hasTerminal: false } as const;
  const started = await startCapture(paths, around, new AbortController().signal);
  if (started.outcome === "problem") throw new Error(JSON.stringify(started.problem));
  const server = await listen();
  const waits: number[] = [];
  let onLive = (): void => undefined;
  const live = new Promise<void>((resolve) => {
    onLive = resolve;
  });
  const client = followHelper(started.socket, started.launch, (message: HelperMessage) => {
    session.ingest(message);
    if (message.kind === "live") onLive();
    if (message.kind !== "records") return undefined;
    const nowNs = started.addon.bootTimeNs(); // the session has them by now
    decodeEvents(message.bytes, (event) => {
      const isOurs = event.type === "flow-open" && event.origin === "connect";
      if (isOurs && event.endpoints.remote.port === server.port) waits.push((nowNs - event.timeNs) / 1e6);
    });
    return undefined;
  });
  await live;
  await pause(SETTLE_MS);
  for (let sample = 0; sample < samples; sample += 1) {
    await connectOnce(server.port);
    await pause(BETWEEN_MS[sample % BETWEEN_MS.length]);
  }
  await pause(SETTLE_MS);
  client.stop();
  await client.ended;
  server.close();
  return resultOf(waits);
}
