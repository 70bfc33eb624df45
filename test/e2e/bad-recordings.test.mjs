// @ts-check
/** Files that are not what they should be: said clearly, non-zero, and nothing lost that could be read. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { frames } from "../truth/capture.mjs";
import { repoDir } from "../truth/programs.mjs";
import { flowsOf, telltale } from "./command-line.mjs";

const recording = path.join(repoDir, "test/fixtures/recordings/names-and-bytes.telltale");
const directory = mkdtempSync(path.join(tmpdir(), "telltale-bad-"));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** @param {string} name @param {Uint8Array | string} content */
function fileWith(name, content) {
  const file = path.join(directory, name);
  writeFileSync(file, content);
  return file;
}

const whole = existsSync(recording) ? readFileSync(recording) : Buffer.alloc(0);
const NOT_A_CRASH = /at .*\.(mjs|js|ts):\d+|TypeError|RangeError/;

describe("a file that is no recording", () => {
  test.each([
    ["is missing", () => path.join(directory, "nowhere.telltale"), /no such file/],
    ["is empty", () => fileWith("empty.telltale", ""), /empty/],
    [
      "is something else",
      () => fileWith("foreign.telltale", "PK\u0003\u0004 this is a zip file"),
      /not a Telltale recording/,
    ],
    ["is of another version", () => fileWith("newer.telltale", "telltale rec  9\n"), /another version/],
    ["is a folder", () => directory, /folder/],
  ])("that %s is refused in plain words", (_what, make, words) => {
    for (const args of [
      ["replay", make(), "--json"],
      ["report", make(), "--format", "html"],
    ]) {
      const { status, stdout, stderr } = telltale(...args);
      expect(status).not.toBe(0);
      expect(stderr).toMatch(words);
      expect(stderr).not.toMatch(NOT_A_CRASH);
      expect(stdout).toBe("");
    }
  });
});

describe("a recording that is damaged", () => {
  const all = flowsOf(telltale("replay", recording, "--json").stdout);
  const middle =
    frames(recording)
      .filter(({ kind }) => kind === 2)
      .at(-2)?.at ?? 0;

  test("is whole to begin with", () => {
    expect(all.length).toBeGreaterThan(20);
    expect(middle).toBeGreaterThan(1000);
  });

  test("and cut in a frame still gives the flows before the cut", () => {
    const { status, stdout, stderr } = telltale(
      "replay",
      fileWith("cut.telltale", whole.subarray(0, middle + 5)),
      "--json",
    );
    expect(status).not.toBe(0);
    expect(stderr).toMatch(/cut|incomplete|truncated|ends/i);
    expect(stderr).not.toMatch(NOT_A_CRASH);
    const seen = flowsOf(stdout);
    expect(seen.length).toBeGreaterThan(0);
    expect(seen.length).toBeLessThanOrEqual(all.length);
  });

  test("and continued with other bytes still gives the flows before them", () => {
    const spoilt = Buffer.concat([
      whole.subarray(0, middle - 8),
      Buffer.from("\xff\xff\xff\xff\x09garbage".repeat(40), "latin1"),
    ]);
    const { status, stdout, stderr } = telltale("replay", fileWith("spoilt.telltale", spoilt), "--json");
    expect(status).not.toBe(0);
    expect(stderr).not.toMatch(NOT_A_CRASH);
    expect(flowsOf(stdout).length).toBeGreaterThan(0);
  });

  test("cut anywhere never crashes", () => {
    for (let part = 1; part <= 12; part++) {
      const end = Math.floor((whole.length * part) / 13) + part;
      const { stderr, status } = telltale("replay", fileWith("any.telltale", whole.subarray(0, end)), "--json");
      expect(stderr).not.toMatch(NOT_A_CRASH);
      expect([0, 1]).toContain(status);
    }
  });

  test("and turned into a report still reports, and says it is incomplete", () => {
    const file = fileWith("cut.telltale", whole.subarray(0, middle + 5));
    const { status, stdout, stderr } = telltale("report", file, "--format", "json");
    expect(status).not.toBe(0);
    expect(stderr).not.toBe("");
    expect(JSON.parse(stdout)).toBeTypeOf("object");
  });
});
