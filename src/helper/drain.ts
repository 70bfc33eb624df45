/** Moves records from the ring, and what other sources tell, to the peer until told to stop; then once more, for what is left. */
import { FRAME_KIND, RECORD_TYPE_NAMES } from "../contract/helper-protocol.ts";
import type { KernelStats } from "../core/model/capture-facts.ts";
import type { FrameSource } from "./frame-source.ts";
import type { FrameWriter } from "./frame-writer.ts";
import type { NativeCapture } from "./native.ts";

/** At 16 MiB of ring this drains storms far above 100 MB/s, and waking up costs nothing yet. */
const BUSY_PAUSE_MS = 25;
/** The longest a reader waits for the first sign of something new. */
const IDLE_PAUSE_MS = 100;
/** A batch of this size says that more is coming than a pause should let pile up. */
const FULL_BATCH_BYTES = 512 * 1024;
const STATS_EVERY_MS = 1000;

export interface DrainOptions {
  readonly capture: NativeCapture;
  readonly writer: FrameWriter;
  readonly signal: AbortSignal;
  readonly sources: readonly FrameSource[];
}

function readStats(capture: NativeCapture): KernelStats {
  const { sent, lost } = capture.stats();
  const named = (numbers: readonly number[]) =>
    Object.fromEntries(RECORD_TYPE_NAMES.map((name, type) => [name, numbers[type] ?? 0]).slice(1));
  return { sent: named(sent), lost: named(lost) };
}

function createStatsSender({ capture, writer }: DrainOptions) {
  let told = "";
  let toldAtMs = 0;
  return async (isLast: boolean): Promise<void> => {
    const nowMs = performance.now();
    if (!isLast && nowMs - toldAtMs < STATS_EVERY_MS) return;
    toldAtMs = nowMs;
    const stats = readStats(capture);
    const text = JSON.stringify(stats);
    if (text === told && !isLast) return;
    told = text;
    await writer.writeJson(FRAME_KIND.stats, stats);
  };
}

/** Pauses until the time is over or we are told to stop. One listener for all pauses: an idle helper does little else. */
function createPauses(signal: AbortSignal): (ms: number) => Promise<void> {
  let wake = (): void => undefined;
  signal.addEventListener("abort", () => wake(), { once: true });
  return (ms) =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
}

async function sendAll({ sources, writer }: DrainOptions): Promise<void> {
  for (const source of sources) await source.send(writer);
}

export async function drain(options: DrainOptions): Promise<void> {
  const { capture, writer, signal } = options;
  const sendStats = createStatsSender(options);
  const rest = createPauses(signal);
  let pauseMs = BUSY_PAUSE_MS;
  while (!signal.aborted) {
    const length = await writer.writeRecords((target) => capture.read(target));
    await sendAll(options);
    await sendStats(false);
    if (length >= FULL_BATCH_BYTES) continue;
    pauseMs = length > 0 ? BUSY_PAUSE_MS : Math.min(pauseMs * 1.5, IDLE_PAUSE_MS);
    await rest(pauseMs);
  }
  // What lies there now; a storm could otherwise keep us for ever.
  while ((await writer.writeRecords((target) => capture.read(target))) >= FULL_BATCH_BYTES);
  await sendAll(options);
  await sendStats(true);
}
