import type { ProcessKey } from "./ids.ts";

export interface Ancestor {
  readonly pid: number;
  readonly exe: string | null;
  /** Shared with the ancestor's own facts: it costs nothing to keep. */
  readonly argv: readonly string[] | null;
}

/** A process (thread group). Unknown stays null, never a guess. */
export interface Process {
  readonly key: ProcessKey;
  readonly pid: number;
  /** ns of CLOCK_BOOTTIME at the start of the thread group leader. */
  readonly startTimeNs: number;
  readonly exe: string | null;
  /**
   * The file it runs is gone from its place: deleted, or replaced by an upgrade.
   * null: it was there at its start, and nobody looked since.
   */
  readonly isExeDeleted: boolean | null;
  /** As given to exec; a script's own path where exe is its interpreter. */
  readonly filename: string | null;
  readonly argv: readonly string[] | null;
  readonly comm: string;
  readonly uid: number | null;
  /** Nearest first. */
  readonly ancestors: readonly Ancestor[];
  /** Path in the cgroup v2 hierarchy. */
  readonly cgroup: string | null;
  readonly exitedAtNs: number | null;
}
