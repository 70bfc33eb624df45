/**
 * unit: pure, everywhere. replay: recordings through the whole core.
 * conformance: needs tshark. native: needs the built addon. `vitest --project unit` runs one of them.
 */
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "unit",
          include: ["test/unit/**/*.test.ts", "test/unit/**/*.test.tsx"],
          // Renderer tests name their own: `@vitest-environment jsdom` in the file.
          environment: "node",
        },
      },
      { test: { name: "replay", include: ["test/replay/**/*.test.ts"], environment: "node" } },
      { test: { name: "conformance", include: ["test/conformance/**/*.test.ts"], environment: "node" } },
      { test: { name: "native", include: ["test/native/**/*.test.ts"], environment: "node" } },
    ],
  },
});
