// @ts-check
/** Runs one kernel, or one variant of a kernel; a failure to run is a result too. */
import { release } from "node:os";
import { debian } from "../../test/truth/debian.mjs";
import { programPath } from "../../test/truth/programs.mjs";
import { SetupError, say, step } from "../setup/say.mjs";
import { arm64Computer } from "./arm64-computer.mjs";
import { boot } from "./boot.mjs";
import { buildProbe } from "./build-probe.mjs";
import { doJob } from "./guest.mjs";
import { fetchKernel, KERNELS, ownKernelObstacle } from "./kernels.mjs";
import { thisComputer } from "./this-computer.mjs";
import { firstWords, judgeVariant } from "./variants.mjs";

/** @typedef {import("./guest.mjs").Answer} Answer */
/** @typedef {import("./results.mjs").KernelResult} KernelResult */
/** @typedef {import("./results.mjs").VariantResult} VariantResult */

const QUICK_LIMIT_MS = 300_000;
const WHOLE_LIMIT_MS = 3_600_000;
/* emulated machines are some ten times slower, and share their cores with who knows whom */
const PATIENCE = { amd64: 5, arm64: 10 };

const today = () => new Date().toISOString().slice(0, 10);

/** @param {string} name */
function kernelNamed(name) {
  const kernel = KERNELS.find((candidate) => candidate.name === name);
  if (kernel === undefined) throw new SetupError(`There is no kernel "${name}".`);
  return kernel;
}

/**
 * What the scenarios would fetch or compile: a machine has no network, and is slow. What cannot be had
 * is for the scenarios to say.
 */
async function prepareScenarios() {
  for (const name of ["traffic", "segmented-send"]) programPath(name);
  await debian().catch((error) => say(error.message));
}

/** @param {string} name @param {Omit<import("./guest.mjs").Job, "patience">} job @param {{ name?: string, parameters?: readonly string[] }} [variant] */
async function runJob(name, job, { name: variant = "", parameters = [] } = {}) {
  const kernel = kernelNamed(name);
  const computer = kernel.machine === "arm64" ? await arm64Computer() : thisComputer();
  const files = await fetchKernel(kernel);
  if (job.groups !== undefined && job.groups.length > 0) await prepareScenarios();
  const timeoutMs = (job.groups ?? []).length > 0 ? WHOLE_LIMIT_MS : QUICK_LIMIT_MS;
  const options = { job: { ...job, patience: PATIENCE[kernel.machine] }, variant, parameters, timeoutMs };
  const title = `Running kernel ${name}${variant === "" ? "" : `, variant ${variant}`}`;
  return { files, outcome: await step(title, () => boot(files, computer, options)) };
}

/**
 * @param {string} name @param {readonly (readonly string[])[]} groups of scenarios
 * @returns {Promise<KernelResult>}
 */
export async function runKernel(name, groups) {
  const base = {
    name,
    date: today(),
    isEmulated: true,
    packageName: null,
    answer: null,
    unavailable: null,
    error: null,
  };
  try {
    const { files, outcome } = await runJob(name, { probeFile: await buildProbe(), groups });
    return { ...base, packageName: files.packageName, ...outcome };
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    say(error.message);
    return { ...base, unavailable: error.message.trim().split("\n").at(-1) ?? "" };
  }
}

/** The kernel that runs here, where its image cannot be had: without a machine around it. @param {readonly (readonly string[])[]} groups */
export async function runOwnKernel(groups) {
  /** @type {Answer[]} */
  const answers = [];
  const job = { probeFile: await buildProbe(), groups: [groups.flat()], patience: 1 };
  await step(`Running this machine's own kernel ${release()}`, () =>
    doJob(job, (answer) => void answers.push({ ...answer })),
  );
  const unavailable = ownKernelObstacle();
  const date = today();
  return {
    name: "own",
    date,
    packageName: null,
    isEmulated: false,
    answer: answers.at(-1) ?? null,
    unavailable,
    error: null,
  };
}

/** @param {string} kernel @param {import("./variants.mjs").Variant} variant @returns {Promise<VariantResult>} */
export async function runVariant(kernel, variant) {
  const job = { wantsWords: true, ...(variant.captures ? { probeFile: await buildProbe() } : {}) };
  const { outcome } = await runJob(kernel, job, variant);
  const about = { name: variant.name, title: variant.title, kernel, date: today() };
  const { answer, error } = outcome;
  if (answer === null)
    return { ...about, says: "", checks: [{ title: "the machine answers", passed: false, detail: error }] };
  return { ...about, says: firstWords(answer), checks: judgeVariant(variant, answer) };
}
