/** Builds and runs one target; findings are left in build/fuzz/findings. */
import { mkdirSync, writeFileSync } from "node:fs";
import { inRepo } from "../setup/repo.mjs";
import { tryRun } from "../setup/run.mjs";
import { buildTarget, fuzzDir } from "./build-target.mjs";
import { corpusFile, readInputs, regressionFile, writeInputs } from "./input-lines.mjs";

/**
 * @typedef {import("./watch-target.mjs").Finding} Finding
 * @typedef {{ executions: number, seconds: number, seed: number, isCorpusSaved: boolean, folder?: string | undefined }} RunOptions
 * @typedef {{ target: string, executions: number, seconds: number, perSecond: number, blocks: number, blockCount: number,
 *   features: number, corpus: number, peakRssMb: number, codeHash: string, findings: Finding[] }} TargetResult
 */

/** The engine with Node takes 100 to 200 MiB; a parser that keeps what it read would soon be over this. */
const MAX_RSS_MB = 512;

/** @param {readonly Uint8Array[]} list */
const encode = (list) => list.map((bytes) => Buffer.from(bytes).toString("base64"));

/** @param {string} name @param {readonly Finding[]} findings */
function keepFindings(name, findings) {
  const dir = `${fuzzDir}/findings`;
  mkdirSync(dir, { recursive: true });
  for (const [index, { kind, message, stack, input }] of findings.entries()) {
    writeFileSync(`${dir}/${name}-${index}.txt`, `# ${kind}: ${message.replaceAll("\n", " ")}\n${input}\n`);
    if (stack !== "") writeFileSync(`${dir}/${name}-${index}.stack`, `${stack}\n`);
  }
}

/** @param {string} name @param {RunOptions} options @returns {Promise<TargetResult>} */
export async function runTarget(name, { executions, seconds, seed, isCorpusSaved, folder }) {
  const { file, blockCount, literals, codeHash } = await buildTarget(name, folder);
  const job = {
    ...{ executions, seconds, seed, file, blockCount, maxRssMb: MAX_RSS_MB, literals: encode(literals) },
    corpus: encode(readInputs(corpusFile(name))),
    regressions: encode(readInputs(regressionFile(name))),
  };
  const jobFile = `${fuzzDir}/${name}.job.json`;
  writeFileSync(jobFile, JSON.stringify(job));
  const result = await tryRun([process.execPath, inRepo("scripts/fuzz/watch-target.mjs"), jobFile]);
  if (result.code !== 0) throw new Error(`${name}: ${result.output}`);
  const outcome = JSON.parse(result.stdout);
  keepFindings(name, outcome.findings);
  if (isCorpusSaved && outcome.corpus.length > 0) {
    writeInputs(
      corpusFile(name),
      outcome.corpus.map((/** @type {string} */ line) => Buffer.from(line, "base64")),
    );
  }
  return {
    ...{ target: name, executions: outcome.executions, seconds: Math.round(outcome.seconds * 10) / 10 },
    perSecond: Math.round(outcome.executions / outcome.seconds),
    ...{ blocks: outcome.blocks, blockCount, features: outcome.features, corpus: outcome.corpus.length },
    ...{ peakRssMb: outcome.peakRssMb, codeHash, findings: outcome.findings },
  };
}
