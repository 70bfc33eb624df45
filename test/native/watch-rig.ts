/** A capture whose lookup programs are attached by the real telltale-libc-watch. */
import { spawn, spawnSync } from "node:child_process";
import { setTimeout as pause } from "node:timers/promises";
import type { LookupEvent } from "../../src/core/event/kernel-event.ts";
import type { Feature } from "../../src/core/model/coverage.ts";
import { type LibcWatch, startLibcWatch } from "../../src/helper/libc-watch.ts";
import { ADDON_FILE, ofType, openRig, type Rig } from "./capture-rig.ts";

export interface WatchRig {
  readonly rig: Rig;
  readonly watch: LibcWatch;
  /** Rows that changed since they were last asked for. */
  readonly changes: () => Promise<readonly Feature[]>;
  readonly close: () => void;
}

/** Right after another capture ended, the kernel may still be busy taking its probes away. */
const ATTACH_LIMIT_MS = 5000;

export async function openWatchRig(): Promise<WatchRig> {
  const rig = openRig();
  const watch = await startLibcWatch(ADDON_FILE, rig.capture);
  const isAttached = () => watch.features()[0]?.isAttached === true;
  for (let ms = 0; ms < ATTACH_LIMIT_MS && !isAttached(); ms += 20) await pause(20);
  const changes = async () => {
    const rows: Feature[] = [];
    await watch.send({
      writeJson: async (_, value) => void rows.push(...(Array.isArray(value) ? value : [])),
      writeBytes: async () => undefined,
      writeEmpty: async () => undefined,
      writeRecords: async () => 0,
    });
    return rows;
  };
  const close = () => {
    watch.stop();
    rig.capture.close();
  };
  return { rig, watch, changes, close };
}

/** What one process asked for, in order, once it has ended and all its records came. */
export async function lookupsOf(rig: Rig, command: string, args: readonly string[]): Promise<readonly LookupEvent[]> {
  const { pid, status, error } = spawnSync(command, args);
  if (error !== undefined || status !== 0) throw error ?? new Error(`${command} ended with ${status}`);
  await rig.until((events) => ofType(events, "exit").some((event) => event.pid === pid));
  return ofType(rig.events, "lookup").filter(({ owner }) => owner.pid === pid);
}

/** A process that goes on until it is ended by `kill`. */
export function startProgram(command: string, args: readonly string[]) {
  return spawn(command, args, { stdio: "ignore" });
}

/** The lookups without what differs in each run. */
export const briefly = (events: readonly LookupEvent[]) =>
  events.map(({ call, name, result, addresses }) => ({ call, name, result, addresses: addresses.join(" ") }));
