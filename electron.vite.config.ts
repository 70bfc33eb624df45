/**
 * Builds the window: main (ES module), preload (CommonJS: a sandboxed preload
 * cannot be anything else) and renderer. Everything is bundled, so the built
 * app needs no node_modules. Targets are the oldest Electron we run on, 33
 * (Node 20, Chrome 130), whatever version happens to be installed.
 */
import { readFileSync } from "node:fs";
import react from "@vitejs/plugin-react";
import { defineConfig } from "electron-vite";

const version: string = JSON.parse(readFileSync(new URL("package.json", import.meta.url), "utf8")).version;
const define = { __TELLTALE_VERSION__: JSON.stringify(version) };

export default defineConfig({
  main: {
    define,
    build: {
      target: "node20",
      outDir: "out/main",
      sourcemap: true,
      minify: false,
      externalizeDeps: false,
      rollupOptions: {
        input: { index: "src/main/index.ts" },
        output: { format: "es", entryFileNames: "[name].js" },
      },
    },
  },
  preload: {
    build: {
      target: "node20",
      outDir: "out/preload",
      minify: false,
      externalizeDeps: false,
      rollupOptions: {
        input: { index: "src/preload/index.ts" },
        output: { format: "cjs", entryFileNames: "[name].cjs" },
      },
    },
  },
  renderer: {
    root: "src/renderer",
    plugins: [react()],
    build: {
      target: "chrome130",
      outDir: "out/renderer",
      emptyOutDir: true,
      rollupOptions: { input: { index: "src/renderer/index.html" } },
    },
  },
});
