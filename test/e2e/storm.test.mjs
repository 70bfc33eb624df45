// @ts-check
/**
 * A storm of 5,000 connections a second, short enough for every run. The full
 * minute: node test/truth/storm.mjs, node test/e2e/storm-window.mjs.
 */
import { describe, expect, test } from "vitest";
import { repoDir } from "../truth/programs.mjs";
import { run } from "./command-line.mjs";
import { measureStorm } from "./storm-window.mjs";

const isRoot = process.getuid?.() === 0;
const RATE_PER_SEC = 5000;

describe.skipIf(!isRoot)("5,000 connections a second (needs root)", () => {
  test("are all seen, with their bytes and their program", () => {
    const command = [
      process.execPath,
      `${repoDir}/test/truth/storm.mjs`,
      "--rate",
      String(RATE_PER_SEC),
      "--seconds",
      "6",
    ];
    const { stdout, stderr } = run([...command, "--json"]);
    expect(stderr).toBe("");
    const result = JSON.parse(stdout);
    expect(result).toMatchObject({ connectionsFailed: 0, recordsLost: 0, lost: 0, wrongBytes: 0, unattributed: 0 });
    expect(result.flowsSeen).toBe(2 * result.connections);
    expect(result.connections).toBe(RATE_PER_SEC * 6);
  });

  test("leave the window responsive and lose nothing", async () => {
    const result = await measureStorm(RATE_PER_SEC, 6);
    expect(result.lostText).toBe("Nothing lost");
    expect(result.frameP95Ms).toBeLessThan(200); // 36 ms on the two-core machine it was written on
    expect(result.mainWorstMs).toBeLessThan(1000); // 186 ms there
  });
});
