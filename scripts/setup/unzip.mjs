/** Unpacks a zip (yauzl) below a folder; refuses names that lead out of it. */
import { createWriteStream } from "node:fs";
import { mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { text } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import { promisify } from "node:util";
import { SetupError } from "./say.mjs";

const S_IFMT = 0o170000;
const S_IFLNK = 0o120000;

/**
 * @param {string} zipFile
 * @param {string} targetDir
 * @param {(name: string) => string | undefined} place where an entry goes below targetDir; undefined: leave it out
 */
export async function unzip(zipFile, targetDir, place) {
  const yauzl = (await import("yauzl")).default;
  const zip = await promisify(
    /** @type {(file: string, options: import("yauzl").Options, done: (error: Error | null, zip: import("yauzl").ZipFile) => void) => void} */ (
      yauzl.open
    ),
  )(zipFile, { lazyEntries: true });
  const openEntry = promisify(zip.openReadStream.bind(zip));
  await new Promise((resolve, reject) => {
    zip.on("error", reject);
    zip.on("end", resolve);
    zip.on("entry", (entry) => {
      writeEntry(entry).then(() => zip.readEntry(), reject);
    });
    zip.readEntry();
  });

  /** @param {import("yauzl").Entry} entry */
  async function writeEntry(entry) {
    const name = place(entry.fileName);
    if (name === undefined || entry.fileName.endsWith("/")) return;
    if (name.startsWith("/") || name.split("/").includes("..")) {
      throw new SetupError(`${zipFile} holds a path that leads out of the archive: ${entry.fileName}`);
    }
    const mode = entry.externalFileAttributes >>> 16;
    const target = join(targetDir, name);
    await mkdir(dirname(target), { recursive: true });
    const content = await openEntry(entry);
    if (content === undefined) throw new SetupError(`${zipFile}: ${entry.fileName} cannot be read`);
    if ((mode & S_IFMT) === S_IFLNK) throw new SetupError(`${zipFile} holds a link (${await text(content)}): refused`);
    await pipeline(content, createWriteStream(target, { mode: mode & 0o100 ? 0o755 : 0o644 }));
  }
}
