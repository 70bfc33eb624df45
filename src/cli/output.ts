/**
 * Where the terminal commands write. Standard output may be a screen, a file
 * or a pipe whose reader goes away at any time (`| head`): that is a reason
 * to stop cleanly, not an error.
 */
import { errorCode, explainError } from "../engine/explain-error.ts";

export interface Output {
  readonly isTerminal: boolean;
  readonly hasColour: boolean;
  readonly columns: () => number;
  readonly rows: () => number;
  readonly write: (text: string) => void;
  /** To wait for when the reader is slower than we are; undefined: it is not. Node would keep all in memory, up to a limit. */
  readonly relief: () => Promise<void> | undefined;
  /** To people, never into the data. */
  readonly note: (line: string) => void;
  /** Aborted when the reader went away. */
  readonly readerGone: AbortSignal;
  /** Why writing failed, other than a reader that went away; or null. */
  readonly problem: () => string | null;
  readonly onResize: (listener: () => void) => void;
}

export function processOutput(): Output {
  const { stdout, stderr } = process;
  const gone = new AbortController();
  let problem: string | null = null;
  stdout.on("error", (error) => {
    if (errorCode(error) !== "EPIPE") problem ??= explainError(error);
    gone.abort();
  });
  stderr.on("error", () => undefined); // nobody is left to tell
  let goOn = (): void => undefined;
  stdout.on("drain", () => goOn());
  gone.signal.addEventListener("abort", () => goOn());
  return {
    isTerminal: stdout.isTTY === true,
    hasColour: stdout.isTTY === true && (process.env.NO_COLOR ?? "") === "" && process.env.TERM !== "dumb",
    // A pseudo-terminal that nobody sized says 0.
    columns: () => stdout.columns || 120,
    rows: () => stdout.rows || 40,
    write: (text) => {
      if (!gone.signal.aborted) stdout.write(text);
    },
    relief: () => {
      if (gone.signal.aborted || !stdout.writableNeedDrain) return undefined;
      return new Promise((resolve) => {
        goOn = resolve;
      });
    },
    note: (line) => {
      stderr.write(`${line}\n`);
    },
    readerGone: gone.signal,
    problem: () => problem,
    onResize: (listener) => {
      stdout.on("resize", listener);
    },
  };
}

/** Resolves when all that was written has left the process. */
export async function drained(): Promise<void> {
  await new Promise<void>((resolve) => {
    process.stdout.write("", () => resolve());
  });
}
