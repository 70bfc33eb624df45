import { describe, expect, test } from "vitest";
import { isAtLeast, requireNode } from "../../../scripts/setup/node-version.mjs";
import { cacheDir } from "../../../scripts/setup/repo.mjs";
import { hasDisplay, parseStartOptions } from "../../../scripts/setup/start-options.mjs";

describe("npm start", () => {
  test("alone means live capture in the window", () => {
    expect(parseStartOptions([])).toEqual({ source: "live", isTerminal: false, passedOn: [] });
  });

  test("with seconds and a report means the terminal, which gets both", () => {
    const passedOn = ["--seconds", "20", "--report", "r.html"];
    expect(parseStartOptions(["--seconds", "20", "--report=r.html"])).toEqual({
      source: "live",
      isTerminal: true,
      passedOn,
    });
  });

  test("tells a recording from the demo", () => {
    expect(parseStartOptions(["--replay", "my.telltale"])).toMatchObject({ source: { file: "my.telltale" } });
    expect(parseStartOptions(["--demo"])).toMatchObject({ source: "demo", isTerminal: false });
  });

  test("hands on what it does not know", () => {
    expect(parseStartOptions(["--lang=de"])).toMatchObject({ passedOn: ["--lang=de"] });
  });

  test.each([[["--seconds"]], [["--replay"]], [["--report", "--json"]]])("refuses %j for lack of a value", (argv) => {
    expect(() => parseStartOptions(argv)).toThrow("needs a value");
  });

  test("finds a display of either kind, and takes an empty variable for none", () => {
    expect(hasDisplay({ DISPLAY: ":0" })).toBe(true);
    expect(hasDisplay({ WAYLAND_DISPLAY: "wayland-0" })).toBe(true);
    expect(hasDisplay({ DISPLAY: "" })).toBe(false);
  });
});

describe("the Node it needs", () => {
  test.each([
    ["20.19.0", true],
    ["20.20.2", true],
    ["24.0.0", true],
    ["20.18.9", false],
    ["18.20.4", false],
  ])("%s: %s", (version, isEnough) => {
    expect(isAtLeast(version, "20.19.0")).toBe(isEnough);
  });

  test("is named when this one is too old", () => {
    expect(() => requireNode("18.20.4")).toThrow("Telltale needs Node 20.19.0 or newer; this is Node 18.20.4.");
  });
});

test("the cache follows XDG, and ignores a relative XDG_CACHE_HOME as the specification asks", () => {
  expect(cacheDir({ XDG_CACHE_HOME: "/var/cache/me" }, "/h")).toBe("/var/cache/me/telltale");
  expect(cacheDir({ XDG_CACHE_HOME: "relative" }, "/h")).toBe("/h/.cache/telltale");
  expect(cacheDir({}, "/h")).toBe("/h/.cache/telltale");
});
