import { spawnSync } from "node:child_process";
import { chownSync, lstatSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { open, readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { saveFile, whyUnwritable } from "../../../src/engine/save-file.ts";
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

describe("where others write too", () => {
  const isRoot = process.getuid?.() === 0;
  const STRANGER = 65534;

  test("a report is readable by its owner only", async () => {
    const file = join(newFolder(), "report.html");
    await saveFile(file, "private");
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  test("a link is replaced, and what it leads to stays", async () => {
    const dir = newFolder();
    writeFileSync(join(dir, "precious"), "kept");
    symlinkSync(join(dir, "precious"), join(dir, "report.html"));
    expect(await saveFile(join(dir, "report.html"), "new")).toMatchObject({ outcome: "saved" });
    expect(readFileSync(join(dir, "precious"), "utf8")).toBe("kept");
    expect(lstatSync(join(dir, "report.html")).isFile()).toBe(true);
  });

  test.runIf(isRoot)("a stranger's pipe gets nothing to read", async () => {
    const file = join(newFolder(), "report.html");
    spawnSync("mkfifo", [file]);
    chownSync(file, STRANGER, STRANGER);
    expect(await saveFile(file, "private")).toMatchObject({ outcome: "saved" });
    expect(lstatSync(file).isFile()).toBe(true);
  });

  test.runIf(isRoot)("a stranger's link to a device is not followed", async () => {
    const dir = newFolder();
    const file = join(dir, "report.html");
    symlinkSync("/dev/full", file); // following it would fail: the disk is full
    spawnSync("chown", ["--no-dereference", `${STRANGER}`, file]);
    expect(await saveFile(file, "x")).toMatchObject({ outcome: "saved" });
    expect(readFileSync(file, "utf8")).toBe("x");
  });

  test("nothing is renamed into /proc, and by that into /dev: a redirected output gets the text at its end", async () => {
    const file = join(newFolder(), "out");
    writeFileSync(file, "before\n");
    const handle = await open(file, "a");
    const name = `/proc/self/fd/${handle.fd}`;
    expect(await saveFile(name, "report")).toEqual({ outcome: "saved", path: name });
    await handle.close();
    expect(readFileSync(file, "utf8")).toBe("before\nreport");
  });

  test("our own pipe is written to", async () => {
    const file = join(newFolder(), "pipe");
    spawnSync("mkfifo", [file]);
    const [saved, read] = await Promise.all([saveFile(file, "through"), readFile(file, "utf8")]);
    expect(saved).toMatchObject({ outcome: "saved" });
    expect(read).toBe("through");
    expect(lstatSync(file).isFIFO()).toBe(true);
  });
});

describe("asking whether a file can be written", () => {
  test("says yes where saving works, and leaves nothing behind", async () => {
    const dir = newFolder();
    writeFileSync(join(dir, "old.html"), "old");
    expect(await whyUnwritable(join(dir, "old.html"))).toBeNull();
    expect(await whyUnwritable(join(dir, "new.html"))).toBeNull();
    expect(await whyUnwritable("/dev/stdout")).toBeNull();
    expect(readdirSync(dir)).toEqual(["old.html"]);
    expect(readFileSync(join(dir, "old.html"), "utf8")).toBe("old");
  });

  test("names a folder that is missing, is a file, or is the target itself", async () => {
    const dir = newFolder();
    writeFileSync(join(dir, "file"), "");
    expect(await whyUnwritable(join(dir, "gone/r.html"))).toBe("there is no such file or folder");
    expect(await whyUnwritable(join(dir, "file/r.html"))).toBe(`${join(dir, "file")} is not a folder`);
    expect(await whyUnwritable(dir)).toBe("it is a folder, not a file");
  });

  test("does not wait for the reader of a pipe", async () => {
    const file = join(newFolder(), "pipe");
    spawnSync("mkfifo", [file]);
    expect(await whyUnwritable(file)).toBeNull();
  });
});
