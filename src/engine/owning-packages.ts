/**
 * The packages that executables of this machine belong to. Looked up when
 * somebody wants to read it (the inspector, a report), never for an event.
 */
import type { OwningPackage } from "../core/model/owning-package.ts";
import { dpkgPackagesOf } from "./dpkg-packages.ts";
import { isThere } from "./is-there.ts";
import { pacmanPackagesOf } from "./pacman-packages.ts";
import { hasRpm, rpmPackagesOf } from "./rpm-packages.ts";

export type PackageReader = (exes: readonly string[]) => Promise<ReadonlyMap<string, OwningPackage>>;

export interface PackageFinder {
  /** By executable; those of no package are left out. null: no package manager we know keeps its records here. */
  readonly find: (exes: readonly string[]) => Promise<ReadonlyMap<string, OwningPackage> | null>;
}

/** An upgrade changes the version while we run. */
const KEEP_MS = 60_000;
/** Executables seen in a session; the oldest go. */
const MAX_KEPT = 4096;
const MAX_PATH_CHARACTERS = 4096;

/** All of those that are there: a machine may have rpm's tools beside dpkg's records. */
export async function systemPackageReaders(): Promise<readonly PackageReader[]> {
  const [dpkg, pacman, rpm] = await Promise.all([
    isThere("/var/lib/dpkg/status"),
    isThere("/var/lib/pacman/local"),
    hasRpm(),
  ]);
  return [
    ...(dpkg ? [(exes: readonly string[]) => dpkgPackagesOf(exes)] : []),
    ...(pacman ? [(exes: readonly string[]) => pacmanPackagesOf(exes)] : []),
    ...(rpm ? [(exes: readonly string[]) => rpmPackagesOf(exes)] : []),
  ];
}

/** Paths the kernel side had to cut begin with "…"; a line break would be two lines of a list. */
const canBeLookedUp = (exe: string): boolean =>
  exe.startsWith("/") && exe.length <= MAX_PATH_CHARACTERS && !exe.includes("\n");

interface Known {
  readonly owner: OwningPackage | null;
  readonly atMs: number;
}

export function createPackageFinder(
  readers: () => Promise<readonly PackageReader[]> = systemPackageReaders,
  nowMs: () => number = () => performance.now(),
): PackageFinder {
  const known = new Map<string, Known>();
  let last: Promise<unknown> = Promise.resolve();

  function keep(exe: string, owner: OwningPackage | null): void {
    known.delete(exe);
    known.set(exe, { owner, atMs: nowMs() });
    const [oldest] = known.keys();
    if (known.size > MAX_KEPT && oldest !== undefined) known.delete(oldest);
  }

  async function find(exes: readonly string[]): Promise<ReadonlyMap<string, OwningPackage> | null> {
    const available = await readers();
    if (available.length === 0) return null;
    const wanted = [...new Set(exes.filter(canBeLookedUp))];
    const isStale = (exe: string): boolean => nowMs() - (known.get(exe)?.atMs ?? Number.NEGATIVE_INFINITY) > KEEP_MS;
    let missing = wanted.filter(isStale);
    for (const read of available) {
      if (missing.length === 0) break;
      const found = await read(missing);
      for (const [exe, owner] of found) keep(exe, owner);
      missing = missing.filter((exe) => !found.has(exe));
    }
    for (const exe of missing) keep(exe, null);
    const owners = new Map<string, OwningPackage>();
    for (const exe of wanted) {
      const owner = known.get(exe)?.owner ?? null;
      if (owner !== null) owners.set(exe, owner);
    }
    return owners;
  }

  return {
    // One after the other: two at once would read the same thousands of files.
    find: (exes) => {
      const answer = last.then(() => find(exes));
      last = answer.catch(() => undefined);
      return answer;
    },
  };
}
