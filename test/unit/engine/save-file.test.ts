import { readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { saveFile } from "../../../src/engine/save-file.ts";
import { temporaryFolders } from "./temporary-folder.ts";

const newFolder = temporaryFolders();

describe("saving a file", () => {
  test("replaces the old one by the whole new one and leaves nothing beside it", async () => {
    const dir = newFolder();
    const file = join(dir, "report.html");
    writeFileSync(file, "old and much longer than the new one");
    expect(await saveFile(file, "new")).toEqual({ outcome: "saved", path: file });
    expect(readFileSync(file, "utf8")).toBe("new");
    expect(readdirSync(dir)).toEqual(["report.html"]);
  });

  test("to a full disk says so", async () => {
    expect(await saveFile("/dev/full", "x")).toEqual({ outcome: "failed", reason: "the disk is full" });
  });

  test("in a folder that is not there says so", async () => {
    const file = join(newFolder(), "no/such/report.html");
    expect(await saveFile(file, "x")).toEqual({ outcome: "failed", reason: "there is no such file or folder" });
  });

  test("over a folder says so and leaves the folder as it was", async () => {
    const dir = newFolder();
    const inner = join(dir, "inner");
    await saveFile(join(dir, "seed"), "x");
    symlinkSync(dir, inner);
    const result = await saveFile(dir, "x");
    expect(result.outcome).toBe("failed");
    expect(readdirSync(dir).sort()).toEqual(["inner", "seed"]);
  });
});
