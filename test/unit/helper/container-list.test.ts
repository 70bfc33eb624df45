import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { FRAME_KIND } from "../../../src/contract/helper-protocol.ts";
import { sendContainerLists } from "../../../src/helper/container-list.ts";

let dir = "";
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "telltale-unit-"));
});
afterEach(() => rmSync(dir, { recursive: true }));

async function sent(files: readonly string[], ownerUid = process.getuid?.() ?? -1): Promise<string[]> {
  const frames: string[] = [];
  const source = sendContainerLists(files, ownerUid);
  const refuse = async () => {
    throw new Error("bytes only");
  };
  const writer = {
    writeBytes: async (kind: number, bytes: Uint8Array) => {
      expect(kind).toBe(FRAME_KIND.containerList);
      frames.push(Buffer.from(bytes).toString());
    },
    writeJson: refuse,
    writeEmpty: refuse,
    writeRecords: refuse,
  };
  await source.send(writer);
  await source.send(writer);
  return frames;
}

it("sends each list as it is, once", async () => {
  writeFileSync(join(dir, "a"), "[1]");
  writeFileSync(join(dir, "b"), "not JSON");
  expect(await sent([join(dir, "a"), join(dir, "none"), join(dir, "b")])).toEqual(["[1]", "not JSON"]);
});

it("follows no link, opens no folder, and sends nothing empty, too long, or of another user", async () => {
  writeFileSync(join(dir, "a"), "[1]");
  symlinkSync(join(dir, "a"), join(dir, "link"));
  mkdirSync(join(dir, "folder"));
  writeFileSync(join(dir, "empty"), "");
  writeFileSync(join(dir, "long"), Buffer.alloc(1024 * 1024 + 1, "x"));
  expect(await sent(["link", "folder", "empty", "long"].map((name) => join(dir, name)))).toEqual([]);
  expect(await sent([join(dir, "a")], 4242)).toEqual([]);
});
