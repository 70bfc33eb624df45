/** Results of all suites, counted and told. */

/**
 * @typedef {{ title: string, status: "passed" | "failed" | "skipped", detail?: string }} TestResult
 * detail: why it failed or was skipped
 * @typedef {{ suite: string, tests: readonly TestResult[] }} SuiteResult
 */

/** @param {readonly TestResult[]} tests @param {TestResult["status"]} status */
const withStatus = (tests, status) => tests.filter((test) => test.status === status);

/** @param {readonly SuiteResult[]} results */
export function countTests(results) {
  const tests = results.flatMap((result) => result.tests);
  return {
    passed: withStatus(tests, "passed").length,
    failed: withStatus(tests, "failed").length,
    skipped: withStatus(tests, "skipped").length,
  };
}

/** A suite that ran nothing proves nothing: that is a failure. @param {SuiteResult} result @returns {SuiteResult} */
export function mustHaveTests(result) {
  if (result.tests.length > 0) return result;
  return { ...result, tests: [{ title: result.suite, status: "failed", detail: "the suite yielded no test" }] };
}

/** @param {SuiteResult} result @param {string} seconds */
export function suiteLine(result, seconds) {
  const { passed, failed, skipped } = countTests([result]);
  const parts = [
    `${passed} passed`,
    ...(failed > 0 ? [`${failed} FAILED`] : []),
    ...(skipped > 0 ? [`${skipped} skipped`] : []),
  ];
  return `  ${result.suite}: ${parts.join(", ")} (${seconds})`;
}

/** @param {string} text */
const indent = (text) => text.trimEnd().replace(/^/gm, "    ");

/** Failures, then skips with their reasons, then the plain last line. @param {readonly SuiteResult[]} results */
export function summary(results) {
  const lines = [];
  for (const { suite, tests } of results) {
    for (const { title, detail } of withStatus(tests, "failed")) {
      lines.push(`FAILED ${suite} > ${title}`, ...(detail ? [indent(detail)] : []));
    }
  }
  for (const { suite, tests } of results) {
    for (const { title, detail } of withStatus(tests, "skipped")) {
      lines.push(`skipped ${suite} > ${title}: ${detail ?? "no reason given"}`);
    }
  }
  const { passed, failed, skipped } = countTests(results);
  lines.push(`${passed} passed, ${failed} failed, ${skipped} skipped`);
  return lines.join("\n");
}
