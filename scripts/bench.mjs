/**
 * `npm run bench -- NAME [--json] [options]`: measures on this machine (docs/performance.md).
 * names: records a second from a recording (--size records).
 * memory: heap and RSS over millions of answers and flows (--size pairs of both).
 * latency: from connect() to the flow in the core (--size connections).
 * drawn: from connect() to the edge in the window.
 * overhead, storm, idle, load: the whole of Telltale beside real work; their options stand in their files.
 */
import { mkdirSync } from "node:fs";
import { parseArgs } from "node:util";
import { ensureBuilt } from "./setup/build-steps.mjs";
import { requireNode } from "./setup/node-version.mjs";
import { ensureNodeModules } from "./setup/npm-install.mjs";
import { inRepo } from "./setup/repo.mjs";
import { tryRun } from "./setup/run.mjs";
import { fail, SetupError, say, step } from "./setup/say.mjs";
import { ensureSystemPackages } from "./setup/system-packages.mjs";
import { NODE_SWITCHES } from "./setup/young-generation.mjs";

/** Of the core and engine, built into one file. */
const BUILT = ["names", "memory", "latency"];
/** Programs of their own. Their processor time is the machine's: they need it for themselves. */
const LIVE = {
  overhead: ["test/bench/live/overhead.mjs"],
  storm: ["test/truth/storm.mjs", "--json", "--rate", "20000"],
  idle: ["test/bench/live/idle.mjs"],
  load: ["test/bench/live/load.mjs"],
  drawn: ["test/bench/live/drawn.mjs"],
};
/** @type {Readonly<Record<keyof typeof LIVE, readonly import("./setup/system-needs.mjs").Purpose[]>>} */
const PURPOSES = { overhead: ["bench"], storm: [], idle: [], load: [], drawn: ["window", "test"] };
const BENCHES = [...BUILT, ...Object.keys(LIVE)];
const TIMEOUT_MS = 3_600_000;

function readOptions() {
  const [name = "", ...words] = process.argv.slice(2);
  if (!BENCHES.includes(name)) throw new SetupError(`Which bench? There are: ${BENCHES.join(", ")}`);
  const rest = words.filter((word) => word !== "--json");
  return { name, isJson: rest.length < words.length, rest };
}

/** @param {readonly string[]} words */
function readSize(words) {
  const { values } = parseArgs({ args: [...words], options: { size: { type: "string", default: "0" } } });
  if (!/^\d+$/.test(values.size)) throw new SetupError(`--size wants a whole number, not ${values.size}`);
  return values.size;
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

/** @param {string} name @param {readonly string[]} rest */
async function builtCommand(name, rest) {
  if (name === "latency") await ensureBuilt(["bpf", "native", "programs"]);
  const switches = [...NODE_SWITCHES, "--expose-gc", "--single-threaded-gc", "--enable-source-maps"];
  return [process.execPath, ...switches, await buildBench(), name, inRepo("."), readSize(rest)];
}

/** @param {keyof typeof LIVE} name @param {readonly string[]} rest */
async function liveCommand(name, rest) {
  await ensureSystemPackages(["build", "run", ...PURPOSES[name]]);
  await ensureBuilt(["bpf", "native", "programs"]);
  if (name === "drawn") await ensureBuilt(["window"]);
  const [file = "", ...words] = LIVE[name];
  return [process.execPath, inRepo(file), ...words, ...rest];
}

/** @param {string} name @returns {name is keyof typeof LIVE} */
const isLive = (name) => name in LIVE;

async function main() {
  requireNode();
  const { name, isJson, rest } = readOptions();
  await ensureNodeModules();
  const command = isLive(name) ? await liveCommand(name, rest) : await builtCommand(name, rest);
  const { code, stdout, output } = await step(`Measuring ${name}`, () => tryRun(command, { timeoutMs: TIMEOUT_MS }));
  if (!stdout.includes("{")) throw new SetupError(output);
  const result = JSON.parse(stdout);
  if (isJson) process.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
  else sayResult(result);
  return code === 0 && result.isFlat !== false && result.isHeld !== false ? 0 : 1;
}

main().then((code) => {
  process.exitCode = code;
}, fail);
