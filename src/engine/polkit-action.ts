/** Finds our polkit action and the launcher it allows. */
import { readFile, stat } from "node:fs/promises";

export const POLICY_FILE = "/usr/share/polkit-1/actions/org.telltale.capture.policy";
const EXEC_PATH = /<annotate\s+key="org\.freedesktop\.policykit\.exec\.path">\s*(\/[^<\s]+)\s*<\/annotate>/;

export function parseLauncherPath(policy: string): string | undefined {
  return EXEC_PATH.exec(policy)?.[1];
}

/** The installed launcher, if root owns it and nobody else can write it; polkit would run anything that is there. */
export async function findPolkitLauncher(policyFile = POLICY_FILE): Promise<string | null> {
  try {
    const launcher = parseLauncherPath(await readFile(policyFile, "utf8"));
    if (launcher === undefined) return null;
    const found = await stat(launcher);
    return found.isFile() && found.uid === 0 && (found.mode & 0o022) === 0 ? launcher : null;
  } catch {
    return null; // not installed
  }
}
