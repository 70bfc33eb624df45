// @ts-check
/** Tests that need the built application and a real system: npx vitest run --config test/e2e/vitest.config.mjs */
import path from "node:path";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

export default defineConfig({
  root: path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../.."),
  test: {
    include: ["test/e2e/**/*.test.mjs"],
    fileParallelism: false, // they share the kernel, and two cores
    testTimeout: 60_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 5000 } }, // the window is told of changes at most four times a second
  },
});
