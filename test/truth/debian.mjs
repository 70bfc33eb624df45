// @ts-check
/**
 * Real servers from Debian, unpacked and not installed: installing them would
 * start services and change this machine's resolver. They lie in
 * build/truth/debian with the libraries this machine lacks, and are run from
 * there, in the scenarios' namespaces.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { findProgram, tryRun } from "../../scripts/setup/run.mjs";
import { repoDir } from "./programs.mjs";
import { Unavailable } from "./scenario.mjs";

const SETS = {
  servers: [
    "unbound",
    "caddy",
    "nscd",
    "systemd-resolved",
    "libnss-resolve",
    "avahi-daemon",
    "libnss-mdns",
    "tinyproxy-bin",
  ],
  browser: ["chromium", "chromium-common"],
};
/** @typedef {keyof typeof SETS} PackageSet */

const FETCH_LIMIT_MS = 300_000;
/* where packages keep their libraries, also those only a few of them share */
const MULTIARCH = "lib/x86_64-linux-gnu";
const LIBRARY_DIRS = [`usr/${MULTIARCH}`, MULTIARCH, `usr/${MULTIARCH}/pulseaudio`, "lib/systemd", "usr/lib/systemd"];

/** @param {PackageSet} set */
const rootOf = (set) => path.join(repoDir, "build/truth/debian", set);

/** @param {readonly string[]} command */
async function mustRun(command) {
  const { code, output } = await tryRun(command, { timeoutMs: FETCH_LIMIT_MS });
  if (code !== 0) throw new Error(`${command[0]} ended with ${code}: ${output.trim().split("\n").at(-1)}`);
}

/** The packages and whatever of their libraries this machine lacks. @param {PackageSet} set @param {string} archives */
async function fetch(set, archives) {
  const options = [
    "-o",
    `Dir::Cache::archives=${archives}`,
    "-o",
    "Debug::NoLocking=1",
    "-o",
    "APT::Sandbox::User=root",
  ];
  const download = ["apt-get", "install", "-y", "-q", "--no-install-recommends", "--reinstall", "--download-only"];
  const command = [...download, ...options, ...SETS[set]];
  try {
    await mustRun(command);
  } catch {
    await mustRun(["apt-get", "update", "-q"]);
    await mustRun(command);
  }
}

/** @param {PackageSet} set */
async function unpack(set) {
  const root = rootOf(set);
  const stamp = path.join(root, ".unpacked");
  const wanted = SETS[set].join(" ");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return;
  if (findProgram("apt-get") === undefined || findProgram("dpkg") === undefined)
    throw new Unavailable(`not a Debian system: ${wanted} cannot be had`);
  rmSync(root, { recursive: true, force: true });
  const archives = path.join(root, ".archives");
  mkdirSync(path.join(archives, "partial"), { recursive: true });
  try {
    await fetch(set, archives);
    for (const name of readdirSync(archives).filter((file) => file.endsWith(".deb")))
      await mustRun(["dpkg", "-x", path.join(archives, name), root]);
  } catch (error) {
    throw new Unavailable(`Debian's ${wanted} cannot be fetched: ${error instanceof Error ? error.message : error}`);
  }
  rmSync(archives, { recursive: true });
  writeFileSync(stamp, wanted);
}

/** @type {Map<PackageSet, Promise<void>>} */
const unpacking = new Map();

/**
 * Fetches and unpacks a set once; rejects with Unavailable where that cannot be.
 * @param {PackageSet} [set]
 * @returns {Promise<{ program: (file: string) => string, env: NodeJS.ProcessEnv }>} program: its path in there
 */
export async function debian(set = "servers") {
  const pending = unpacking.get(set) ?? unpack(set);
  unpacking.set(set, pending);
  await pending;
  const root = rootOf(set);
  const libraries = LIBRARY_DIRS.map((directory) => path.join(root, directory)).join(":");
  return { program: (file) => path.join(root, file), env: { ...process.env, LD_LIBRARY_PATH: libraries } };
}
