/**
 * Electron's own build, found and checked by the `electron` npm package's
 * downloader against the SHA-256 list inside that package. A machine that
 * cannot reach the download gives up here within seconds.
 */
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { inRepo } from "./repo.mjs";
import { say } from "./say.mjs";
import { unzip } from "./unzip.mjs";

const STALL_MS = 15_000; // silence for so long means a firewall that drops packets, not a slow line
const REPORT_EVERY = 0.25;

/** @returns {Promise<string>} the version package-lock.json asks for */
export async function officialVersion() {
  return JSON.parse(await readFile(inRepo("node_modules/electron/package.json"), "utf8")).version;
}

/** Aborts when nothing has arrived for STALL_MS. */
function stallWatch() {
  const controller = new AbortController();
  const giveUp = () => controller.abort(new Error(`no data for ${STALL_MS / 1000} s`));
  let timer = setTimeout(giveUp, STALL_MS);
  return {
    signal: controller.signal,
    sawData: () => {
      clearTimeout(timer);
      timer = setTimeout(giveUp, STALL_MS);
    },
    end: () => clearTimeout(timer),
  };
}

/**
 * @param {string} targetDir
 * @returns {Promise<void>} rejects with the reason when the download cannot be had
 */
export async function fetchOfficial(targetDir) {
  const packageFile = inRepo("node_modules/electron/package.json");
  const resolver = createRequire(packageFile);
  const { downloadArtifact } = await import(pathToFileURL(resolver.resolve("@electron/get")).href);
  const checksums = JSON.parse(await readFile(join(dirname(packageFile), "checksums.json"), "utf8"));
  const watch = stallWatch();
  let nextReport = REPORT_EVERY;
  try {
    const zipFile = await downloadArtifact({
      version: await officialVersion(),
      artifactName: "electron",
      platform: "linux",
      arch: process.arch,
      checksums,
      downloadOptions: {
        quiet: true,
        signal: watch.signal,
        getProgressCallback: async (/** @type {{ percent: number }} */ { percent }) => {
          watch.sawData();
          if (percent < nextReport) return;
          say(`  ${Math.round(percent * 100)} %`);
          nextReport = percent + REPORT_EVERY;
        },
      },
    });
    watch.sawData();
    await unzip(zipFile, targetDir, (name) => name);
  } finally {
    watch.end();
  }
}

/** @param {unknown} error */
export function shortReason(error) {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const text = cause instanceof Error ? cause.message : String(cause);
  return text.split("\n", 1)[0] ?? text;
}
