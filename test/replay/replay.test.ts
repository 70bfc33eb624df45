/**
 * Recordings of real traffic through the whole core, against golden graphs and
 * reports. After a wanted change: npx vitest run --project replay -u, then read
 * the difference. New recordings: test/truth/make-recordings.mjs.
 */
import { readFileSync } from "node:fs";
import { homedir, hostname } from "node:os";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { renderHtml } from "../../src/core/report/render-html.ts";
import { renderJson } from "../../src/core/report/render-json.ts";
import { flowsText, graphText, replayFile, reportOf } from "./replay-recording.ts";

const repoPath = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const RECORDINGS = [
  ["demo", repoPath("resources/demo/mongod.telltale")],
  ["names-and-bytes", repoPath("test/fixtures/recordings/names-and-bytes.telltale")],
] as const;
const WHOLE = 1 << 24;

describe.each(RECORDINGS)("the recording %s", (name, file) => {
  test("gives the golden graph", async () => {
    await expect(graphText(await replayFile(file, WHOLE))).toMatchFileSnapshot(`../fixtures/golden/${name}.graph.json`);
  });

  test("gives the golden reports", async () => {
    const report = reportOf(await replayFile(file, WHOLE));
    await expect(renderJson(report)).toMatchFileSnapshot(`../fixtures/golden/${name}.report.json`);
    await expect(renderHtml(report)).toMatchFileSnapshot(`../fixtures/golden/${name}.report.html`);
  });

  test.each([1, 7, 4093])("gives the same when it arrives %i bytes at a time", async (chunkBytes) => {
    const whole = await replayFile(file, WHOLE);
    const pieces = await replayFile(file, chunkBytes);
    expect(graphText(pieces)).toBe(graphText(whole));
    expect(flowsText(pieces)).toBe(flowsText(whole));
  });

  test("holds nothing of the machine it was made on", () => {
    const text = readFileSync(file, "latin1");
    for (const word of [hostname(), homedir(), repoPath("").replace(/\/$/, "")]) {
      if (word.length > 3) expect(text.includes(word), word).toBe(false);
    }
    expect(text).not.toMatch(/\/(home|root|work|Users)\//);
  });
});

describe("the demo", () => {
  test("tells the case the project exists for", async () => {
    const report = reportOf(await replayFile(RECORDINGS[0][1], WHOLE));
    const mongod = report.reporting.find(({ label }) => label === "mongod");
    expect(mongod?.exe).toBe("/opt/mongodb/bin/mongod");
    const segment = mongod?.contacts.find(({ destination }) => destination.name === "api.segment.io");
    expect(segment).toMatchObject({ category: "analytics", confidence: "confirmed", nameSource: "own-answer" });
    expect(segment?.bytesSent).toBe(7200);
  });

  test("has ordinary traffic beside it that is not reported", async () => {
    const report = reportOf(await replayFile(RECORDINGS[0][1], WHOLE));
    const reported = report.reporting.map(({ label }) => label).sort();
    expect(reported).toEqual(["chat", "editor", "mongod"]);
    expect(report.totals.programs).toBe(8);
  });
});

describe("the recording of names", () => {
  test("keeps the same address under two names apart by program", async () => {
    const { flows } = await replayFile(RECORDINGS[1][1], WHOLE);
    const named = flows
      .filter(({ flow }) => flow.remote.port === 7105 && flow.direction === "outbound")
      .map(({ flow, process }) => [process?.comm, flow.naming.name, flow.naming.source])
      .sort();
    expect(named).toEqual([
      ["n05-program-0", "for-one-program.truth.example", "own-answer"],
      ["n05-program-1", "for-the-other.truth.example", "own-answer"],
    ]);
  });
});
