import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parseCmdline, readRunningArguments } from "../../../src/helper/running-arguments.ts";

describe("parseCmdline", () => {
  it("keeps empty arguments and drops only the last NUL", () => {
    expect(parseCmdline(Buffer.from("sh\0-c\0\0"))).toEqual(["sh", "-c", ""]);
  });

  it("takes a title that a program wrote over its arguments", () => {
    expect(parseCmdline(Buffer.from("nginx: worker"))).toEqual(["nginx: worker"]);
  });

  it("does not stumble over bytes that are no text", () => {
    expect(parseCmdline(Buffer.from([0x61, 0xff, 0]))).toEqual(["a\ufffd"]);
  });
});

describe("readRunningArguments", () => {
  it("reads processes, and leaves out kernel threads, other folders and what has ended", () => {
    const proc = mkdtempSync(join(tmpdir(), "telltale-unit-"));
    for (const name of ["7", "8", "9", "sys"]) mkdirSync(join(proc, name));
    writeFileSync(join(proc, "7", "cmdline"), "a\0b\0");
    writeFileSync(join(proc, "8", "cmdline"), "");
    writeFileSync(join(proc, "sys", "cmdline"), "x\0");
    expect(readRunningArguments(proc)).toEqual([{ pid: 7, argv: ["a", "b"] }]);
    rmSync(proc, { recursive: true });
  });

  it("reads no more than 4 KiB of a process's arguments", () => {
    const proc = mkdtempSync(join(tmpdir(), "telltale-unit-"));
    mkdirSync(join(proc, "7"));
    writeFileSync(join(proc, "7", "cmdline"), "y".repeat(10_000));
    expect(readRunningArguments(proc)[0]?.argv[0]).toHaveLength(4096);
    rmSync(proc, { recursive: true });
  });

  it("says whose executable is gone from its place, and nothing where it may not look", () => {
    const proc = mkdtempSync(join(tmpdir(), "telltale-unit-"));
    for (const name of ["7", "8", "9"]) {
      mkdirSync(join(proc, name));
      writeFileSync(join(proc, name, "cmdline"), "a\0");
    }
    symlinkSync("/usr/bin/a", join(proc, "7", "exe"));
    symlinkSync("/usr/bin/a (deleted)", join(proc, "8", "exe"));
    expect(readRunningArguments(proc)).toEqual([
      { pid: 7, argv: ["a"], isExeDeleted: false },
      { pid: 8, argv: ["a"], isExeDeleted: true },
      { pid: 9, argv: ["a"] },
    ]);
    rmSync(proc, { recursive: true });
  });
});
