/** From "capture, please" to a connected helper, or to a problem the user can act on. */
import { access } from "node:fs/promises";
import type { Socket } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import type { CaptureProblem } from "../contract/ipc-schema.ts";
import type { NativeAddon } from "../helper/native.ts";
import { type LaunchSurroundings, launchHelper } from "./choose-launch.ts";
import { explainError } from "./explain-error.ts";
import type { AppPaths } from "./find-paths.ts";
import { listenForHelper } from "./helper-server.ts";
import type { HelperEnd, HelperLaunch } from "./launch-helper.ts";
import { loadAddon } from "./load-addon.ts";

export type StartResult =
  | {
      readonly outcome: "connected";
      readonly socket: Socket;
      readonly addon: NativeAddon;
      readonly launch: HelperLaunch;
    }
  | { readonly outcome: "problem"; readonly problem: CaptureProblem };

/** A launched helper connects within a fraction of a second. A dialog, though, may wait for a person for hours. */
const CONNECT_LIMIT_MS = 20_000;
const AFTER_END_MS = 200;
const LONGEST_TIMER_MS = 2 ** 31 - 1;

const notBuilt = (detail: string): StartResult => ({ outcome: "problem", problem: { code: "not-built", detail } });

async function findMissingFile(paths: AppPaths): Promise<string | null> {
  for (const file of [paths.helperFile, paths.addonFile, paths.objectFile]) {
    try {
      await access(file);
    } catch {
      return file;
    }
  }
  return null;
}

export function problemOfEnd(end: HelperEnd): CaptureProblem {
  switch (end.outcome) {
    case "refused":
      return { code: "refused" };
    case "no-agent":
      return { code: "no-agent" };
    case "ended":
      return { code: "helper-lost", detail: "the helper ended before it connected" };
    case "failed":
      return { code: "helper-lost", detail: end.detail };
  }
}

async function connectWithin(
  connection: Promise<Socket>,
  launch: HelperLaunch,
  cancelled: AbortSignal,
): Promise<Socket | CaptureProblem> {
  const limitMs = launch.way === "direct" ? CONNECT_LIMIT_MS : LONGEST_TIMER_MS;
  const giveUp = new AbortController();
  const late = pause(limitMs, undefined, { signal: AbortSignal.any([giveUp.signal, cancelled]) }).then(
    (): CaptureProblem => ({ code: "helper-lost", detail: `the helper did not connect within ${limitMs / 1000} s` }),
    (): CaptureProblem => ({ code: "refused" }),
  );
  // A helper that fails at once has connected before it ended, and says better why: its connection goes first.
  const ended = launch.ended.then(async (end) => {
    await pause(AFTER_END_MS);
    return problemOfEnd(end);
  });
  const first = await Promise.race([connection, ended, late]);
  giveUp.abort();
  return first;
}

/** `cancelled`: the user no longer wants it; the answer is then "refused". */
export async function startCapture(
  paths: AppPaths,
  around: LaunchSurroundings,
  cancelled: AbortSignal,
): Promise<StartResult> {
  const missing = await findMissingFile(paths);
  if (missing !== null) return notBuilt(`${missing} is missing`);
  const loaded = loadAddon(paths.addonFile);
  if (loaded.outcome === "failed") return notBuilt(loaded.reason);
  const { addon } = loaded;
  try {
    const server = await listenForHelper({
      peerCredentials: addon.peerCredentials,
      requiredUid: 0,
      runtimeDir: process.env.XDG_RUNTIME_DIR,
    });
    try {
      const launch = await launchHelper(
        {
          execPath: process.execPath,
          isElectron: process.versions.electron !== undefined,
          helperFile: paths.helperFile,
          socketPath: server.socketPath,
          peerUid: process.getuid?.() ?? -1,
          objectFile: paths.objectFile,
          addonFile: paths.addonFile,
        },
        around,
      );
      const first = await connectWithin(server.connection, launch, cancelled);
      if ("code" in first) return { outcome: "problem", problem: first };
      return { outcome: "connected", socket: first, addon, launch };
    } finally {
      await server.close();
    }
  } catch (error) {
    return { outcome: "problem", problem: { code: "internal", detail: explainError(error) } };
  }
}
