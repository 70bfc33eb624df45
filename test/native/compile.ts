/** Compiles the C programs of test/native/programs into a folder of the test's own. */
import { spawnSync } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";

const repo = fileURLToPath(new URL("../..", import.meta.url));

/** Below /tmp: on the file system where a container or chroot may lie too. */
export const makeFolder = (): string => mkdtempSync(join(tmpdir(), "telltale-native-"));

/** Whether a compiler can be called. */
export const hasCompiler = (compiler: string): boolean => spawnSync(compiler, ["--version"]).status === 0;

/** The program, compiled from `sources` (relative to the repository); throws what the compiler says. */
export function compile(compiler: string, dir: string, sources: readonly string[], flags: readonly string[]): string {
  const program = join(dir, `${basename(sources[0] ?? "program", ".c")}-${compiler}`);
  const files = sources.map((source) => join(repo, source));
  const args = ["-std=gnu11", "-D_GNU_SOURCE", "-O1", "-w", ...flags, "-o", program, ...files];
  const result = spawnSync(compiler, args, { encoding: "utf8" });
  if (result.status !== 0) throw new Error(`${compiler}: ${result.stderr ?? result.error?.message}`);
  return program;
}
