/** What scripts/bench.mjs runs: one bench by name; its result as JSON on standard output. */
import { benchLatency } from "./latency.ts";
import { benchMemory } from "./memory.ts";
import { benchNames } from "./names.ts";

const [name = "", root = "", sizeText = "0"] = process.argv.slice(2);
const size = Number(sizeText);

async function run(): Promise<unknown> {
  switch (name) {
    case "names":
      return benchNames({ root, records: size === 0 ? 400_000 : size, runs: 5 });
    case "memory":
      return benchMemory(size === 0 ? 10_000_000 : size);
    case "latency":
      return benchLatency(root, size === 0 ? 200 : size);
    default:
      throw new Error(`no bench ${name}`);
  }
}

process.stdout.write(`${JSON.stringify(await run())}\n`);
