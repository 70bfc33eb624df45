import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { dpkgPackagesOf, versionIn } from "../../../src/engine/dpkg-packages.ts";
import { createPackageFinder } from "../../../src/engine/owning-packages.ts";
import { pacmanPackagesOf } from "../../../src/engine/pacman-packages.ts";
import { parseRpmAnswer, rpmPackagesOf } from "../../../src/engine/rpm-packages.ts";
import { temporaryFolders } from "./temporary-folder.ts";

const folder = temporaryFolders();

/** As dpkg 1.21 of Debian 12 writes it, shortened. */
const STATUS = `Package: libc-bin
Status: install ok installed
Architecture: amd64
Version: 2.36-9+deb12u13
Description: tools
 Package: not-this-one

Package: wine
Status: install ok installed
Architecture: i386
Version: 8.0-i386

Package: wine
Status: install ok installed
Architecture: amd64
Version: 8.0~repack-4
`;

function dpkgDir(): string {
  const dir = folder();
  mkdirSync(join(dir, "info"));
  writeFileSync(join(dir, "info", "libc-bin.list"), "/.\n/usr\n/usr/bin\n/usr/bin/getent\n/sbin/ldconfig\n");
  writeFileSync(join(dir, "info", "wine:amd64.list"), "/usr/lib/wine/wine64\n");
  writeFileSync(join(dir, "info", "odd.list"), "/usr/bin/odd\n");
  writeFileSync(join(dir, "info", "wine.md5sums"), "/usr/bin/getent\n");
  writeFileSync(join(dir, "status"), STATUS);
  return dir;
}

describe("dpkg's records", () => {
  it("tell package and version of a file, also where /usr was merged", async () => {
    const exes = ["/usr/bin/getent", "/usr/sbin/ldconfig", "/usr/lib/wine/wine64", "/usr/bin/odd", "/opt/x"];
    expect([...(await dpkgPackagesOf(exes, dpkgDir()))]).toEqual([
      ["/usr/bin/getent", { manager: "dpkg", name: "libc-bin", version: "2.36-9+deb12u13" }],
      ["/usr/sbin/ldconfig", { manager: "dpkg", name: "libc-bin", version: "2.36-9+deb12u13" }],
      ["/usr/lib/wine/wine64", { manager: "dpkg", name: "wine", version: "8.0~repack-4" }],
      ["/usr/bin/odd", { manager: "dpkg", name: "odd", version: null }],
    ]);
  });

  it("take a directory's name for nothing but a line of its own", async () => {
    expect((await dpkgPackagesOf(["/usr/bin/geten", "/getent"], dpkgDir())).size).toBe(0);
  });

  it("give nothing where there are none", async () => {
    expect((await dpkgPackagesOf(["/usr/bin/x"], join(folder(), "none"))).size).toBe(0);
  });

  it("name a package at the front of its stanza only", () => {
    expect(versionIn(STATUS, "not-this-one")).toBe(null);
    expect(versionIn(STATUS, "wine:i386")).toBe("8.0-i386");
  });
});

describe("pacman's records", () => {
  it("tell package and version of a file", async () => {
    const dir = folder();
    mkdirSync(join(dir, "curl-8.11.0-1"));
    writeFileSync(join(dir, "curl-8.11.0-1", "files"), "%FILES%\nusr/\nusr/bin/\nusr/bin/curl\n");
    writeFileSync(join(dir, "curl-8.11.0-1", "desc"), "%NAME%\ncurl\n\n%VERSION%\n8.11.0-1\n");
    expect([...(await pacmanPackagesOf(["/usr/bin/curl", "/usr/bin/wget"], dir))]).toEqual([
      ["/usr/bin/curl", { manager: "pacman", name: "curl", version: "8.11.0-1" }],
    ]);
  });
});

describe("rpm's answer", () => {
  it("is one line with name and version, or nothing", () => {
    expect(parseRpmAnswer("curl\t8.9.1-2.fc41\n")).toEqual({ manager: "rpm", name: "curl", version: "8.9.1-2.fc41" });
    expect(parseRpmAnswer("file /opt/x is not owned by any package\n")).toBe(undefined);
    expect(parseRpmAnswer("")).toBe(undefined);
  });
});

describe("the package finder", () => {
  const owner = { manager: "dpkg", name: "a", version: "1" } as const;

  it("asks once for a file, and again after a minute", async () => {
    const asked: (readonly string[])[] = [];
    let nowMs = 0;
    const read = async (exes: readonly string[]) => {
      asked.push(exes);
      return new Map(exes.includes("/a") ? [["/a", owner] as const] : []);
    };
    const finder = createPackageFinder(
      async () => [read],
      () => nowMs,
    );
    expect([...((await finder.find(["/a", "/b", "/a"])) ?? [])]).toEqual([["/a", owner]]);
    await finder.find(["/b", "/a"]);
    expect(asked).toEqual([["/a", "/b"]]);
    nowMs = 60_001;
    await finder.find(["/b"]);
    expect(asked).toHaveLength(2);
  });

  it("asks for no path that is cut, relative or two lines", async () => {
    const asked: string[] = [];
    const read = async (exes: readonly string[]) => {
      asked.push(...exes);
      return new Map();
    };
    await createPackageFinder(async () => [read]).find(["…/bin/x", "x", "/a\n/b", `/${"a".repeat(5000)}`]);
    expect(asked).toEqual([]);
  });

  it("says when no package manager keeps records, and survives one that fails", async () => {
    expect(await createPackageFinder(async () => []).find(["/a"])).toBe(null);
    let isBroken = true;
    const finder = createPackageFinder(async () => {
      if (isBroken) throw new Error("broken");
      return [async () => new Map([["/a", owner]])];
    });
    await expect(finder.find(["/a"])).rejects.toThrow("broken");
    isBroken = false;
    expect((await finder.find(["/a"]))?.get("/a")).toEqual(owner);
  });
});

describe("asking rpm", () => {
  const owner = { manager: "rpm", name: "bash", version: "5.2" } as const;

  it("ends where a file's file system never answers, with what is known by then", async () => {
    const ask = (exe: string) =>
      exe === "/bin/bash" ? Promise.resolve(owner) : new Promise<undefined>(() => undefined);
    const owners = await rpmPackagesOf(["/bin/bash", "/home/user/trap/program", "/bin/sh"], ask, 50);
    expect([...owners]).toEqual([["/bin/bash", owner]]);
  });
});
