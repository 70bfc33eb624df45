import { spawnSync } from "node:child_process";
import { lstatSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { listCgroups, parseCgroupMount } from "../../../src/helper/cgroup-tree.ts";

describe("parseCgroupMount", () => {
  it("finds the v2 hierarchy beside v1 ones", () => {
    const mounts = "cgroup /sys/fs/cgroup/cpu cgroup rw,cpu 0 0\ncgroup2 /sys/fs/cgroup/unified cgroup2 rw 0 0\n";
    expect(parseCgroupMount(mounts)).toBe("/sys/fs/cgroup/unified");
  });

  it("reads spaces in the path", () => {
    expect(parseCgroupMount("none /mnt/my\\040groups cgroup2 rw 0 0")).toBe("/mnt/my groups");
  });

  it("knows when there is none, whatever a device is called", () => {
    expect(parseCgroupMount("cgroup2 /tmp tmpfs rw 0 0\n")).toBeUndefined();
    expect(parseCgroupMount("")).toBeUndefined();
  });
});

describe("listCgroups", () => {
  it("lists folders by inode and path from the root, and no files", () => {
    const root = mkdtempSync(join(tmpdir(), "telltale-unit-"));
    mkdirSync(join(root, "a.slice", "b.service"), { recursive: true });
    writeFileSync(join(root, "cgroup.procs"), "");
    const id = (path: string) => lstatSync(join(root, path)).ino.toString();
    expect(listCgroups(root)).toEqual([
      { id: id("."), path: "/" },
      { id: id("a.slice"), path: "/a.slice" },
      { id: id("a.slice/b.service"), path: "/a.slice/b.service" },
    ]);
    rmSync(root, { recursive: true });
  });

  it("survives a tree that is deeper than a path may be long", () => {
    const root = mkdtempSync(join(tmpdir(), "telltale-unit-"));
    const name = "n".repeat(250);
    spawnSync("sh", ["-c", `for i in $(seq 20); do mkdir ${name} && cd ${name}; done`], { cwd: root });
    mkdirSync(join(root, "other.slice"));
    try {
      const paths = listCgroups(root).map(({ path }) => path);
      expect(paths.slice(0, 3).toSorted()).toEqual(["/", `/${name}`, "/other.slice"]);
      expect(paths.length).toBeLessThan(20);
    } finally {
      spawnSync("rm", ["-rf", root]);
    }
  });

  it("names what is near the root first", () => {
    const root = mkdtempSync(join(tmpdir(), "telltale-unit-"));
    for (const path of ["a/b/c", "d/e", "f"]) mkdirSync(join(root, path), { recursive: true });
    const depths = listCgroups(root).map(({ path }) => (path === "/" ? 0 : path.split("/").length - 1));
    expect(depths).toEqual([0, 1, 1, 1, 2, 2, 3]);
    rmSync(root, { recursive: true });
  });
});
