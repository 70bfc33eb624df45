// @ts-check
/**
 * A mount namespace with its own /etc and /run, so that a scenario can have a
 * resolver, an /etc/hosts or a daemon's socket of its own, and the machine's
 * stay as they are. Programs enter it; it ends with us.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { start } from "./children.mjs";

/** /etc: our files over the machine's. /run: empty, or a directory shared with other rooms. */
const FURNISH = [
  'mount -t overlay overlay -o "lowerdir=$1:/etc" /etc',
  'mount --bind "$2" /run',
  "echo '{\"ready\":true}'",
  "exec sleep infinity",
].join("\n");

/**
 * @typedef {object} Room
 * @property {(command: readonly string[]) => string[]} enter the command that runs `command` there, in the same process
 * @property {string} runDir /run of the room, as seen from outside
 */

/**
 * @param {string} directory of its own, to keep its files in
 * @param {Readonly<Record<string, string>>} files path below /etc to text
 * @returns {Promise<Room>}
 */
export async function openRoom(directory, files) {
  const etcDir = path.join(directory, "etc");
  const runDir = path.join(directory, "run");
  for (const made of [etcDir, runDir]) mkdirSync(made, { recursive: true });
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(etcDir, name)), { recursive: true });
    writeFileSync(path.join(etcDir, name), text);
  }
  const command = [
    "setpriv",
    "--pdeathsig",
    "KILL",
    "unshare",
    "--mount",
    "sh",
    "-e",
    "-c",
    FURNISH,
    "sh",
    etcDir,
    runDir,
  ];
  const keeper = start(command);
  await keeper.line((line) => line.ready === true);
  return { enter: (inside) => ["nsenter", `--mount=/proc/${keeper.pid}/ns/mnt`, ...inside], runDir };
}

/** What a machine needs to ask `server` and nobody else. @param {string} server @param {string} [more] lines of resolv.conf */
export const resolverFiles = (server, more = "") => ({
  "resolv.conf": `nameserver ${server}\n${more}`,
  "nsswitch.conf": "passwd: files\ngroup: files\nhosts: files dns\n",
});
