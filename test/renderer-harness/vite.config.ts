/** Serves the real renderer over a mock of `window.telltale`; for development and screenshots only. */
import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

const here = fileURLToPath(new URL(".", import.meta.url));
const repository = fileURLToPath(new URL("../..", import.meta.url));

export default defineConfig({
  root: here,
  base: "./",
  plugins: [react()],
  server: { fs: { allow: [repository] } },
  build: {
    target: "chrome130",
    outDir: fileURLToPath(new URL("../../build/renderer-harness", import.meta.url)),
    emptyOutDir: true,
  },
});
