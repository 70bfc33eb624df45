/**
 * `npm run vm -- [KERNELS] [--variant NAMES] [--scenarios IDS] [--fast] [--json] [--write]`:
 * boots real kernels under qemu's software emulation and holds what Telltale
 * sees in them against real traffic, with the same object, addon and programs
 * as here. Without names: all kernels, then all variants of one.
 *
 * KERNELS      5.10 6.1 6.12 6.18 newest arm64-6.1 arm64-6.12 own
 * --variant    of one kernel (6.1 unless named): all, or names separated by commas
 * --scenarios  ids of the ground truth; all unless given, those of TCP, UDP and DNS for arm64
 * --fast       the probe's checks, no scenarios
 * --write      docs/kernels.md, from this run and those kept in build/vm
 * Exits 0 when all is right, 1 when something is not.
 */
import { parseArgs } from "node:util";
import { ensureBuilt } from "./setup/build-steps.mjs";
import { requireNode } from "./setup/node-version.mjs";
import { ensureNodeModules } from "./setup/npm-install.mjs";
import { fail, SetupError } from "./setup/say.mjs";
import { ensureSystemPackages } from "./setup/system-packages.mjs";
import { KERNELS } from "./vm/kernels.mjs";
import { writeKernelsPage } from "./vm/kernels-page.mjs";
import { printKernel, printVariant } from "./vm/print-results.mjs";
import { areGood, keepResults, keptResults } from "./vm/results.mjs";
import { runKernel, runOwnKernel, runVariant } from "./vm/run-kernel.mjs";
import { scenarioGroups } from "./vm/scenario-groups.mjs";
import { VARIANTS } from "./vm/variants.mjs";

const VARIED = "6.1";
const OWN = "own";

function chosen() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      variant: { type: "string" },
      scenarios: { type: "string" },
      fast: { type: "boolean" },
      json: { type: "boolean" },
      write: { type: "boolean" },
    },
  });
  const wanted = values.variant?.split(",") ?? (positionals.length === 0 ? ["all"] : []);
  const unknown = wanted.find((name) => name !== "all" && !VARIANTS.some((variant) => variant.name === name));
  if (unknown !== undefined) throw new SetupError(`There is no variant "${unknown}".`);
  const names = positionals.length > 0 ? positionals : [...KERNELS.map(({ name }) => name), OWN];
  return {
    ...values,
    kernels: values.variant === undefined ? names : [],
    varied: values.variant === undefined ? VARIED : (positionals[0] ?? VARIED),
    variants: VARIANTS.filter(({ name }) => wanted.includes("all") || wanted.includes(name)),
  };
}

async function main() {
  requireNode();
  const options = chosen();
  await ensureSystemPackages(["build", "run", "test"]);
  await ensureNodeModules();
  await ensureBuilt(["bpf", "native", "programs"]);
  /** @param {string} name */
  const groupsFor = async (name) => {
    const usual = KERNELS.find((kernel) => kernel.name === name)?.scenarios;
    return options.fast === true ? [] : await scenarioGroups(options.scenarios?.split(",") ?? usual);
  };
  /* a look at a few things is no news of the kernel, unless it is said to be */
  const isKept = options.write === true || (options.fast !== true && options.scenarios === undefined);
  /** @type {import("./vm/results.mjs").Results} */
  const results = { kernels: {}, variants: {} };
  for (const name of options.kernels) {
    const groups = await groupsFor(name);
    const result = name === OWN ? await runOwnKernel(groups) : await runKernel(name, groups);
    results.kernels[name] = result;
    if (isKept) keepResults({ kernels: { [name]: result }, variants: {} });
    if (options.json !== true) printKernel(result);
  }
  for (const variant of options.variants) {
    const result = await runVariant(options.varied, variant);
    results.variants[variant.name] = result;
    keepResults({ kernels: {}, variants: { [variant.name]: result } });
    if (options.json !== true) printVariant(result);
  }
  if (options.json === true) console.log(JSON.stringify(results, null, 2));
  if (options.write === true) writeKernelsPage(keptResults());
  return areGood(results) ? 0 : 1;
}

main().then((code) => process.exit(code), fail);
