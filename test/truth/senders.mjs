// @ts-check
/** Bundles test/fixtures/programs/hello-sender.ts, so that plain Node runs it as a program of its own. */
import { existsSync, statSync } from "node:fs";
import path from "node:path";
import { build } from "vite";
import { binDir, repoDir } from "./programs.mjs";

const SOURCES = ["fixtures/programs/hello-sender.ts", "unit/support/encode-quic.ts", "unit/support/encode-hello.ts"];

/** Path of the bundle, made anew when a source is newer. @returns {Promise<string>} */
export async function helloSender() {
  const target = path.join(binDir, "hello-sender.mjs");
  const sources = SOURCES.map((file) => path.join(repoDir, "test", file));
  const newestMs = Math.max(...sources.map((file) => statSync(file).mtimeMs));
  if (existsSync(target) && statSync(target).mtimeMs > newestMs) return target;
  await build({
    configFile: false,
    logLevel: "error",
    build: {
      ssr: sources[0] ?? "",
      outDir: binDir,
      emptyOutDir: false,
      target: "node20",
      rollupOptions: { output: { entryFileNames: "hello-sender.mjs" } },
    },
  });
  return target;
}
