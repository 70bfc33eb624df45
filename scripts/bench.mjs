/**
 * `npm run bench -- NAME [--json] [--size N]`: measures the core on this machine.
 * names: records a second from a recording (size: records).
 * memory: heap and RSS over millions of answers and flows (size: pairs of both).
 */
import { mkdirSync } from "node:fs";
import { parseArgs } from "node:util";
import { requireNode } from "./setup/node-version.mjs";
import { ensureNodeModules } from "./setup/npm-install.mjs";
import { inRepo } from "./setup/repo.mjs";
import { run } from "./setup/run.mjs";
import { fail, SetupError, say, step } from "./setup/say.mjs";
import { NODE_SWITCHES } from "./setup/young-generation.mjs";

const BENCHES = ["names", "memory"];
const TIMEOUT_MS = 3_600_000;

function readOptions() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { json: { type: "boolean", default: false }, size: { type: "string", default: "0" } },
  });
  const [name = ""] = positionals;
  if (!BENCHES.includes(name)) throw new SetupError(`Which bench? There are: ${BENCHES.join(", ")}`);
  if (!/^\d+$/.test(values.size)) throw new SetupError(`--size wants a whole number, not ${values.size}`);
  return { name, isJson: values.json, size: values.size };
}

/** One file of plain JavaScript, as the programs are built: what is measured is what runs. */
async function buildBench() {
  const outDir = inRepo("build/bench");
  mkdirSync(outDir, { recursive: true });
  const { build } = await import("vite"); // only now: it may just have been installed
  await build({
    root: inRepo("."),
    configFile: false,
    logLevel: "warn",
    ssr: { noExternal: true },
    build: {
      ssr: true,
      target: "node20",
      minify: false,
      sourcemap: true,
      outDir,
      emptyOutDir: false,
      copyPublicDir: false,
      rollupOptions: {
        input: { bench: inRepo("test/bench/main.ts") },
        platform: "node",
        output: { format: "es", entryFileNames: "[name].mjs", codeSplitting: false },
      },
    },
  });
  return `${outDir}/bench.mjs`;
}

/** @param {Record<string, unknown>} result */
function sayResult(result) {
  for (const [key, value] of Object.entries(result)) {
    say(`${key}: ${typeof value === "object" ? JSON.stringify(value) : value}`);
  }
}

async function main() {
  requireNode();
  const { name, isJson, size } = readOptions();
  await ensureNodeModules();
  const file = await buildBench();
  const command = [
    process.execPath,
    ...NODE_SWITCHES,
    "--expose-gc",
    "--single-threaded-gc",
    "--enable-source-maps",
    file,
    name,
    inRepo("."),
    size,
  ];
  const stdout = await step(`Measuring ${name}`, () => run(command, { timeoutMs: TIMEOUT_MS }));
  const result = JSON.parse(stdout);
  if (isJson) process.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
  else sayResult(result);
  return result.isFlat === false ? 1 : 0;
}

main().then((code) => {
  process.exitCode = code;
}, fail);
