/** Reads of files that others may have made: nothing but a regular file, and no more than a limit. */
import { constants } from "node:fs";
import { open } from "node:fs/promises";

/** A pipe or a device would block; a link may lead anywhere. */
const FLAGS = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

/** null: not there, not for us, not a regular file, or longer than `maxBytes`. */
export async function readSmallFile(path: string, maxBytes: number): Promise<Buffer | null> {
  try {
    const file = await open(path, FLAGS);
    try {
      const about = await file.stat();
      if (!about.isFile() || about.size > maxBytes) return null;
      const target = Buffer.alloc(about.size);
      const { bytesRead } = await file.read(target, 0, target.length, 0);
      return target.subarray(0, bytesRead);
    } finally {
      await file.close();
    }
  } catch {
    return null;
  }
}
