// @ts-check
import { readFileSync } from "node:fs";

/** Where the cgroup v2 hierarchy is mounted. */
export function cgroupDir() {
  const mount = readFileSync("/proc/self/mounts", "utf8")
    .split("\n")
    .map((line) => line.split(" "))
    .find(([, , type]) => type === "cgroup2");
  if (mount?.[1] === undefined) throw new Error("no cgroup v2 hierarchy is mounted");
  return mount[1];
}
