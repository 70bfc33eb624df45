import { describe, expect, test } from "vitest";
import { EXIT, exitCodeOf } from "../../../src/cli/exit-codes.ts";
import { problemWords } from "../../../src/cli/problem-words.ts";

describe("a problem in the terminal", () => {
  test("says what happened and what to do", () => {
    expect(problemWords({ code: "no-btf", detail: "no vmlinux" })).toBe(
      "This kernel has no type information (BTF).\n  no vmlinux\nUse a kernel built with CONFIG_DEBUG_INFO_BTF=y; every current distribution kernel is.",
    );
  });

  test("never prints a detail's control characters raw", () => {
    expect(problemWords({ code: "internal", detail: "\x1b[2Jgone" })).toContain("\\x1b[2Jgone");
  });

  test("has an exit code that a script can act on", () => {
    expect(exitCodeOf({ code: "refused" })).toBe(EXIT.noPermission);
    expect(exitCodeOf({ code: "no-permission", detail: "" })).toBe(3);
    expect(exitCodeOf({ code: "no-cgroup2", detail: "" })).toBe(4);
    expect(exitCodeOf({ code: "helper-lost", detail: "" })).toBe(1);
  });
});
