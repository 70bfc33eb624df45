/** Debian and Ubuntu: which package a file belongs to (dpkg(1), /var/lib/dpkg). */
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import type { OwningPackage } from "../core/model/owning-package.ts";
import { readSmallFile } from "./read-small-file.ts";
import { searchLists } from "./search-lists.ts";

/** Some 10 MB where everything is installed. */
const MAX_STATUS_BYTES = 64 * 1024 * 1024;
const LIST_SUFFIX = ".list";

/** /bin is a link to /usr/bin since Debian 12 and Ubuntu 20.10, while lists still say /bin. */
function aliasesOf(exe: string): readonly string[] {
  const unmerged = /^\/usr(\/(?:bin|sbin|lib|lib32|lib64|libx32)\/.*)$/.exec(exe)?.[1];
  return unmerged === undefined ? [exe] : [exe, unmerged];
}

/** deb-control(5): a stanza a package, an empty line between them. `name` may have an architecture: "libc6:amd64". */
export function versionIn(status: string, name: string): string | null {
  const [bare = name, architecture] = name.split(":");
  const head = `\nPackage: ${bare}\n`;
  const text = `\n${status}`;
  for (let at = text.indexOf(head); at >= 0; at = text.indexOf(head, at + 1)) {
    const end = text.indexOf("\n\n", at + 1);
    const stanza = text.slice(at, end < 0 ? text.length : end + 1);
    if (architecture !== undefined && !stanza.includes(`\nArchitecture: ${architecture}\n`)) continue;
    return /\nVersion: (\S+)\n/.exec(stanza)?.[1] ?? null;
  }
  return null;
}

export async function dpkgPackagesOf(
  exes: readonly string[],
  dpkgDir = "/var/lib/dpkg",
): Promise<ReadonlyMap<string, OwningPackage>> {
  const infoDir = join(dpkgDir, "info");
  const names = await readdir(infoDir).catch(() => []);
  const lists = names
    .filter((name) => name.endsWith(LIST_SUFFIX))
    .map((name) => ({ name: name.slice(0, -LIST_SUFFIX.length), path: join(infoDir, name) }));
  const found = await searchLists(lists, new Set(exes.flatMap(aliasesOf)));
  const owners = new Map<string, OwningPackage>();
  if (found.size === 0) return owners;
  const status = (await readSmallFile(join(dpkgDir, "status"), MAX_STATUS_BYTES))?.toString("utf8") ?? "";
  for (const exe of exes) {
    const owner = aliasesOf(exe)
      .map((alias) => found.get(alias))
      .find((name) => name !== undefined);
    if (owner === undefined) continue;
    const [name = owner] = owner.split(":");
    owners.set(exe, { manager: "dpkg", name, version: versionIn(status, owner) });
  }
  return owners;
}
