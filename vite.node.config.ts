/**
 * Builds the two programs that run in plain Node: the privileged helper and
 * the terminal. Each is one file, so that root reads exactly one file of ours
 * and a package needs no node_modules. `vite build --app` builds both.
 */
import { readFileSync } from "node:fs";
import { builtinModules } from "node:module";
import { type BuildEnvironmentOptions, defineConfig } from "vite";

const version: string = JSON.parse(readFileSync(new URL("package.json", import.meta.url), "utf8")).version;
const NODE_MODULES = [...builtinModules, ...builtinModules.map((name) => `node:${name}`)];

function singleFile(input: string, name: string, external: (string | RegExp)[]): BuildEnvironmentOptions {
  return {
    target: "node20",
    outDir: "out/node",
    emptyOutDir: false,
    minify: false,
    sourcemap: true,
    copyPublicDir: false,
    rollupOptions: {
      input: { [name]: input },
      external,
      platform: "node",
      output: { format: "es", entryFileNames: "[name].mjs", codeSplitting: false },
    },
  };
}

export default defineConfig({
  define: { __TELLTALE_VERSION__: JSON.stringify(version) },
  environments: {
    helper: {
      consumer: "server",
      // A bare import left in the helper would be an npm package loaded by root: everything is inlined or Node's own.
      resolve: { noExternal: true, builtins: NODE_MODULES },
      build: singleFile("src/helper/index.ts", "helper", NODE_MODULES),
    },
    cli: {
      consumer: "server",
      resolve: { noExternal: true, builtins: NODE_MODULES },
      build: singleFile("src/cli/index.ts", "cli", NODE_MODULES),
    },
  },
  builder: {
    buildApp: async (builder) => {
      for (const name of ["helper", "cli"] as const) {
        const environment = builder.environments[name];
        if (environment === undefined) throw new Error(`no build environment ${name}`);
        await builder.build(environment);
      }
    },
  },
});
