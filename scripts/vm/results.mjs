// @ts-check
/** What came of each kernel and variant; kept in build/vm so that a matrix can be run in pieces. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { inRepo } from "../setup/repo.mjs";

/** @typedef {import("./guest.mjs").Answer} Answer */
/** @typedef {import("./guest.mjs").Check} Check */
/**
 * @typedef {object} KernelResult
 * @property {string} name
 * @property {string} date ISO, day only
 * @property {string | null} packageName
 * @property {boolean} isEmulated
 * @property {Answer | null} answer
 * @property {string | null} unavailable why it could not be tried, or not as it was meant to be
 * @property {string | null} error
 *
 * @typedef {{ name: string, title: string, kernel: string, date: string, says: string, checks: readonly Check[] }} VariantResult
 * @typedef {{ kernels: Record<string, KernelResult>, variants: Record<string, VariantResult> }} Results
 */

const FILE = inRepo("build/vm/results.json");

/** @returns {Results} */
export function keptResults() {
  return existsSync(FILE) ? JSON.parse(readFileSync(FILE, "utf8")) : { kernels: {}, variants: {} };
}

/**
 * A quick look renews what it looked at; the day's scenarios of the same kernel stay.
 * @param {KernelResult} result @param {KernelResult | undefined} earlier
 * @returns {KernelResult}
 */
export function withEarlierScenarios(result, earlier) {
  const { answer } = result;
  const scenarios = earlier?.answer?.scenarios;
  if (answer === null || answer.scenarios !== undefined || scenarios === undefined) return result;
  const isSame = earlier?.answer?.kernel === answer.kernel && earlier.date === result.date;
  return isSame ? { ...result, answer: { ...answer, scenarios } } : result;
}

/** Adds to what is kept. @param {Results} results */
export function keepResults({ kernels: told, variants }) {
  const kept = keptResults();
  const kernels = Object.fromEntries(
    Object.entries(told).map(([name, result]) => [name, withEarlierScenarios(result, kept.kernels[name])]),
  );
  mkdirSync(dirname(FILE), { recursive: true });
  const all = { kernels: { ...kept.kernels, ...kernels }, variants: { ...kept.variants, ...variants } };
  writeFileSync(FILE, JSON.stringify(all, null, 2));
}

/** All the checks of a kernel as one list: what is attached, the probe's, the scenarios'. @param {KernelResult} result @returns {Check[]} */
export function checksOf({ answer, error, unavailable }) {
  if (answer === null) {
    const detail = error ?? unavailable;
    return error === null ? [] : [{ title: "the machine answers", passed: false, detail }];
  }
  const { probe, scenarios = [], isWhole } = answer;
  const checks = [{ title: "the job is done to its end", passed: isWhole && error === null, detail: error }];
  if (probe !== undefined) {
    const refused = (probe.features ?? []).flatMap(({ id, isAttached, reason }) =>
      isAttached ? [] : [`${id}: ${reason}`],
    );
    const isAttached = probe.features !== undefined && refused.length === 0;
    const detail = isAttached ? null : (probe.error ?? refused.join("; "));
    checks.push({ title: "all programs are loaded and attached", passed: isAttached, detail }, ...(probe.checks ?? []));
  }
  const played = scenarios.filter(({ status }) => status !== "unavailable");
  return [
    ...checks,
    ...played.map(({ id, title, status, detail }) => ({
      title: `${id} ${title}`,
      passed: status === "passed",
      detail: status === "passed" ? null : detail,
    })),
  ];
}

/** @param {Results} results */
export function areGood({ kernels, variants }) {
  const checks = [...Object.values(kernels).flatMap(checksOf), ...Object.values(variants).flatMap((one) => one.checks)];
  return checks.every(({ passed }) => passed);
}
