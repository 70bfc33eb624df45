import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Preferences } from "../../../src/contract/ipc-schema.ts";
import { parseAppOptions } from "../../../src/main/app-options.ts";
import { DEFAULT_PREFERENCES, openPreferences } from "../../../src/main/preferences.ts";
import { boundsOnScreens, parseBounds } from "../../../src/main/window-bounds.ts";

let dir = "";
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "telltale-settings-"));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

describe("preferences", () => {
  const DARK: Preferences = { theme: "dark", leftWidthPx: 300, rightWidthPx: 400 };

  test("are there again after a restart, and applied when loaded and when changed", async () => {
    const applied: string[] = [];
    const file = join(dir, "new/settings.json");
    await openPreferences(file, ({ theme }) => applied.push(theme)).save(DARK);
    expect(await openPreferences(file, ({ theme }) => applied.push(theme)).load()).toEqual(DARK);
    expect(applied).toEqual(["dark", "dark"]);
  });

  test.each(["", "{", "null", '{"theme":"neon"}', '{"theme":"dark","leftWidthPx":1e9,"rightWidthPx":1}'])(
    "that read %j are the defaults",
    async (text) => {
      const file = join(dir, "settings.json");
      writeFileSync(file, text);
      expect(await openPreferences(file, () => undefined).load()).toEqual(DEFAULT_PREFERENCES);
    },
  );

  test("saved in a hurry end with the last one", async () => {
    const file = join(dir, "settings.json");
    const store = openPreferences(file, () => undefined);
    await Promise.all([1, 2, 3, 4].map((width) => store.save({ ...DARK, leftWidthPx: width })));
    expect(JSON.parse(readFileSync(file, "utf8")).leftWidthPx).toBe(4);
  });
});

describe("the window's place", () => {
  const screen = { x: 0, y: 0, width: 1920, height: 1080 };

  test("is kept while its screen is there", () => {
    const bounds = { x: 100, y: 50, width: 1000, height: 700 };
    expect(boundsOnScreens(parseBounds(bounds), [screen])).toEqual(bounds);
  });

  test("is dropped, but not its size, when its screen is gone", () => {
    const bounds = { x: 3000, y: 50, width: 1000, height: 700 };
    expect(boundsOnScreens(bounds, [screen])).toEqual({ width: 1000, height: 700 });
  });

  test.each([
    undefined,
    null,
    "x",
    {},
    { width: 10, height: 700 },
    { width: 1e9, height: 700 },
    { width: 900.5, height: 700 },
  ])("read as %j is the default", (value) => {
    expect(parseBounds(value)).toEqual({ width: 1280, height: 800 });
  });
});

describe("the application's options", () => {
  test("are found among Chromium's switches, files against the folder it was started in", () => {
    const argv = ["--no-sandbox", "/app", "--replay", "a.telltale", "--export-dir=/out", "--disable-gpu"];
    expect(parseAppOptions(argv, "/home/u")).toEqual({
      isDemo: false,
      replayFile: "/home/u/a.telltale",
      exportDir: "/out",
    });
  });

  test("are absent when not given", () => {
    expect(parseAppOptions(["/app", "--replay"], "/")).toEqual({ isDemo: false, replayFile: null, exportDir: null });
    expect(parseAppOptions(["--demo"], "/").isDemo).toBe(true);
  });
});
