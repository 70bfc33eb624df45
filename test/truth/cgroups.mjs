// @ts-check
/** Cgroups of the v2 hierarchy under names as systemd and container engines give them, for the time of a scenario. */
import { mkdirSync, readFileSync, rmdirSync } from "node:fs";
import path from "node:path";
import { Unavailable } from "./scenario.mjs";

const ENTER = 'echo $$ > "$1"; shift; exec "$@"';

/** @returns {string} where the hierarchy is mounted */
export function cgroupMount() {
  const mount = readFileSync("/proc/self/mounts", "utf8")
    .split("\n")
    .find((line) => line.split(" ")[2] === "cgroup2")
    ?.split(" ")[1];
  if (mount === undefined) throw new Unavailable("no cgroup v2 hierarchy is mounted");
  return mount;
}

/**
 * Makes a cgroup, with those above it that were not there.
 * @param {string} cgroup below the root of the hierarchy
 * @returns {{ enter: (command: readonly string[]) => string[], remove: () => void }} enter: the command that runs
 * `command` in it, in the same process
 */
export function makeCgroup(cgroup) {
  const leaf = path.join(cgroupMount(), cgroup);
  const first = mkdirSync(leaf, { recursive: true });
  return {
    enter: (command) => ["sh", "-e", "-c", ENTER, "sh", path.join(leaf, "cgroup.procs"), ...command],
    remove: () => {
      if (first === undefined) return;
      try {
        for (let at = leaf; at.startsWith(first); at = path.dirname(at)) rmdirSync(at);
      } catch {
        /* another scenario made its own below it meanwhile */
      }
    },
  };
}
