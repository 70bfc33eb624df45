/**
 * `npm run fuzz -- --target NAME | --all [--executions N] [--seconds N] [--seed N]
 * [--save-corpus] [--json]`: coverage-guided fuzzing of what reads foreign bytes
 * (test/fuzz). Ends with 1 if something was found; docs/fuzzing.md tells more.
 */
import { parseArgs } from "node:util";
import { targetNames } from "./fuzz/build-target.mjs";
import { runTarget } from "./fuzz/run-target.mjs";
import { requireNode } from "./setup/node-version.mjs";
import { ensureNodeModules } from "./setup/npm-install.mjs";
import { fail, SetupError, say } from "./setup/say.mjs";

/** @typedef {import("./fuzz/run-target.mjs").TargetResult} TargetResult */

/** @param {string | undefined} text @param {number} otherwise @param {string} name */
function count(text, otherwise, name) {
  if (text === undefined) return otherwise;
  const number = Number(text);
  if (!Number.isSafeInteger(number) || number < 1) throw new SetupError(`--${name} wants a whole number, not ${text}`);
  return number;
}

function readOptions() {
  const { values } = parseArgs({
    options: {
      target: { type: "string", multiple: true, default: [] },
      all: { type: "boolean", default: false },
      executions: { type: "string" },
      seconds: { type: "string" },
      seed: { type: "string" },
      "save-corpus": { type: "boolean", default: false },
      json: { type: "boolean", default: false },
    },
  });
  const names = targetNames();
  const unknown = values.target.find((name) => !names.includes(name));
  if (unknown !== undefined || (!values.all && values.target.length === 0)) {
    throw new SetupError(`Give --all or --target NAME. Targets: ${names.join(", ")}`);
  }
  return {
    names: values.all ? names : values.target,
    isJson: values.json,
    run: {
      executions: count(values.executions, 1_000_000, "executions"),
      seconds: count(values.seconds, 24 * 3600, "seconds"),
      seed: count(values.seed, 1, "seed"),
      isCorpusSaved: values["save-corpus"],
    },
  };
}

/** @param {TargetResult} result */
function resultLine({ target, executions, perSecond, blocks, blockCount, features, corpus, peakRssMb, findings }) {
  const rate = `${executions} executions, ${perSecond}/s`;
  const reach = `${blocks} of ${blockCount} blocks, ${features} features, corpus ${corpus}`;
  return `${target}: ${rate}, ${reach}, ${peakRssMb} MiB, ${findings.length} findings`;
}

async function main() {
  requireNode();
  const { names, isJson, run } = readOptions();
  await ensureNodeModules();
  const results = [];
  for (const name of names) {
    const result = await runTarget(name, run);
    results.push(result);
    say(resultLine(result));
    for (const { kind, message, input } of result.findings)
      say(`  ${kind}: ${message.slice(0, 500)}\n    ${input.slice(0, 1000)}`);
  }
  if (isJson) process.stdout.write(`${JSON.stringify({ node: process.version, seed: run.seed, results }, null, 2)}\n`);
  return results.every(({ findings }) => findings.length === 0) ? 0 : 1;
}

main().then((code) => {
  process.exitCode = code;
}, fail);
