/** The quick part of `npm run vm`: one kernel is booted and the probe's checks are made in it. */
import { checksOf } from "../vm/results.mjs";
import { runKernel } from "../vm/run-kernel.mjs";

const KERNEL = "6.1";

/** @returns {Promise<import("./tally.mjs").TestResult[]>} */
export async function vmTests() {
  const result = await runKernel(KERNEL, []);
  if (result.unavailable !== null)
    return [{ title: `kernel ${KERNEL} in a machine`, status: "skipped", detail: result.unavailable }];
  return checksOf(result).map(({ title, passed, detail }) => ({
    title: `${KERNEL}: ${title}`,
    status: passed ? "passed" : "failed",
    ...(detail === null ? {} : { detail }),
  }));
}
