import { describe, expect, test } from "vitest";
import { isInstalled } from "../../../scripts/setup/npm-install.mjs";

const wanted = {
  packages: {
    "": { version: "0.1.0" },
    "node_modules/a": { version: "1.0.0", integrity: "sha512-a" },
    "node_modules/b-linux": { version: "2.0.0", integrity: "sha512-b", optional: true },
  },
};
const a = { version: "1.0.0", integrity: "sha512-a" };

describe("node_modules", () => {
  test("fits the lock when every package is there, those for other platforms aside", () => {
    expect(isInstalled(wanted, { packages: { "node_modules/a": a } })).toBe(true);
  });

  test.each([
    ["is empty", {}],
    ["has another version", { "node_modules/a": { ...a, version: "1.0.1" } }],
    ["has other bytes under the same version", { "node_modules/a": { ...a, integrity: "sha512-x" } }],
    ["has a package too many", { "node_modules/a": a, "node_modules/z": a }],
    ["has an optional package in another version", { "node_modules/a": a, "node_modules/b-linux": a }],
  ])("does not fit when it %s", (_what, packages) => {
    expect(isInstalled(wanted, { packages })).toBe(false);
  });

  test("does not fit when npm never finished", () => {
    expect(isInstalled(wanted, {})).toBe(false);
  });
});
