// @ts-check
/**
 * Real Podman, where it is installed, with one static program for an image.
 * Its storage lies with the scenarios; machines with hybrid cgroups show it
 * the v2 hierarchy alone, because crun refuses to see both.
 */
import { execFileSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync } from "node:fs";
import path from "node:path";
import { findProgram } from "../../scripts/setup/run.mjs";
import { cgroupMount } from "./cgroups.mjs";
import { until } from "./children.mjs";
import { canCompile, programPath } from "./programs.mjs";
import { Unavailable } from "./scenario.mjs";

const IN_V2 = 'mount --bind "$1" /sys/fs/cgroup; shift; exec "$@"';
/* what a container may not raise here it must not ask for */
const LIMITS = ["--ulimit", "nofile=1024:1024", "--ulimit", "nproc=1024:1024", "--pids-limit", "-1", "--privileged"];
const FOLDERS = ["bin", "dev", "etc", "proc", "run", "sys", "tmp"];

/** @param {string} cgroup removed when nothing is in it */
function isGone(cgroup) {
  if (!existsSync(cgroup)) return true;
  try {
    for (const entry of readdirSync(cgroup, { withFileTypes: true }))
      if (entry.isDirectory()) rmdirSync(path.join(cgroup, entry.name));
    rmdirSync(cgroup);
    return true;
  } catch {
    return false;
  }
}

/**
 * @param {import("./world.mjs").World} world @param {string} name of the container and of its program
 * @param {readonly string[]} steps
 */
export function podmanCommand(world, name, steps) {
  for (const program of ["podman", "crun"]) {
    if (findProgram(program) === undefined) throw new Unavailable(`${program} is not installed`);
  }
  if (!canCompile("static")) throw new Unavailable("no compiler for a static program");
  const home = path.join(world.directory, name);
  for (const folder of FOLDERS) mkdirSync(path.join(home, "rootfs", folder), { recursive: true });
  copyFileSync(programPath("traffic", `${name}-static`, "static"), path.join(home, "rootfs/bin", name));
  const storage = ["--root", path.join(home, "root"), "--runroot", path.join(home, "run"), "--storage-driver", "vfs"];
  const podman = ["podman", ...storage, "--cgroup-manager", "cgroupfs", "--events-backend", "none"];
  const idFile = path.join(home, "id");
  const where = ["--network", "host", "--cgroupns", "host", "--cidfile", idFile, "--rootfs", path.join(home, "rootfs")];
  const run = [...podman, "run", "--rm", "--name", name, ...LIMITS, ...where, `/bin/${name}`, ...steps];
  return {
    exe: `/bin/${name}`,
    argv: [`/bin/${name}`, ...steps],
    command: ["unshare", "--mount", "sh", "-e", "-c", IN_V2, "sh", cgroupMount(), ...run],
    containerId: () => (existsSync(idFile) ? readFileSync(idFile, "utf8").trim() : ""),
    /* what looked after the container goes a moment after it */
    remove: async () => {
      execFileSync("podman", [...storage, "--events-backend", "none", "rm", "--all", "--force"], { stdio: "ignore" });
      const parent = path.join(cgroupMount(), "libpod_parent");
      await until("podman to leave its cgroup", () => isGone(parent), 5000);
    },
  };
}
