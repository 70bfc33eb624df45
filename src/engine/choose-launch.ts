/** Which way to root fits this machine and this user. */
import { access, constants } from "node:fs/promises";
import { join } from "node:path";
import {
  type HelperCommand,
  type HelperLaunch,
  launchByDialog,
  launchByPkexec,
  launchByPolkitAction,
  launchBySudo,
  launchDirectly,
} from "./launch-helper.ts";
import { findPolkitLauncher } from "./polkit-action.ts";

export interface LaunchSurroundings {
  readonly isRoot: boolean;
  /** A window asks through the desktop's dialog, a terminal through the terminal. */
  readonly shell: "window" | "terminal";
  readonly hasTerminal: boolean;
}

export async function findProgram(name: string, path = process.env.PATH ?? ""): Promise<string | null> {
  for (const dir of path.split(":")) {
    if (!dir.startsWith("/")) continue;
    const file = join(dir, name);
    try {
      await access(file, constants.X_OK);
      return file;
    } catch {
      // not in this folder
    }
  }
  return null;
}

const noWay = (command: HelperCommand): HelperLaunch => ({
  way: command.isElectron ? "dialog" : "sudo",
  ended: Promise.resolve({ outcome: "no-agent" }),
});

async function launchFromTerminal(command: HelperCommand, hasTerminal: boolean): Promise<HelperLaunch> {
  if ((await findProgram("sudo")) !== null) return launchBySudo(command, hasTerminal);
  if (hasTerminal && (await findProgram("pkexec")) !== null) return launchByPkexec(command);
  return noWay(command);
}

export async function launchHelper(command: HelperCommand, around: LaunchSurroundings): Promise<HelperLaunch> {
  if (around.isRoot) return launchDirectly(command);
  const launcher = await findPolkitLauncher();
  if (launcher !== null && (await findProgram("pkexec")) !== null) {
    return launchByPolkitAction(command, launcher, around.hasTerminal);
  }
  return around.shell === "window" ? launchByDialog(command) : launchFromTerminal(command, around.hasTerminal);
}
