/**
 * Opens what a report or a recording is written to. The name may lie in a
 * folder where others write too (/tmp), and we may be root: so a file is made
 * anew beside its name and renamed over it, and what somebody else put there,
 * a link or a pipe, is replaced and never followed.
 */
import { randomBytes } from "node:crypto";
import { constants } from "node:fs";
import { type FileHandle, lstat, open, stat } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";

export interface Target {
  readonly path: string;
  readonly file: FileHandle;
  /** To be renamed to `path`; null: `path` is a device or a pipe and is written as it goes. */
  readonly temporaryPath: string | null;
}

/** It tells which programs run and whom they contact: nobody else's business. */
const MODE = 0o600;
/** Without O_CREAT and O_TRUNC: what is there is written to, and a redirected output goes on where it was. */
const IN_PLACE = constants.O_WRONLY | constants.O_APPEND | constants.O_NOCTTY;

/** /dev/stdout is a link to whatever the output is, maybe a file. Nothing may ever be renamed into these folders. */
const isSystemName = (path: string): boolean => /^\/(dev|proc)\/(?!shm\/)/.test(path);

const isOursOrRoots = ({ uid }: { readonly uid: number }): boolean => uid === 0 || uid === process.getuid?.();

export async function isWrittenInPlace(path: string): Promise<boolean> {
  if (isSystemName(path)) return true;
  try {
    // What a stranger's link leads to is the stranger's choice.
    if (!isOursOrRoots(await lstat(path))) return false;
    const found = await stat(path);
    return !found.isFile() && !found.isDirectory() && isOursOrRoots(found);
  } catch {
    return false; // nothing there yet; a real obstacle shows when the file is made
  }
}

async function openInPlace(path: string): Promise<Target> {
  const file = await open(path, IN_PLACE);
  const found = await file.stat();
  const isExpected = isSystemName(path) ? !found.isBlockDevice() : found.isFIFO() || found.isCharacterDevice();
  if (isExpected) return { path, file, temporaryPath: null };
  await file.close();
  throw new Error("it is neither a file nor a pipe or terminal");
}

/** `sudo telltale` writes for the person who typed it. */
async function giveToSudoer(file: FileHandle): Promise<void> {
  const [uid, gid] = [process.env.SUDO_UID, process.env.SUDO_GID].map((id) =>
    /^\d{1,9}$/.test(id ?? "") ? Number(id) : 0,
  );
  if (process.getuid?.() === 0 && uid && gid) await file.chown(uid, gid);
}

/** Rejects with the system's error. */
export async function openTarget(path: string): Promise<Target> {
  const target = resolve(path);
  if (await isWrittenInPlace(target)) return openInPlace(target);
  const name = `.${basename(target).slice(0, 200)}.${randomBytes(6).toString("hex")}.part`;
  const temporaryPath = join(dirname(target), name);
  const file = await open(temporaryPath, "wx", MODE);
  await giveToSudoer(file).catch(() => undefined); // not every file system has owners
  return { path: target, file, temporaryPath };
}
