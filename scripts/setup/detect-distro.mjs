/** Which package manager this system has, from os-release (freedesktop.org's os-release(5)). */
import { readFile } from "node:fs/promises";

/** @typedef {"apt" | "dnf" | "pacman" | "zypper"} PackageManager */

/** os-release ID, or a member of ID_LIKE -> package manager. @type {Readonly<Record<string, PackageManager>>} */
const MANAGER_OF = {
  debian: "apt",
  ubuntu: "apt",
  fedora: "dnf",
  rhel: "dnf",
  centos: "dnf",
  arch: "pacman",
  suse: "zypper",
  opensuse: "zypper",
  sles: "zypper",
};

/** @param {string} osRelease @returns {Record<string, string>} */
export function parseOsRelease(osRelease) {
  /** @type {Record<string, string>} */
  const fields = {};
  for (const line of osRelease.split("\n")) {
    const match = /^([A-Z_]+)=(?:"([^"]*)"|'([^']*)'|(\S*))\s*$/.exec(line);
    if (match?.[1] !== undefined) fields[match[1]] = match[2] ?? match[3] ?? match[4] ?? "";
  }
  return fields;
}

/**
 * @param {string} osRelease the text of /etc/os-release
 * @returns {{ name: string, manager: PackageManager | undefined }}
 */
export function detectDistro(osRelease) {
  const fields = parseOsRelease(osRelease);
  const ids = [fields.ID ?? "", ...(fields.ID_LIKE ?? "").split(/\s+/)];
  const known = ids.find((id) => Object.hasOwn(MANAGER_OF, id) || id.startsWith("opensuse"));
  const manager = known === undefined ? undefined : known.startsWith("opensuse") ? "zypper" : MANAGER_OF[known];
  return { name: fields.PRETTY_NAME ?? fields.NAME ?? "this system", manager };
}

export async function thisDistro() {
  for (const file of ["/etc/os-release", "/usr/lib/os-release"]) {
    const text = await readFile(file, "utf8").catch(() => undefined);
    if (text !== undefined) return detectDistro(text);
  }
  return { name: "this system", manager: undefined };
}
