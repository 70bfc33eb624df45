// @ts-check
/** The probe as one file for plain Node, with what it takes of src and test/native. */
import { programPath } from "../../test/truth/programs.mjs";
import { inRepo } from "../setup/repo.mjs";

export async function buildProbe() {
  const { build } = await import("vite"); // not at the top: npm test begins without packages
  programPath("segmented-send");
  await build({
    configFile: false,
    logLevel: "warn",
    build: {
      ssr: inRepo("test/vm/probe.ts"),
      target: "node20",
      outDir: inRepo("build/vm"),
      emptyOutDir: false, // results are kept there
      rollupOptions: { output: { entryFileNames: "probe.mjs" } },
    },
  });
  return inRepo("build/vm/probe.mjs");
}
