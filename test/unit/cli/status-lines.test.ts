import { expect, test } from "vitest";
import { coverageLines } from "../../../src/cli/status-lines.ts";
import { fullCoverage } from "../core/report/sample-graph.ts";

test("a line tells what is not seen, and one what a fallback lacks, each with the kernel's reason", () => {
  const hook = { id: "release", reason: null, unseen: "when a socket was closed" };
  const features = [
    { ...hook, isAttached: true, fallback: { refusal: "unknown func", lacks: "last byte counts" } },
    { ...hook, isAttached: true, fallback: { refusal: "no types", lacks: null } },
    { ...hook, isAttached: false, reason: "not permitted\u001b[2J" },
  ];
  const lines = coverageLines({ ...fullCoverage, features });
  expect(lines[0]).toMatch(/^Not seen: when a socket was closed \(not permitted/);
  expect(lines.join("\n")).not.toContain("\u001b");
  expect(lines.slice(1)).toEqual(["Not seen: last byte counts (fallback: unknown func)"]);
});
