// @ts-check
/** `telltale` as a user types it, also on systems that lack something. */
import { spawnSync } from "node:child_process";
import path from "node:path";
import { repoDir } from "../truth/programs.mjs";

export const cliFile = path.join(repoDir, "out/node/cli.mjs");
const LIMIT_MS = 40_000;

/**
 * Runs a command to its end.
 * @param {readonly string[]} command
 * @returns {{ status: number, stdout: string, stderr: string }} status 128 when a signal or our limit ended it
 */
export function run(command) {
  const [file = "", ...args] = command;
  const ended = spawnSync(file, args, { cwd: repoDir, encoding: "utf8", timeout: LIMIT_MS, maxBuffer: 1 << 28 });
  if (ended.error !== undefined) throw ended.error;
  return { status: ended.status ?? 128, stdout: ended.stdout, stderr: ended.stderr };
}

/** @param {readonly string[]} args */
export const telltale = (...args) => run([process.execPath, cliFile, ...args]);

/**
 * The same with `preparation` (shell) done first in a mount namespace of its own; as root only.
 * @param {string} preparation @param {readonly string[]} args
 */
export const telltaleWhere = (preparation, ...args) =>
  run(mountedCommand(preparation, `exec "$@"`, process.execPath, cliFile, ...args));

/** @param {string} preparation @param {string} script @param {readonly string[]} args */
export function mountedCommand(preparation, script, ...args) {
  return [
    "unshare",
    "--mount",
    "--propagation",
    "private",
    "sh",
    "-e",
    "-c",
    `${preparation}\n${script}`,
    "sh",
    ...args,
  ];
}

/** Shell for a mount namespace in which the kernel seems to lack it. */
export const HIDE_BTF =
  'mount -t tmpfs tmpfs /sys/kernel/btf; for f in /boot/vmlinux-*; do [ ! -e "$f" ] || mount --bind /dev/null "$f"; done';
/** Shell for a mount namespace in which the kernel seems to lack it. */
export const HIDE_CGROUP2 =
  'while read -r _ at kind _; do [ "$kind" != cgroup2 ] || umount -l "$at"; done < /proc/mounts';

/** Flows printed so far, one object a line. @param {string} stdout @returns {Record<string, any>[]} */
export function flowsOf(stdout) {
  return stdout
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line));
}
