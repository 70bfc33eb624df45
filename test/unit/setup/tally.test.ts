import { describe, expect, test } from "vitest";
import { mustHaveTests, summary, type TestResult } from "../../../scripts/test/tally.mjs";
import { readTruthReport } from "../../../scripts/test/truth-tests.mjs";
import { readVitestReport } from "../../../scripts/test/vitest-tests.mjs";

const passed: TestResult = { title: "a", status: "passed" };

describe("the end of a test run", () => {
  test("is one plain line with three numbers", () => {
    expect(summary([{ suite: "unit", tests: [passed, passed] }])).toBe("2 passed, 0 failed, 0 skipped");
  });

  test("names each skip with its reason and each failure with its detail, above that line", () => {
    const tests: TestResult[] = [
      passed,
      { title: "b", status: "skipped", detail: "needs root" },
      { title: "c", status: "failed", detail: "expected 1\ngot 2" },
    ];
    expect(summary([{ suite: "unit", tests }]).split("\n")).toEqual([
      "FAILED unit > c",
      "    expected 1",
      "    got 2",
      "skipped unit > b: needs root",
      "1 passed, 1 failed, 1 skipped",
    ]);
  });

  test("counts a suite without tests as a failure", () => {
    expect(summary([mustHaveTests({ suite: "truth", tests: [] })])).toMatch(/0 passed, 1 failed, 0 skipped$/);
    expect(mustHaveTests({ suite: "unit", tests: [passed] }).tests).toEqual([passed]);
  });
});

test("a test file that broke before its tests is a failure of its own", () => {
  const report = {
    testResults: [{ name: "x.test.ts", status: "failed", message: "no such module", assertionResults: [] }],
  };
  expect(readVitestReport(report)).toEqual([{ title: "x.test.ts", status: "failed", detail: "no such module" }]);
});

test("a hook that breaks after passing tests is a failure too", () => {
  const assertionResults = [{ status: "passed", fullName: "fine" }];
  const report = { testResults: [{ name: "x.test.ts", status: "failed", message: "afterAll", assertionResults }] };
  expect(readVitestReport(report).map(({ status }) => status)).toEqual(["passed", "failed"]);
});

test("a skipped test's reason is the one in its title", () => {
  const assertionResults = [{ status: "skipped", fullName: "as a user (needs root) the window goes live" }];
  expect(readVitestReport({ testResults: [{ name: "x", status: "passed", assertionResults }] })[0]?.detail).toBe(
    "needs root",
  );
});

test("a scenario the kernel cannot run is skipped, never passed", () => {
  const scenarios = [{ id: "8", title: "SCTP", status: "unavailable" as const, detail: "no sctp module" }];
  expect(readTruthReport({ scenarios })).toEqual([{ title: "8 SCTP", status: "skipped", detail: "no sctp module" }]);
});
