import { mkdir, mkdtemp, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { findDamage, MANIFEST_NAME, readManifest, writeManifest } from "../../../scripts/setup/runtime-manifest.mjs";

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "telltale-runtime-"));
  await mkdir(join(dir, "locales"));
  await writeFile(join(dir, "electron"), "binary");
  await writeFile(join(dir, "locales/de.pak"), "words");
  await writeManifest(dir, { electron: "33.2.1", source: "npm" });
});
afterEach(() => rm(dir, { recursive: true, force: true }));

async function damage(isFull = false): Promise<string | undefined> {
  const manifest = await readManifest(dir);
  if (manifest === undefined) throw new Error("no manifest");
  return findDamage(dir, manifest, { isFull });
}

describe("a cached runtime", () => {
  test("is whole as it was unpacked", async () => {
    expect(await damage()).toBeUndefined();
    expect(await damage(true)).toBeUndefined();
  });

  test("is whole when a file was only touched: its hash is read then", async () => {
    await utimes(join(dir, "electron"), 1000, 1000);
    expect(await damage()).toBeUndefined();
  });

  test("is damaged when a file is missing, shorter, or other bytes of the same length", async () => {
    await writeFile(join(dir, "electron"), "BINARY");
    expect(await damage()).toBe("electron");
    await writeFile(join(dir, "electron"), "bin");
    expect(await damage()).toBe("electron");
    await rm(join(dir, "electron"));
    expect(await damage()).toBe("electron");
  });

  test("counts as absent when its manifest is cut off", async () => {
    await writeFile(join(dir, MANIFEST_NAME), '{"electron": "33');
    expect(await readManifest(dir)).toBeUndefined();
  });
});
