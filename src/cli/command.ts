/** What every terminal command is: words in, exit code out. */
import type { AppPaths } from "../engine/find-paths.ts";
import type { ExitCode } from "./exit-codes.ts";
import type { Output } from "./output.ts";

export interface CommandContext {
  readonly paths: AppPaths;
  readonly output: Output;
}

export interface Command {
  readonly name: string;
  readonly usage: string;
  readonly summary: string;
  /** Throws UsageError; everything else that can be expected to fail is an exit code. */
  readonly run: (words: readonly string[], context: CommandContext) => Promise<ExitCode>;
}
