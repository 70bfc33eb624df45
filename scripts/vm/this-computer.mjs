// @ts-check
/** The computer most kernels are booted on: this one's own files. */
import { spawnSync } from "node:child_process";
import { findProgram } from "../setup/run.mjs";
import { SetupError } from "../setup/say.mjs";

/** One that is not static would want libraries before there are any. @param {string} file */
function isStatic(file) {
  const { stdout, stderr } = spawnSync("ldd", [file], { encoding: "utf8", env: { ...process.env, LC_ALL: "C" } });
  return /not a dynamic executable|statically linked/.test(`${stdout}${stderr}`);
}

/** @returns {import("./boot.mjs").Computer} */
export function thisComputer() {
  if (process.arch !== "x64")
    throw new SetupError(`this machine's files are for ${process.arch}, those kernels for x64`);
  const lacking = ["qemu-system-x86_64", "busybox", "cpio"].filter((name) => findProgram(name) === undefined);
  if (lacking.length > 0) throw new SetupError(`needs ${lacking.join(", ")}`);
  const busybox = findProgram("busybox") ?? "";
  if (!isStatic(busybox)) throw new SetupError(`${busybox} is not static (package busybox-static)`);
  return { machine: "amd64", busybox, node: process.execPath, shares: [{ tag: "root", hostDir: "/", path: "/" }] };
}
