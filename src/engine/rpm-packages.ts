/** Fedora and its kin: which package a file belongs to. The database's format changed often, so rpm itself is asked. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { OwningPackage } from "../core/model/owning-package.ts";
import { isThere } from "./is-there.ts";

const RPM = "/usr/bin/rpm";
const DATABASES = ["/usr/lib/sysimage/rpm", "/var/lib/rpm"];
/** It answers within some 50 ms. */
const LIMIT_MS = 3000;
/** Of all files together: a report waits for this. */
const LIMIT_OF_ALL_MS = 10_000;
const MAX_ANSWER_BYTES = 64 * 1024;
/** One process a file: more would be felt. */
const MAX_ASKED = 64;

const run = promisify(execFile);

export type AskRpm = (exe: string) => Promise<OwningPackage | undefined>;

export async function hasRpm(): Promise<boolean> {
  if (!(await isThere(RPM))) return false;
  return (await Promise.all(DATABASES.map((path) => isThere(path)))).includes(true);
}

/** undefined: "file … is not owned by any package", or nothing we can read. */
export function parseRpmAnswer(answer: string): OwningPackage | undefined {
  const [name, version, ...more] = answer.split("\n", 1)[0]?.split("\t") ?? [];
  if (name === undefined || name === "" || version === undefined || more.length > 0) return undefined;
  return { manager: "rpm", name, version: version === "" ? null : version };
}

/** No shell; the path is absolute, so it is no option, and stands behind `--`. */
async function askRpm(exe: string): Promise<OwningPackage | undefined> {
  try {
    const words = ["-qf", "--queryformat", "%{NAME}\\t%{EVR}\\n", "--", exe];
    const options = { timeout: LIMIT_MS, maxBuffer: MAX_ANSWER_BYTES, env: { LC_ALL: "C" } };
    const { stdout } = await run(RPM, words, options);
    return parseRpmAnswer(stdout);
  } catch {
    return undefined; // it ends with 1 for a file of no package
  }
}

/**
 * rpm looks at the file, which a program may have put on a file system of its own that never answers: then not even
 * killing rpm ends it, and we go on without.
 */
export async function rpmPackagesOf(
  exes: readonly string[],
  ask: AskRpm = askRpm,
  limitMs = LIMIT_OF_ALL_MS,
): Promise<ReadonlyMap<string, OwningPackage>> {
  const owners = new Map<string, OwningPackage>();
  const isOver = AbortSignal.timeout(limitMs);
  const over = new Promise<undefined>((resolve) => {
    isOver.addEventListener("abort", () => resolve(undefined), { once: true });
  });
  for (const exe of exes.slice(0, MAX_ASKED)) {
    const owner = await Promise.race([ask(exe), over]);
    if (isOver.aborted) break;
    if (owner !== undefined) owners.set(exe, owner);
  }
  return owners;
}
