import { mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { FRAME_KIND } from "../../../src/contract/helper-protocol.ts";
import { watchHostsFile } from "../../../src/helper/hosts-file.ts";
import { collectFrames } from "./collect-frames.ts";

describe("the hosts file", () => {
  let dir = "";
  let file = "";
  let nowMs = 0;
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), "telltale-unit-"));
    file = join(dir, "hosts");
    nowMs = 0;
  });
  afterEach(() => rmSync(dir, { recursive: true }));
  const watch = () => watchHostsFile({ file, bootTimeNs: () => 7_000_000_001 + nowMs, nowMs: () => nowMs });

  it("is told at start with the time, as it is", async () => {
    writeFileSync(file, "127.0.0.1 localhost\n# é\n");
    const { writer, frames } = collectFrames();
    await watch().send(writer);
    expect(frames).toEqual([{ kind: FRAME_KIND.hostsFile, timeNs: 7_000_000_001, text: "127.0.0.1 localhost\n# é\n" }]);
  });

  it("is told again when it changed or was replaced, and looked at every two seconds at most", async () => {
    writeFileSync(file, "first");
    const { writer, frames } = collectFrames();
    const source = watch();
    await source.send(writer);
    writeFileSync(file, "second one");
    nowMs = 1999;
    await source.send(writer);
    expect(frames).toHaveLength(1);
    nowMs = 2000;
    await source.send(writer);
    writeFileSync(join(dir, "new"), "third");
    renameSync(join(dir, "new"), file);
    nowMs = 4000;
    await source.send(writer);
    nowMs = 6000;
    await source.send(writer);
    expect(frames.map(({ text }) => text)).toEqual(["first", "second one", "third"]);
  });

  it("names nothing once it is gone, and is not told where it never was", async () => {
    const { writer, frames } = collectFrames();
    const source = watch();
    await source.send(writer);
    expect(frames).toEqual([]);
    writeFileSync(file, "x");
    nowMs = 2000;
    await source.send(writer);
    rmSync(file);
    nowMs = 4000;
    await source.send(writer);
    expect(frames.map(({ text }) => text)).toEqual(["x", ""]);
  });

  it("names nothing where the way to it cannot be gone", async () => {
    writeFileSync(file, "x");
    const { writer, frames } = collectFrames();
    const source = watch();
    await source.send(writer);
    rmSync(file);
    symlinkSync(file, file); // a loop: an error whoever looks, root too
    nowMs = 2000;
    await source.send(writer);
    expect(frames.map(({ text }) => text)).toEqual(["x", ""]);
  });

  it("is cut after 256 KiB", async () => {
    writeFileSync(file, "a".repeat(300 * 1024));
    const { writer, frames } = collectFrames();
    await watch().send(writer);
    expect(frames[0]?.text).toHaveLength(256 * 1024);
  });
});
