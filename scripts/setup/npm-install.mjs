/** node_modules as package-lock.json wants it; npm runs only when it is not. */
import { readFile } from "node:fs/promises";
import { inRepo } from "./repo.mjs";
import { run } from "./run.mjs";
import { step } from "./say.mjs";

/** @typedef {{ version?: string, integrity?: string, optional?: boolean, devOptional?: boolean, link?: boolean }} LockedPackage */
/** @typedef {{ packages?: Record<string, LockedPackage> }} Lockfile */

/**
 * npm keeps in node_modules/.package-lock.json what it installed, and writes
 * it last. Optional packages may be absent: those for other platforms are.
 * @param {Lockfile} wanted package-lock.json
 * @param {Lockfile} installed node_modules/.package-lock.json
 */
export function isInstalled(wanted, installed) {
  const here = installed.packages ?? {};
  const all = wanted.packages ?? {};
  const isExtraneous = Object.keys(here).some((path) => !Object.hasOwn(all, path));
  if (isExtraneous) return false;
  return Object.entries(all).every(([path, { version, integrity, optional, devOptional }]) => {
    const found = here[path];
    if (path === "" || (found === undefined && (optional || devOptional))) return true;
    return found !== undefined && found.version === version && found.integrity === integrity;
  });
}

/** @param {string} path @returns {Promise<Lockfile>} */
async function readLock(path) {
  try {
    return JSON.parse(await readFile(inRepo(path), "utf8"));
  } catch {
    return {}; // absent or cut off: nothing is installed
  }
}

export async function ensureNodeModules() {
  const wanted = JSON.parse(await readFile(inRepo("package-lock.json"), "utf8"));
  if (isInstalled(wanted, await readLock("node_modules/.package-lock.json"))) return;
  const count = Object.keys(wanted.packages).length - 1;
  await step(`npm ci (at most ${count} packages)`, () =>
    // engine-strict would stop at packages that ask for a newer Node in their tools and run on 20 all the same.
    run(["npm", "ci", "--no-audit", "--no-fund", "--engine-strict=false", "--loglevel=error"], { timeoutMs: 900_000 }),
  );
}
