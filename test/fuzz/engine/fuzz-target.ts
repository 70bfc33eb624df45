/**
 * One thing that is fuzzed. `run` gets any bytes and throws where an invariant
 * breaks; what it returns without throwing is fine, be the bytes good or bad.
 */
export interface FuzzTarget {
  readonly name: string;
  /** Mutated inputs are never longer. Small is fast: just enough for every branch. */
  readonly maxBytes: number;
  /** At the end inputs of the corpus are stretched to this size: work that grows with the square of it shows there. */
  readonly longBytes?: number;
  /** Crafted inputs of up to 1 MiB that try to cost the most. */
  readonly worst?: () => readonly Uint8Array[];
  /** The same for what takes many seconds: long runs only. */
  readonly floods?: () => readonly Uint8Array[];
  /** More processor time than this for one input is a hang; a second, if not given. */
  readonly maxMs?: number;
  /** Where mutation begins: real messages, RFC vectors. */
  readonly seeds: () => readonly Uint8Array[];
  /** Words the grammar has and mutation would not guess. Literals of the instrumented code are added by themselves. */
  readonly words?: readonly (string | Uint8Array)[];
  readonly run: (input: Uint8Array) => void;
}

/** What `run` throws for a broken invariant, so that a finding says what was expected. */
export class InvariantError extends Error {}

export function ensure(isTrue: boolean, what: () => string): void {
  if (!isTrue) throw new InvariantError(what());
}
