/** A live capture in the terminal, from asking for root to the last flow. Used by watch and record. */
import type { CaptureProblem } from "../contract/ipc-schema.ts";
import type { HelperMessage } from "../core/session/session-api.ts";
import type { AppPaths } from "../engine/find-paths.ts";
import { followHelper } from "../engine/helper-client.ts";
import { startCapture } from "../engine/start-capture.ts";
import type { NativeAddon } from "../helper/native.ts";
import type { StopSignals } from "./stop-signals.ts";

export interface LiveHandlers {
  readonly onConnected?: (addon: NativeAddon) => void;
  readonly onMessage: (message: HelperMessage) => undefined | Promise<void>;
  readonly onLive: () => void;
}

const whenAborted = (signal: AbortSignal): Promise<null> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve(null);
    else signal.addEventListener("abort", () => resolve(null), { once: true });
  });

/** Resolves when the run is over; null: it was ended on purpose. */
export async function runLive(
  paths: AppPaths,
  stops: StopSignals,
  handlers: LiveHandlers,
): Promise<CaptureProblem | null> {
  const stopped = whenAborted(stops.signal);
  const around = {
    isRoot: process.getuid?.() === 0,
    shell: "terminal",
    hasTerminal: process.stdin.isTTY === true,
  } as const;
  const started = await startCapture(paths, around, stops.signal);
  if (started.outcome === "problem") return stops.signal.aborted ? null : started.problem;
  handlers.onConnected?.(started.addon);
  const client = followHelper(started.socket, started.launch, (message) => {
    if (message.kind === "live") {
      stops.startClock();
      handlers.onLive();
    }
    return handlers.onMessage(message);
  });
  const end = await Promise.race([client.ended, stopped]);
  client.stop();
  await client.ended; // what was read is handled before the caller goes on
  return stops.signal.aborted ? null : end;
}
