import { describe, expect, it } from "vitest";
import { EXIT } from "../../../src/helper/exit-codes.ts";
import { parseArguments } from "../../../src/helper/parse-arguments.ts";

const GOOD = ["--socket", "/run/s", "--peer-uid", "1000", "--object", "/o.o", "--addon", "/a.node"];

function changed(name: string, value: string): string[] {
  return GOOD.map((word, index) => (GOOD[index - 1] === name ? value : word));
}

describe("parseArguments", () => {
  it("reads the four options", () => {
    expect(parseArguments(GOOD)).toEqual({
      socketFile: "/run/s",
      peerUid: 1000,
      objectFile: "/o.o",
      addonFile: "/a.node",
    });
  });

  it.each([
    ["a relative socket", changed("--socket", "run/s")],
    ["a relative addon", changed("--addon", "a.node")],
    ["a user by name", changed("--peer-uid", "alice")],
    ["a negative user", changed("--peer-uid", "-1")],
    ["a user number that means no user", changed("--peer-uid", "4294967295")],
    ["no user", GOOD.filter((word) => word !== "--peer-uid" && word !== "1000")],
    ["no object", GOOD.slice(0, 4)],
    ["an unknown option", [...GOOD, "--exec", "/bin/sh"]],
    ["a stray word", [...GOOD, "more"]],
  ])("refuses %s", (_, argv) => {
    expect(() => parseArguments(argv)).toThrow(expect.objectContaining({ exitCode: EXIT.usage }));
  });
});
