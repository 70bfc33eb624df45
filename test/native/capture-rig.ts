/** The real probes and addon, and what they tell of traffic this process makes on loopback. */
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { decodeEvents } from "../../src/core/event/decode-event.ts";
import type { KernelEvent } from "../../src/core/event/kernel-event.ts";
import { findCgroupDir } from "../../src/helper/cgroup-tree.ts";
import type { NativeAddon, NativeCapture } from "../../src/helper/native.ts";

/** In a virtual machine (test/vm) this file is bundled and lies elsewhere. */
const root = process.env.TELLTALE_ROOT ?? fileURLToPath(new URL("../..", import.meta.url));
export const ADDON_FILE = join(root, "build/Release/telltale_native.node");
export const OBJECT_FILE = join(root, "build/bpf/telltale.bpf.o");

/** Why the kernel cannot be tested here, or null. */
export function whyNot(): string | null {
  if (process.getuid?.() !== 0) return "needs root";
  if (!existsSync("/sys/kernel/btf/vmlinux")) return "this kernel has no BTF";
  return null;
}

export function loadAddon(): NativeAddon {
  return createRequire(import.meta.url)(ADDON_FILE);
}

const WAIT_MS = process.env.TELLTALE_ROOT === undefined ? 2000 : 10_000;

export interface Rig {
  readonly capture: NativeCapture;
  readonly existing: readonly KernelEvent[];
  /** All events so far, in order. */
  readonly events: KernelEvent[];
  /** Waits until `isThere` holds for the events so far; fails after two seconds (ten in a slow machine). */
  readonly until: (isThere: (events: readonly KernelEvent[]) => boolean) => Promise<void>;
}

export function openRig(ringBytes = 1024 * 1024): Rig {
  const capture = loadAddon().open({ objectFile: OBJECT_FILE, cgroupDir: findCgroupDir(), ringBytes });
  const target = new Uint8Array(256 * 1024);
  const take = (read: (target: Uint8Array) => number, events: KernelEvent[]) => {
    for (let length = read(target); length > 0; length = read(target)) {
      decodeEvents(target.slice(0, length), (event) => events.push(event));
    }
  };
  const existing: KernelEvent[] = [];
  take((bytes) => capture.readExisting(bytes), existing);
  const events: KernelEvent[] = [];
  const until: Rig["until"] = async (isThere) => {
    const endMs = performance.now() + WAIT_MS;
    for (;;) {
      take((bytes) => capture.read(bytes), events);
      if (isThere(events)) return;
      if (performance.now() > endMs) throw new Error("the records that were waited for did not come");
      await pause(20);
    }
  };
  return { capture, existing, events, until };
}

/** The events of one type, in order. */
export function ofType<Type extends KernelEvent["type"]>(events: readonly KernelEvent[], type: Type) {
  return events.filter((event): event is Extract<KernelEvent, { type: Type }> => event.type === type);
}
