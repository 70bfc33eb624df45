/** What went wrong for which input, told once however often it is met. */
export interface Finding {
  /** crash: it threw. slow, hang: over a second. memory: over the limit. */
  readonly kind: "crash" | "hang" | "memory";
  readonly message: string;
  readonly stack: string;
  /** base64, as small as it could be made. */
  readonly input: string;
}

/** Two findings are one if they threw alike at the same place; numbers in messages come from the input. */
export function signatureOf(error: unknown): string {
  if (!(error instanceof Error)) return `thrown: ${typeof error}`;
  const frames = (error.stack ?? "").split("\n").filter((line) => line.trimStart().startsWith("at "));
  const place = frames.slice(0, 3).map((line) => line.replace(/:\d+:\d+\)?$/, "").replace(/\(.*\//, "("));
  // What is quoted in a message is the input's.
  const message = (error.message.split('"', 1)[0] ?? "").replace(/[0-9]+/g, "N").slice(0, 80);
  return `${error.name} ${message} ${place.join(" < ")}`;
}

/** Tries of the minimiser: enough for some hundred bytes, a moment's work. */
const MAX_TRIES = 4000;

/** Shortens `input` as long as it still fails alike: parts away, large ones first. */
export function minimise(input: Uint8Array, failsAlike: (candidate: Uint8Array) => boolean): Uint8Array {
  let best = input.slice();
  let tries = 0;
  for (let size = Math.ceil(best.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let at = 0; at < best.length && tries < MAX_TRIES; ) {
      const candidate = new Uint8Array([...best.subarray(0, at), ...best.subarray(at + size)]);
      tries += 1;
      if (failsAlike(candidate)) best = candidate;
      else at += size;
    }
  }
  return best;
}
