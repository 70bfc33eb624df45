/** The cgroup v2 hierarchy: where it is mounted and which cgroups it has. Their ids are what owners carry. */
import { type BigIntStats, type Dirent, lstatSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { CgroupPath } from "../core/model/capture-facts.ts";
import { EXIT, HelperError } from "./exit-codes.ts";

/** Deeper or more is no machine we know; the walk must end. */
const MAX_CGROUPS = 20_000;

/** Spaces and the like are octal in /proc/mounts (proc(5)). */
function unescapeMount(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
}

export function parseCgroupMount(mounts: string): string | undefined {
  for (const line of mounts.split("\n")) {
    const [, dir, type] = line.split(" ");
    if (type === "cgroup2" && dir !== undefined) return unescapeMount(dir);
  }
  return undefined;
}

export function findCgroupDir(): string {
  const dir = parseCgroupMount(readFileSync("/proc/self/mounts", "utf8"));
  if (dir === undefined) throw new HelperError(EXIT.captureFailed, "no-cgroup2", "no cgroup v2 hierarchy is mounted");
  return dir;
}

function subfolders(dir: string): Dirent[] {
  try {
    return readdirSync(dir, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  } catch {
    return []; // removed while we walked
  }
}

/**
 * undefined: removed while we walked, or deeper than a path may be long. Any user may nest the cgroups of their
 * session that deep, and must not stop the capture by it.
 */
function look(dir: string): BigIntStats | undefined {
  try {
    return lstatSync(dir, { bigint: true });
  } catch {
    return undefined;
  }
}

/** Nearest to the root first, so that a user's many do not crowd out the system's. Paths begin at the hierarchy's root: "/", "/system.slice/cron.service". */
export function listCgroups(root: string): CgroupPath[] {
  const found: CgroupPath[] = [];
  const paths = ["/"];
  for (const path of paths) {
    if (found.length >= MAX_CGROUPS) break;
    const dir = join(root, path);
    const about = look(dir);
    if (about === undefined) continue;
    found.push({ id: about.ino.toString(), path });
    if (paths.length >= MAX_CGROUPS) continue;
    for (const entry of subfolders(dir)) paths.push(join(path, entry.name));
  }
  return found;
}
