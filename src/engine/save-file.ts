/**
 * Writes a file so that the target is either the old one or the whole new one:
 * a temporary file beside it, flushed, then renamed. What can be expected to
 * fail (a full disk, a read-only folder) is a value with plain words.
 */
import { access, constants, rename, stat, unlink } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { explainError } from "./explain-error.ts";
import { isWrittenInPlace, openTarget, type Target } from "./open-target.ts";

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

/** Why saving there would fail, as far as can be told without writing; or null. Asked before a long look, not after. */
export async function whyUnwritable(path: string): Promise<string | null> {
  const target = resolve(path);
  if (await isWrittenInPlace(target)) return null;
  try {
    if (!(await stat(dirname(target))).isDirectory()) return `${dirname(target)} is not a folder`;
    await access(dirname(target), constants.W_OK | constants.X_OK);
    const isFolder = await stat(target).then(
      (found) => found.isDirectory(),
      () => false,
    );
    return isFolder ? "it is a folder, not a file" : null;
  } catch (error) {
    return explainError(error);
  }
}
