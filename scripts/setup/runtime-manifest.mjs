/**
 * What a cached runtime must consist of: a manifest of every file, written
 * when the archive has been checked. Each start compares sizes and times
 * (milliseconds); the hashes are read on demand and wherever a time differs.
 */
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { lstat, readdir, readFile, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { pipeline } from "node:stream/promises";

export const MANIFEST_NAME = "telltale-runtime.json";

/**
 * @typedef {{ bytes: number, mtimeMs: number, sha256: string }} FileFacts
 * @typedef {{ electron: string, source: "official" | "npm", files: Record<string, FileFacts> }} Manifest
 */

/** @param {string} file @param {"sha256" | "sha512"} algorithm @param {"hex" | "base64"} encoding */
export async function hashFile(file, algorithm, encoding) {
  const hash = createHash(algorithm);
  await pipeline(createReadStream(file), hash);
  return hash.digest(encoding);
}

/** @param {string} dir @returns {Promise<string[]>} */
async function filesBelow(dir) {
  const entries = await readdir(dir, { withFileTypes: true, recursive: true });
  return entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name));
}

/**
 * @param {string} dir
 * @param {{ electron: string, source: "official" | "npm" }} identity
 */
export async function writeManifest(dir, identity) {
  /** @type {Manifest} */
  const manifest = { ...identity, files: {} };
  for (const file of (await filesBelow(dir)).sort()) {
    const { size, mtimeMs } = await lstat(file);
    manifest.files[relative(dir, file)] = { bytes: size, mtimeMs, sha256: await hashFile(file, "sha256", "hex") };
  }
  await writeFile(join(dir, MANIFEST_NAME), JSON.stringify(manifest, null, 1));
}

/** @param {string} dir @returns {Promise<Manifest | undefined>} */
export async function readManifest(dir) {
  try {
    const value = JSON.parse(await readFile(join(dir, MANIFEST_NAME), "utf8"));
    return typeof value.electron === "string" && typeof value.files?.electron === "object" ? value : undefined;
  } catch {
    return undefined; // absent, or cut off: the runtime is then obtained anew
  }
}

/**
 * @param {string} dir
 * @param {Manifest} manifest
 * @param {{ isFull: boolean }} options
 * @returns {Promise<string | undefined>} the first file that is not as it was, or undefined
 */
export async function findDamage(dir, manifest, { isFull }) {
  for (const [name, facts] of Object.entries(manifest.files)) {
    const file = join(dir, name);
    const stat = await lstat(file).catch(() => undefined);
    if (!stat?.isFile() || stat.size !== facts.bytes) return name;
    if (!isFull && stat.mtimeMs === facts.mtimeMs) continue;
    if ((await hashFile(file, "sha256", "hex")) !== facts.sha256) return name;
  }
  return undefined;
}
