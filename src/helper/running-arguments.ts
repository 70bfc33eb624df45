/**
 * Arguments of the processes that run already: iterators may not read another process's memory. And whether the
 * file each runs is gone from its place, which its path in a record cannot tell.
 */
import { closeSync, openSync, readdirSync, readlinkSync, readSync } from "node:fs";
import type { ProcessArguments } from "../core/model/capture-facts.ts";

/** Four times what the kernel side copies at exec: here, room is no concern, endlessness is. */
const MAX_CMDLINE_BYTES = 4096;

export function parseCmdline(bytes: Buffer): string[] {
  const text = bytes.toString("utf8");
  return (text.endsWith("\0") ? text.slice(0, -1) : text).split("\0");
}

function readStart(path: string, target: Buffer): Buffer | undefined {
  try {
    const fd = openSync(path, "r");
    try {
      return target.subarray(0, readSync(fd, target, 0, target.length, 0));
    } finally {
      closeSync(fd);
    }
  } catch {
    return undefined; // ended meanwhile
  }
}

/** The kernel's own mark (proc(5), /proc/PID/exe); undefined: ended meanwhile, or not for us to see. */
function isExeDeleted(path: string): boolean | undefined {
  try {
    return readlinkSync(path).endsWith(" (deleted)");
  } catch {
    return undefined;
  }
}

export function readRunningArguments(procDir: string): ProcessArguments[] {
  const target = Buffer.alloc(MAX_CMDLINE_BYTES);
  const found: ProcessArguments[] = [];
  for (const name of readdirSync(procDir)) {
    if (!/^\d+$/.test(name)) continue;
    const bytes = readStart(`${procDir}/${name}/cmdline`, target);
    // Kernel threads have none.
    if (bytes === undefined || bytes.length === 0) continue;
    const isDeleted = isExeDeleted(`${procDir}/${name}/exe`);
    const argv = parseCmdline(bytes);
    found.push({ pid: Number(name), argv, ...(isDeleted === undefined ? {} : { isExeDeleted: isDeleted }) });
  }
  return found;
}
