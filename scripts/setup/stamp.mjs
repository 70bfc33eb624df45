/** Runs a build step only when its inputs or its outputs are not those of the last time. */
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { repoDir } from "./repo.mjs";

/**
 * @typedef {{
 *   name: string, title: string,
 *   inputs: readonly string[], outputs: readonly string[], salt?: string,
 *   command: readonly string[],
 * }} BuildStep inputs: files and folders, outputs: files, all relative to the repo; salt: what else the result depends on
 */

/** @param {string} path @returns {Promise<string[]>} the files at or below `path`, sorted */
async function filesAt(path) {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) return [];
  if (found.isFile()) return [path];
  const entries = await readdir(path, { withFileTypes: true, recursive: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name));
  // node-gyp puts its by-products beside its sources.
  return files.filter((file) => !file.startsWith(join(path, "build/"))).sort();
}

/** @param {Pick<BuildStep, "inputs" | "salt" | "command">} step */
export async function inputHash({ inputs, salt = "", command }, root = repoDir) {
  const hash = createHash("sha256").update(JSON.stringify([salt, command]));
  for (const input of inputs) {
    const files = await filesAt(join(root, input));
    const contents = await Promise.all(files.map((file) => readFile(file)));
    // The relative name is part of the hash: a renamed file is another build.
    for (const [index, content] of contents.entries()) {
      hash.update(`\0${files[index]?.slice(root.length)}\0${content.length}\0`).update(content);
    }
  }
  return hash.digest("hex");
}

/** @param {string} name */
const stampFile = (name, root = repoDir) => join(root, "build/.stamps", name);

/** @param {BuildStep} step */
export async function isFresh(step, root = repoDir) {
  if (!step.outputs.every((output) => existsSync(join(root, output)))) return false;
  const stamped = await readFile(stampFile(step.name, root), "utf8").catch(() => undefined);
  return stamped === (await inputHash(step, root));
}

/** Call with the hash taken before the build: an input edited meanwhile must not count as built. */
/** @param {string} name @param {string} hash */
export async function writeStamp(name, hash, root = repoDir) {
  await mkdir(dirname(stampFile(name, root)), { recursive: true });
  await writeFile(stampFile(name, root), hash);
}
