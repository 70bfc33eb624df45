/** What the terminal's exit code says; listed in `telltale --help`. */
import type { CaptureProblem } from "../contract/ipc-schema.ts";

export const EXIT = {
  ok: 0,
  failure: 1,
  usage: 2,
  noPermission: 3,
  notSupported: 4,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

const BY_PROBLEM: Readonly<Record<CaptureProblem["code"], ExitCode>> = {
  refused: EXIT.noPermission,
  "no-agent": EXIT.noPermission,
  "no-permission": EXIT.noPermission,
  "no-btf": EXIT.notSupported,
  "no-cgroup2": EXIT.notSupported,
  "load-failed": EXIT.notSupported,
  "not-built": EXIT.failure,
  "helper-lost": EXIT.failure,
  "peer-refused": EXIT.failure,
  internal: EXIT.failure,
};

export const exitCodeOf = (problem: CaptureProblem): ExitCode => BY_PROBLEM[problem.code];
