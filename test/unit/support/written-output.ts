/** An output of the terminal commands that keeps what is written. */
import type { Output } from "../../../src/cli/output.ts";

export interface WrittenOutput {
  readonly output: Output;
  readonly text: () => string;
  readonly notes: string[];
}

export function writtenOutput(): WrittenOutput {
  let text = "";
  const notes: string[] = [];
  const output: Output = {
    isTerminal: false,
    hasColour: false,
    columns: () => 120,
    rows: () => 40,
    write: (part) => {
      text += part;
    },
    note: (line) => void notes.push(line),
    relief: () => undefined,
    readerGone: new AbortController().signal,
    problem: () => null,
    onResize: () => undefined,
  };
  return { output, text: () => text, notes };
}
