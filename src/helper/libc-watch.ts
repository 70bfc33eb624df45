/**
 * Starts telltale-libc-watch, which attaches the lookup programs to C libraries. It is started while we are root, and
 * finds libraries, also those of containers, with rights that we give up (docs/decisions/0013).
 */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as pause } from "node:timers/promises";
import { FRAME_KIND } from "../contract/helper-protocol.ts";
import type { Feature } from "../core/model/coverage.ts";
import type { FrameSource } from "./frame-source.ts";
import { createLibcFeatures, type LibcFeatures } from "./libc-features.ts";
import type { NativeCapture } from "./native.ts";
import { NO_ONE } from "./no-one.ts";

/** A look at all processes takes some 20 ms where there are 300; what comes later is told later. */
const READY_LIMIT_MS = 500;
const READY_STEP_MS = 5;

export interface LibcWatch extends FrameSource {
  /** For the hello. */
  readonly features: () => readonly Feature[];
  /** It ends by itself when we do. */
  readonly stop: () => void;
}

function describeEnd(exitCode: number | null, signal: string | null): string {
  return `telltale-libc-watch ended (${signal ?? `code ${exitCode}`})`;
}

function startProcess(file: string, capture: NativeCapture): ChildProcess {
  const programs = capture.functionPrograms();
  return spawn(file, [String(NO_ONE), ...programs.map(({ name }) => name)], {
    env: {},
    cwd: "/",
    // Ctrl-C in a terminal is for the helper, which still has records to hand on.
    detached: true,
    // Closing the first is how it learns of our end.
    stdio: ["pipe", "pipe", "ignore", ...programs.map(({ fd }) => fd)],
  });
}

function listen(child: ChildProcess, features: LibcFeatures): void {
  child.once("error", (error) => features.fail(`telltale-libc-watch could not be started: ${error.message}`));
  child.once("exit", (exitCode, signal) => features.fail(describeEnd(exitCode, signal)));
  child.stdin?.on("error", () => undefined); // told by "exit"
  if (child.stdout !== null) createInterface({ input: child.stdout }).on("line", features.take);
}

/** Null: nothing stands in the way. */
function whyNot(file: string, capture: NativeCapture): string | null {
  if (!existsSync(file)) return `${file} is missing: it is built with the addon`;
  const canRead = capture.functionPrograms().some(({ name }) => name === "lookup_return");
  return canRead ? null : "the kernel refused the program that reads answers";
}

/** Resolves when all that runs was looked at, or it is not worth waiting longer. */
export async function startLibcWatch(addonFile: string, capture: NativeCapture): Promise<LibcWatch> {
  const features = createLibcFeatures();
  const file = join(dirname(addonFile), "telltale-libc-watch");
  const reason = whyNot(file, capture);
  const child = reason === null ? startProcess(file, capture) : undefined;
  if (child !== undefined) listen(child, features);
  else features.fail(reason ?? "");
  const endMs = performance.now() + READY_LIMIT_MS;
  while (!features.isReady() && performance.now() < endMs) await pause(READY_STEP_MS);
  return {
    features: features.rows,
    stop: () => child?.stdin?.end(),
    send: async (writer) => {
      const rows = features.changedRows();
      if (rows.length > 0) await writer.writeJson(FRAME_KIND.features, rows);
    },
  };
}
