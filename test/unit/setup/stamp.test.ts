import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { inputHash, isFresh, writeStamp } from "../../../scripts/setup/stamp.mjs";

let root: string;
const step = { name: "demo", title: "Demo", inputs: ["src"], outputs: ["out.js"], command: ["build"] };

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "telltale-stamp-"));
  await mkdir(join(root, "src/deep"), { recursive: true });
  await writeFile(join(root, "src/deep/a.ts"), "one");
  await writeFile(join(root, "out.js"), "built");
});
afterEach(() => rm(root, { recursive: true, force: true }));

const stamp = async (): Promise<void> => writeStamp(step.name, await inputHash(step, root), root);

describe("a build step", () => {
  test("is due until it has been stamped", async () => {
    expect(await isFresh(step, root)).toBe(false);
    await stamp();
    expect(await isFresh(step, root)).toBe(true);
  });

  test("is due again when an input's bytes change, and not when only its time does", async () => {
    await stamp();
    await writeFile(join(root, "src/deep/a.ts"), "one");
    expect(await isFresh(step, root)).toBe(true);
    await writeFile(join(root, "src/deep/a.ts"), "two");
    expect(await isFresh(step, root)).toBe(false);
  });

  test("is due again when a file is added or an output is gone", async () => {
    await stamp();
    await writeFile(join(root, "src/b.ts"), "");
    expect(await isFresh(step, root)).toBe(false);
    await stamp();
    await rm(join(root, "out.js"));
    expect(await isFresh(step, root)).toBe(false);
  });

  test("is due again when its command changes", async () => {
    await stamp();
    expect(await isFresh({ ...step, command: ["build", "--other"] }, root)).toBe(false);
  });

  test("does not mind by-products beside its sources", async () => {
    await stamp();
    await mkdir(join(root, "src/build"));
    await writeFile(join(root, "src/build/a.o"), "object");
    expect(await isFresh(step, root)).toBe(true);
  });
});
