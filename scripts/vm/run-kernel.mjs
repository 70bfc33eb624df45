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
import { fetchKernel, KERNELS, ownKernel } from "./kernels.mjs";
import { thisComputer } from "./this-computer.mjs";
import { firstWords, judgeVariant } from "./variants.mjs";

/** @typedef {import("./guest.mjs").Answer} Answer */
/** @typedef {import("./results.mjs").KernelResult} KernelResult */
/** @typedef {import("./results.mjs").VariantResult} VariantResult */

const QUICK_LIMIT_MS = 600_000;
const WHOLE_LIMIT_MS = 3_600_000;
/* emulated machines are some ten times slower, and share their cores with who knows whom */
const PATIENCE = { amd64: 5, arm64: 10 };

const REASON_CHARS = 300; // the end of what a command said

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

/** @param {string} name */
async function bootable(name) {
  const kernel = kernelNamed(name);
  const computer = kernel.machine === "arm64" ? await arm64Computer() : thisComputer();
  return { computer, files: await fetchKernel(kernel) };
}

/**
 * @param {string} name of a kernel @param {Awaited<ReturnType<typeof bootable>>} bootable
 * @param {Omit<import("./guest.mjs").Job, "patience">} job @param {{ name?: string, parameters?: readonly string[] }} [variant]
 */
async function runJob(name, { computer, files }, job, { name: variant = "", parameters = [] } = {}) {
  const hasScenarios = job.groups !== undefined && job.groups.length > 0;
  if (hasScenarios) await prepareScenarios();
  const timeoutMs = hasScenarios ? WHOLE_LIMIT_MS : QUICK_LIMIT_MS;
  const options = { job: { ...job, patience: PATIENCE[computer.machine] }, variant, parameters, timeoutMs };
  const title = `Running kernel ${name}${variant === "" ? "" : `, variant ${variant}`}`;
  return { packageName: files.packageName, ...(await step(title, () => boot(files, computer, options))) };
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
    const probeFile = await buildProbe();
    return { ...base, ...(await runJob(name, await bootable(name), { probeFile, groups })) };
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    say(error.message);
    return { ...base, unavailable: error.message.trim().replaceAll(/\s+/g, " ").slice(-REASON_CHARS) };
  }
}

/** The kernel that runs here: booted, or as it runs where its image cannot be had. @param {readonly (readonly string[])[]} groups @returns {Promise<KernelResult>} */
export async function runOwnKernel(groups) {
  const base = { name: "own", date: today(), packageName: null, unavailable: null, error: null };
  const probeFile = await buildProbe();
  const files = ownKernel();
  if (!("reason" in files)) {
    const outcome = await runJob("own", { computer: thisComputer(), files }, { probeFile, groups });
    return { ...base, isEmulated: true, ...outcome };
  }
  const job = { probeFile, groups: groups.length === 0 ? [] : [groups.flat()], patience: 1 };
  const title = `Running this machine's own kernel ${release()}`;
  const answer = await step(title, () => doJob(job, () => undefined));
  return { ...base, isEmulated: false, answer, unavailable: files.reason };
}

/** @param {string} kernel @param {import("./variants.mjs").Variant} variant @returns {Promise<VariantResult>} */
export async function runVariant(kernel, variant) {
  const job = { wantsWords: true, ...(variant.captures ? { probeFile: await buildProbe() } : {}) };
  const about = { name: variant.name, title: variant.title, kernel, date: today() };
  const { answer, error } = await runJob(kernel, await bootable(kernel), job, variant);
  if (answer === null)
    return { ...about, says: "", checks: [{ title: "the machine answers", passed: false, detail: error }] };
  return { ...about, says: firstWords(answer), checks: judgeVariant(variant, answer) };
}
