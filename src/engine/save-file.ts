/**
 * Writes a file so that the target is either the old one or the whole new one:
 * a temporary file beside it, flushed, then renamed. What can be expected to
 * fail (a full disk, a read-only folder) is a value with plain words.
 */
import { randomBytes } from "node:crypto";
import { open, rename, stat, unlink } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { explainError } from "./explain-error.ts";

export type SaveResult =
  | { readonly outcome: "saved"; readonly path: string }
  | { readonly outcome: "failed"; readonly reason: string };

/** A device or a pipe (/dev/stdout, a FIFO) cannot be replaced by a rename: it is written to. */
export async function isReplaceable(path: string): Promise<boolean> {
  try {
    const found = await stat(path);
    return found.isFile() || found.isDirectory();
  } catch {
    return true; // nothing there yet; a real obstacle shows when the file is made
  }
}

export function temporaryPathFor(path: string): string {
  return join(dirname(path), `.${basename(path).slice(0, 200)}.${randomBytes(6).toString("hex")}.part`);
}

async function writeWhole(path: string, content: string | Uint8Array, flags: string, mode: number): Promise<void> {
  const file = await open(path, flags, mode);
  try {
    await file.writeFile(content);
    if (flags === "wx") await file.sync();
  } finally {
    await file.close();
  }
}

export async function saveFile(path: string, content: string | Uint8Array, mode = 0o644): Promise<SaveResult> {
  const target = resolve(path);
  if (!(await isReplaceable(target))) {
    try {
      await writeWhole(target, content, "w", mode);
      return { outcome: "saved", path: target };
    } catch (error) {
      return { outcome: "failed", reason: explainError(error) };
    }
  }
  const temporary = temporaryPathFor(target);
  try {
    await writeWhole(temporary, content, "wx", mode);
    await rename(temporary, target);
    return { outcome: "saved", path: target };
  } catch (error) {
    await unlink(temporary).catch(() => undefined); // it may never have been made
    return { outcome: "failed", reason: explainError(error) };
  }
}
