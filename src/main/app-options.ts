/** The application's own options among Electron's and Chromium's. */
import { resolve } from "node:path";

export interface AppOptions {
  readonly isDemo: boolean;
  readonly replayFile: string | null;
  /** Reports are saved here without asking where. */
  readonly exportDir: string | null;
}

function wordAfter(argv: readonly string[], name: string): string | null {
  for (const [index, word] of argv.entries()) {
    if (word === name) return argv[index + 1] ?? null;
    if (word.startsWith(`${name}=`)) return word.slice(name.length + 1);
  }
  return null;
}

/** Unknown words are Chromium's switches and are left alone. */
export function parseAppOptions(argv: readonly string[], workingDir: string): AppOptions {
  const path = (name: string): string | null => {
    const value = wordAfter(argv, name);
    return value === null || value === "" ? null : resolve(workingDir, value);
  };
  return { isDemo: argv.includes("--demo"), replayFile: path("--replay"), exportDir: path("--export-dir") };
}
