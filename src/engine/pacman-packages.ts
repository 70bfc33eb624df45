/** Arch: which package a file belongs to (/var/lib/pacman/local, alpm's local database). */
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import type { OwningPackage } from "../core/model/owning-package.ts";
import { readSmallFile } from "./read-small-file.ts";
import { searchLists } from "./search-lists.ts";

const MAX_DESC_BYTES = 256 * 1024;

/** The line after `%NAME%`. */
const fieldOf = (desc: string, field: string): string | null => {
  const lines = desc.split("\n");
  const at = lines.indexOf(`%${field}%`);
  return at < 0 ? null : (lines[at + 1] ?? null);
};

export async function pacmanPackagesOf(
  exes: readonly string[],
  localDir = "/var/lib/pacman/local",
): Promise<ReadonlyMap<string, OwningPackage>> {
  const names = await readdir(localDir).catch(() => []);
  const lists = names.map((name) => ({ name, path: join(localDir, name, "files") }));
  // Paths stand there without the slash in front.
  const found = await searchLists(lists, new Set(exes.map((exe) => exe.slice(1))));
  const owners = new Map<string, OwningPackage>();
  for (const exe of exes) {
    const directory = found.get(exe.slice(1));
    if (directory === undefined) continue;
    const desc = (await readSmallFile(join(localDir, directory, "desc"), MAX_DESC_BYTES))?.toString("utf8") ?? "";
    const name = fieldOf(desc, "NAME") ?? directory;
    owners.set(exe, { manager: "pacman", name, version: fieldOf(desc, "VERSION") });
  }
  return owners;
}
