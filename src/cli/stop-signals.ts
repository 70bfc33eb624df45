/** One promise for everything that ends a live command: time, Ctrl-C, a closed terminal, a reader that went away. */

export interface StopSignals {
  readonly signal: AbortSignal;
  readonly stop: () => void;
  /** The given seconds count from here: when the capture is live, not while a password is typed. */
  readonly startClock: () => void;
  /** Gives the process its default reactions back. */
  readonly release: () => void;
}

const ENDING_SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

export function stopSignals(options: { readonly seconds: number | null; readonly also: AbortSignal }): StopSignals {
  const controller = new AbortController();
  const stop = (): void => controller.abort();
  const onSignal = (name: NodeJS.Signals): void => {
    // A second Ctrl-C means now.
    if (controller.signal.aborted) process.exit(name === "SIGINT" ? 130 : 143);
    stop();
  };
  for (const name of ENDING_SIGNALS) process.on(name, onSignal);
  options.also.addEventListener("abort", stop, { once: true });
  if (options.also.aborted) stop();
  let timer: NodeJS.Timeout | null = null;
  return {
    signal: controller.signal,
    stop,
    startClock: () => {
      if (options.seconds !== null) timer ??= setTimeout(stop, options.seconds * 1000);
    },
    release: () => {
      if (timer !== null) clearTimeout(timer);
      for (const name of ENDING_SIGNALS) process.off(name, onSignal);
    },
  };
}
