/** /etc/hosts: names that no DNS query asks for. Copied as it is, at start and when it changed; the core reads it. */
import { closeSync, fstatSync, openSync, readSync, statSync } from "node:fs";
import { FRAME_KIND, stampBytes } from "../contract/helper-protocol.ts";
import type { FrameSource } from "./frame-source.ts";

/** As the contract says. Lists that block advertisers have some 100 kB to several MB: their names lead nowhere. */
const MAX_BYTES = 256 * 1024;
const LOOK_EVERY_MS = 2000;

interface HostsOptions {
  readonly file: string;
  readonly bootTimeNs: () => number;
  /** Milliseconds that never go back. */
  readonly nowMs: () => number;
}

/** Changes whenever the file does. "": there is none, or it is not for us to see. */
function stampOf(file: string): string {
  try {
    const { mtimeMs, size, ino } = statSync(file);
    return `${mtimeMs} ${size} ${ino}`;
  } catch {
    return "";
  }
}

/** Empty when it cannot be read: then it names nothing. */
function readFile(file: string): Uint8Array {
  try {
    const fd = openSync(file, "r");
    try {
      const target = new Uint8Array(Math.min(fstatSync(fd).size, MAX_BYTES));
      return target.subarray(0, readSync(fd, target, 0, target.length, 0));
    } finally {
      closeSync(fd);
    }
  } catch {
    return new Uint8Array(0);
  }
}

export function watchHostsFile({ file, bootTimeNs, nowMs }: HostsOptions): FrameSource {
  let stamp = "";
  let lookedAtMs = Number.NEGATIVE_INFINITY;
  return {
    send: async (writer) => {
      if (nowMs() - lookedAtMs < LOOK_EVERY_MS) return;
      lookedAtMs = nowMs();
      const now = stampOf(file);
      if (now === stamp) return;
      stamp = now;
      await writer.writeBytes(FRAME_KIND.hostsFile, stampBytes(bootTimeNs(), readFile(file)));
    },
  };
}
