// @ts-check
/** Bundles TypeScript of the tests, with what it takes from the core, into a file plain Node runs. */
import path from "node:path";
import { binDir, repoDir } from "./programs.mjs";

/** @param {string} source below test/ @returns {Promise<string>} path of the bundle */
async function bundle(source) {
  /* not at the top: most runs need none, and its native part is not of every machine's kind */
  const { build } = await import("vite");
  const name = `${path.basename(source, ".ts")}.mjs`;
  await build({
    configFile: false,
    logLevel: "error",
    build: {
      ssr: path.join(repoDir, "test", source),
      outDir: binDir,
      emptyOutDir: false,
      copyPublicDir: false,
      target: "node20",
      rollupOptions: { output: { entryFileNames: name } },
    },
    ssr: { noExternal: true },
  });
  return path.join(binDir, name);
}

/** @type {Map<string, Promise<string>>} */
const made = new Map();

/** Made once a run: it takes a moment, and a stale one would prove nothing. @param {string} source */
export function bundled(source) {
  const making = made.get(source) ?? bundle(source);
  made.set(source, making);
  return making;
}

export const helloSender = () => bundled("fixtures/programs/hello-sender.ts");
