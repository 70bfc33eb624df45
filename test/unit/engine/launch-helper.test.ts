import { describe, expect, test } from "vitest";
import { helperArguments, judgeDialogEnd, judgePkexecExit, judgeSudoExit } from "../../../src/engine/launch-helper.ts";

test("the helper is told where its user listens and which files are its own", () => {
  const words = helperArguments({
    execPath: "/usr/bin/node",
    isElectron: false,
    helperFile: "/t/helper.mjs",
    socketPath: "/run/s",
    peerUid: 1000,
    objectFile: "/t/telltale.bpf.o",
    addonFile: "/t/telltale_native.node",
  });
  expect(words).toEqual([
    "/t/helper.mjs",
    "--socket",
    "/run/s",
    "--peer-uid",
    "1000",
    "--object",
    "/t/telltale.bpf.o",
    "--addon",
    "/t/telltale_native.node",
  ]);
});

describe("the end of pkexec", () => {
  test.each([
    [126, "", { outcome: "refused" }],
    [126, "Error executing command as another user: Request dismissed", { outcome: "refused" }],
    [
      127,
      "Error executing command as another user: Not authorized\n\nThis incident has been reported.",
      { outcome: "refused" },
    ],
    [127, "Error executing command as another user: No authentication agent found.", { outcome: "no-agent" }],
    [127, "Error getting authority: Could not connect: No such file or directory", { outcome: "no-agent" }],
    [127, "Cannot run program", { outcome: "failed", detail: "Cannot run program" }],
    [0, "", { outcome: "ended" }],
    [3, "no BTF", { outcome: "failed", detail: "no BTF" }],
    [null, "", { outcome: "failed", detail: "the helper ended with code none (a signal)" }],
  ])("with %s and %j is understood", (exitCode, stderr, expected) => {
    expect(judgePkexecExit(exitCode, stderr)).toEqual(expected);
  });
});

describe("the end of sudo", () => {
  test.each([
    [1, "sudo: 3 incorrect password attempts", { outcome: "refused" }],
    [1, "sudo: a password is required", { outcome: "refused" }],
    [1, "telltale helper: load failed", { outcome: "failed", detail: "telltale helper: load failed" }],
    [0, "", { outcome: "ended" }],
  ])("with %s and %j is understood", (exitCode, stderr, expected) => {
    expect(judgeSudoExit(exitCode, stderr)).toEqual(expected);
  });
});

describe("the end of the desktop's dialog", () => {
  test.each([
    [undefined, "", { outcome: "ended" }],
    [new Error("User did not grant permission."), "", { outcome: "refused" }],
    [
      new Error("User did not grant permission."),
      "Error getting authority: Error initializing authority: Could not connect: No such file or directory\n",
      { outcome: "no-agent" },
    ],
    [new Error("No polkit authentication agent found."), "", { outcome: "no-agent" }],
    [new Error("Unable to find pkexec or kdesudo."), "", { outcome: "no-agent" }],
    [new Error("Command failed"), "  it broke\n", { outcome: "failed", detail: "it broke" }],
  ])("%s is understood", (error, stderr, expected) => {
    expect(judgeDialogEnd(error, stderr)).toEqual(expected);
  });
});
