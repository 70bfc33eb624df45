// @ts-check
/** Results as lines for a terminal. */
import { checksOf } from "./results.mjs";

/** @param {import("./guest.mjs").Check} check */
const line = ({ title, passed, detail }) =>
  `       ${passed ? "passed  " : "FAILED  "}${title}${passed || detail === null ? "" : `: ${detail}`}`;

/** @param {readonly import("./guest.mjs").Check[]} checks */
const mark = (checks) => (checks.every(({ passed }) => passed) ? "ok  " : "not ");

/** @param {import("./results.mjs").KernelResult} result */
export function printKernel(result) {
  const { name, answer, unavailable, isEmulated } = result;
  const checks = checksOf(result);
  if (answer === null && unavailable !== null) return console.log(`--   ${name}: unavailable: ${unavailable}`);
  const how = isEmulated ? "emulated" : `natively; in a machine unavailable: ${unavailable}`;
  console.log(
    `${mark(checks)} ${name}: ${answer?.kernel ?? "did not answer"}, loaded in ${answer?.probe?.loadMs} ms (${how})`,
  );
  for (const check of checks) console.log(line(check));
  for (const { id, title, status, detail } of answer?.scenarios ?? [])
    if (status === "unavailable") console.log(`       –       ${id} ${title}: ${detail}`);
}

/** @param {import("./results.mjs").VariantResult} result */
export function printVariant({ kernel, title, says, checks }) {
  console.log(`${mark(checks)} ${kernel}, ${title}: ${says === "" ? "nothing amiss" : says}`);
  for (const check of checks) console.log(line(check));
}
