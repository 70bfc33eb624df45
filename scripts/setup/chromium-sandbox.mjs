/**
 * Chromium's sandbox needs user namespaces, or its helper program set-uid
 * root. Some distributions (Ubuntu from 24.04) refuse the first to programs
 * they do not know; then the second is set up, with the user's consent.
 */
import { spawnSync } from "node:child_process";
import { statSync } from "node:fs";
import { join } from "node:path";
import { SetupError, say } from "./say.mjs";

const SETUID_ALL_EXECUTE = 0o4755;

/** @param {string} helper */
function isSetuidRoot(helper) {
  const { uid, mode } = statSync(helper);
  return uid === 0 && (mode & 0o7777) === SETUID_ALL_EXECUTE;
}

const hasUserNamespaces = () => spawnSync("unshare", ["--user", "--map-root-user", "true"]).status === 0;

/**
 * @param {string} electronDir
 * @returns {string[]} the switches Electron needs
 */
export function sandboxSwitches(electronDir) {
  if (process.getuid?.() === 0) {
    say("You are root: Chromium cannot use its sandbox, so the window runs without it (--no-sandbox).");
    return ["--no-sandbox"];
  }
  const helper = join(electronDir, "chrome-sandbox");
  if (isSetuidRoot(helper) || hasUserNamespaces()) return [];
  const commands = [
    ["chown", "root:root", helper],
    ["chmod", "4755", helper],
  ];
  const line = commands.map((command) => `sudo ${command.join(" ")}`).join(" && ");
  say(`This system forbids user namespaces, so Chromium's sandbox needs its helper set-uid root:\n  ${line}`);
  const ask = process.stdin.isTTY ? [] : ["--non-interactive"];
  for (const command of commands) {
    if (spawnSync("sudo", [...ask, ...command], { stdio: ["inherit", 2, 2] }).status === 0) continue;
    throw new SetupError(
      `The window's sandbox could not be set up. Run the command above, or use the terminal: npm start -- --terminal`,
    );
  }
  return [];
}
