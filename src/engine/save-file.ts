/**
 * Writes a file so that the target is either the old one or the whole new one:
 * a temporary file beside it, flushed, then renamed. What can be expected to
 * fail (a full disk, a read-only folder) is a value with plain words.
 */
import { rename, unlink } from "node:fs/promises";
import { explainError } from "./explain-error.ts";
import { openTarget, type Target } from "./open-target.ts";

export type SaveResult =
  | { readonly outcome: "saved"; readonly path: string }
  | { readonly outcome: "failed"; readonly reason: string };

async function writeWhole({ file, temporaryPath }: Target, content: string | Uint8Array): Promise<void> {
  try {
    await file.writeFile(content);
    if (temporaryPath !== null) await file.sync();
  } finally {
    await file.close();
  }
}

export async function saveFile(path: string, content: string | Uint8Array): Promise<SaveResult> {
  let temporaryPath: string | null = null;
  try {
    const target = await openTarget(path);
    temporaryPath = target.temporaryPath;
    await writeWhole(target, content);
    if (temporaryPath !== null) await rename(temporaryPath, target.path);
    return { outcome: "saved", path: target.path };
  } catch (error) {
    if (temporaryPath !== null) await unlink(temporaryPath).catch(() => undefined); // it may be renamed already
    return { outcome: "failed", reason: explainError(error) };
  }
}
