/** Bundles one target with the engine, the code of src/ instrumented: build/fuzz/<name>.mjs and what the engine must know of it. */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { inRepo } from "../setup/repo.mjs";

export const fuzzDir = inRepo("build/fuzz");
const targetsDir = inRepo("test/fuzz/targets");
const sourceDir = inRepo("src/");
const plantedDir = inRepo("test/fuzz/planted/");
const hitsFile = inRepo("test/fuzz/engine/hits.ts");
const workerFile = inRepo("test/fuzz/engine/worker.ts");
const ENTRY = "virtual:fuzz-entry";

/** @typedef {{ name: string, file: string, blockCount: number, literals: Uint8Array[], codeHash: string }} BuiltTarget
 * codeHash: of the code under test; another one means that an earlier run says nothing about it
 */

export const targetNames = () =>
  readdirSync(targetsDir)
    .map((file) => file.replace(/\.ts$/, ""))
    .sort();

/** The bundler leaves out unused code, and its counters: numbered anew, they are dense. @param {string} file */
function renumberBlocks(file) {
  let blocks = 0;
  const code = readFileSync(file, "utf8").replace(/\bhits\[\d+\]\+\+/g, () => `hits[${blocks++}]++`);
  writeFileSync(file, code);
  return blocks;
}

/** @param {string} name @param {string} [folder] of the target's source @returns {Promise<BuiltTarget>} */
export async function buildTarget(name, folder = targetsDir) {
  // Only now: who lists the targets may not have installed the packages yet.
  const { build } = await import("vite");
  const { createInstrumenter } = await import("./instrument.mjs");
  const instrumenter = createInstrumenter();
  /** @type {Map<string, string>} */
  const tested = new Map();
  /** @param {string} id @param {string} code */
  const instrument = (id, code) => {
    tested.set(id.slice(inRepo(".").length), code);
    return `import { hits as __hits } from ${JSON.stringify(hitsFile)};\n${instrumenter.instrument(code)}`;
  };
  const plugin = {
    name: "fuzz",
    enforce: /** @type {const} */ ("post"),
    resolveId: (/** @type {string} */ id) => (id === ENTRY ? `\0${ENTRY}` : null),
    load: (/** @type {string} */ id) =>
      id === `\0${ENTRY}`
        ? `import { target } from ${JSON.stringify(`${folder}/${name}.ts`)};
           import { runWorker } from ${JSON.stringify(workerFile)};
           runWorker(target);`
        : null,
    transform: (/** @type {string} */ code, /** @type {string} */ id) =>
      id.startsWith(sourceDir) || id.startsWith(plantedDir) ? instrument(id, code) : null,
  };
  await build({
    root: inRepo("."),
    configFile: false,
    logLevel: "warn",
    plugins: [plugin],
    ssr: { noExternal: true },
    build: {
      ssr: true,
      target: "node20",
      minify: false,
      outDir: fuzzDir,
      emptyOutDir: false,
      copyPublicDir: false,
      rollupOptions: {
        input: { [name]: ENTRY },
        platform: "node",
        output: { format: "es", entryFileNames: "[name].mjs", codeSplitting: false },
      },
    },
  });
  const file = `${fuzzDir}/${name}.mjs`;
  const files = [...tested].sort(([a], [b]) => (a < b ? -1 : 1));
  const codeHash = createHash("sha256").update(JSON.stringify(files)).digest("hex").slice(0, 12);
  return { name, file, blockCount: renumberBlocks(file), literals: instrumenter.literals(), codeHash };
}
