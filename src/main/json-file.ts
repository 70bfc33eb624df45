/** A small file of ours in the user's folder: a damaged one counts as absent, a new one replaces it whole. */
import { mkdir, readFile } from "node:fs/promises";
import { dirname } from "node:path";
import { saveFile } from "../engine/save-file.ts";

export async function readJsonFile(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, "utf8"));
  } catch {
    return undefined; // first start, or damaged: defaults apply
  }
}

export async function writeJsonFile(path: string, value: unknown): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 }).catch(() => undefined); // the save tells
  const saved = await saveFile(path, `${JSON.stringify(value, null, 2)}\n`);
  if (saved.outcome === "failed") process.stderr.write(`telltale: ${path} could not be saved: ${saved.reason}\n`);
}
