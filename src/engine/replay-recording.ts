/** Feeds a recording to a consumer, as fast as it is taken or at the pace it was made. */
import { setTimeout as pause } from "node:timers/promises";
import { createFrameDecoder } from "../contract/frame-decoder.ts";
import { HEADER } from "../core/event/layout.ts";
import type { HelperMessage } from "../core/session/session-api.ts";
import { type PumpEnd, pumpMessages } from "./pump-messages.ts";
import { openRecording } from "./read-recording.ts";

export type ReplayEnd = PumpEnd | { readonly outcome: "unreadable"; readonly reason: string };

export interface ReplayOptions {
  readonly onMessage: (message: HelperMessage) => undefined | Promise<void>;
  readonly isStopped?: () => boolean;
  readonly pace: "fast" | "as-recorded";
}

/** Silences longer than this are cut short: nobody watches an empty minute. */
const LONGEST_PAUSE_MS = 1500;

function firstRecordMs(bytes: Uint8Array): number | null {
  if (bytes.byteLength < HEADER.bytes) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Number(view.getBigUint64(HEADER.timeNs, true) / 1_000_000n);
}

/** Waits as long as passed between the last batch of records and this one. Before "live" is the past: no waiting. */
function createPacer(): (message: HelperMessage) => Promise<void> | undefined {
  let isLive = false;
  let lastMs: number | null = null;
  return (message) => {
    if (message.kind === "live") isLive = true;
    if (message.kind !== "records" || !isLive) return undefined;
    const nowMs = firstRecordMs(message.bytes);
    if (nowMs === null) return undefined;
    const waitMs = lastMs === null ? 0 : Math.min(nowMs - lastMs, LONGEST_PAUSE_MS);
    lastMs = nowMs;
    return waitMs > 0 ? pause(waitMs) : undefined;
  };
}

export async function replayRecording(path: string, options: ReplayOptions): Promise<ReplayEnd> {
  const opened = await openRecording(path);
  if (opened.outcome === "failed") return { outcome: "unreadable", reason: opened.reason };
  const waitFor = options.pace === "as-recorded" ? createPacer() : () => undefined;
  const onMessage = (message: HelperMessage): undefined | Promise<void> => {
    const waiting = waitFor(message);
    if (waiting === undefined) return options.onMessage(message);
    return waiting.then(() => options.onMessage(message));
  };
  try {
    const pumpOptions = options.isStopped === undefined ? { onMessage } : { onMessage, isStopped: options.isStopped };
    return await pumpMessages(opened.chunks, createFrameDecoder(), pumpOptions);
  } finally {
    await opened.close();
  }
}
