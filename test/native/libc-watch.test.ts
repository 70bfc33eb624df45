/** telltale-libc-watch as a process: what it finds, whom it is not harmed by, what it lets go. Root and a compiler needed. */
import { spawnSync } from "node:child_process";
import { chmodSync, copyFileSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync, writeSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Feature } from "../../src/core/model/coverage.ts";
import { startLibcWatch } from "../../src/helper/libc-watch.ts";
import { ADDON_FILE, openRig, whyNot } from "./capture-rig.ts";
import { compile, hasCompiler, makeFolder } from "./compile.ts";
import { lookupsOf, openWatchRig, startProgram, type WatchRig } from "./watch-rig.ts";

const reason = whyNot() ?? (hasCompiler("cc") ? null : "needs a C compiler");

/** What a program is linked with, by the paths it looks them up at. */
function librariesOf(program: string): readonly string[] {
  const { stdout } = spawnSync("ldd", [program], { encoding: "utf8" });
  return [...stdout.matchAll(/(?:=> |^\s+)(\/\S+)/gm)].map(([, path]) => path ?? "");
}

/** A root file system with nothing but the program and copies of its libraries. */
function makeRoot(dir: string, program: string): void {
  for (const path of librariesOf(program)) {
    mkdirSync(join(dir, dirname(path)), { recursive: true });
    copyFileSync(path, join(dir, path));
  }
  copyFileSync(program, join(dir, "ask"));
}

describe.skipIf(reason !== null)(`telltale-libc-watch${reason === null ? "" : ` (skipped: ${reason})`}`, () => {
  let dir = "";
  let program = "";
  let opened: WatchRig;
  beforeAll(async () => {
    dir = makeFolder();
    program = compile("cc", dir, ["test/native/programs/ask.c"], ["-pthread"]);
    opened = await openWatchRig();
  });
  afterAll(() => {
    opened.close();
    rmSync(dir, { recursive: true });
  });

  /** Has a process map a file as a library until the rows have one with this reason. */
  async function refusalOf(file: string, expected: string, command = program, before: readonly string[] = []) {
    const child = startProgram(command, [...before, `map=${file}`, "wait=5000"]);
    const rows: Feature[] = [];
    for (let i = 0; i < 100 && !rows.some((row) => row.reason?.includes(expected)); i++) {
      rows.push(...(await opened.changes()));
      await pause(20);
    }
    child.kill();
    return rows.find(({ id }) => id === `libc-lookups ${file}`);
  }

  it("is ready with the libraries in use, within the time that the hello waits", () => {
    expect(opened.watch.features()).toEqual([
      { id: "libc-lookups", isAttached: true, reason: null, unseen: expect.stringContaining("C library") },
    ]);
  });

  it("finds the library of a container that starts later", async () => {
    const root = join(dir, "container");
    makeRoot(root, program);
    const args = ["--mount", "chroot", root, "/ask", "wait=200", "getaddrinfo=127.0.0.9"];
    const events = await lookupsOf(opened.rig, "unshare", args);
    expect(events.map(({ name, addresses }) => [name, ...addresses])).toEqual([["127.0.0.9", "127.0.0.9"]]);
  });

  it("keeps nobody from unmounting what a library was on", async () => {
    const root = join(dir, "mounted");
    mkdirSync(root);
    expect(spawnSync("mount", ["-t", "tmpfs", "telltale-test", root]).status).toBe(0);
    makeRoot(root, program);
    const events = await lookupsOf(opened.rig, "chroot", [root, "/ask", "wait=200", "getaddrinfo=127.0.0.8"]);
    expect(spawnSync("umount", [root], { encoding: "utf8" })).toMatchObject({ status: 0, stderr: "" });
    expect(events.map(({ name }) => name)).toEqual(["127.0.0.8"]);
  });

  it("leaves a file alone that is only called like a library, and says so", async () => {
    mkdirSync(join(dir, "text"));
    const file = join(dir, "text/libc.so.6");
    writeFileSync(file, "not a library".repeat(1000));
    expect(await refusalOf(file, "not an ELF file")).toMatchObject({ isAttached: false, reason: "not an ELF file" });
  });

  it.each([
    ["cut short", "cut off", (bytes: Buffer) => bytes.subarray(0, 5000)],
    ["of 65535 sections", "sections is not as expected", (bytes: Buffer) => Buffer.from(bytes).fill(0xff, 60, 62)],
    ["whose sections lie beyond its end", "cut off", (bytes: Buffer) => Buffer.from(bytes).fill(0x7f, 40, 47)],
    ["of 32 bits", "32-bit", (bytes: Buffer) => Buffer.from(bytes).fill(1, 4, 5)],
    ["of another machine", "another kind of machine", (bytes: Buffer) => Buffer.from(bytes).fill(9, 18, 19)],
  ])("refuses a library %s, and goes on", async (what, expected, spoil) => {
    const folder = join(dir, what.replaceAll(" ", "-"));
    mkdirSync(folder);
    const file = join(folder, "libc.so.6");
    const libc = librariesOf(program).find((path) => path.endsWith("/libc.so.6")) ?? "";
    writeFileSync(file, spoil(readFileSync(libc)));
    expect((await refusalOf(file, expected))?.reason).toContain(expected);
    expect(opened.watch.features()[0]).toMatchObject({ id: "libc-lookups", isAttached: true });
  });

  it("leaves alone what lies on an overlay of a user's own, which could make it wait for ever", async () => {
    const folder = join(dir, "overlay");
    for (const name of ["lower", "empty", "merged"]) mkdirSync(join(folder, name), { recursive: true });
    const libc = librariesOf(program).find((path) => path.endsWith("/libc.so.6")) ?? "";
    copyFileSync(libc, join(folder, "lower/libc.so.6"));
    const mounted = `mount -t overlay test -o lowerdir=lower:empty merged && exec "$0" "$@"`;
    const file = join(folder, "merged/libc.so.6");
    const run = ["--user", "--map-root-user", "--mount", "sh", "-c", `cd ${folder} && ${mounted}`];
    const row = await refusalOf(file, "user namespace", "unshare", [...run, program]);
    expect(row).toMatchObject({ isAttached: false, reason: expect.stringContaining("overlay in a user namespace") });
  });

  it("is not harmed by a file that grows without end", async () => {
    mkdirSync(join(dir, "sparse"));
    const file = join(dir, "sparse/libc.so.6");
    writeSync(openSync(file, "w"), Buffer.from([1]), 0, 1, 2 ** 40);
    expect(await refusalOf(file, "not an ELF file")).toMatchObject({ isAttached: false });
  });

  it("spends little on a crowd of mappings that are made to keep it busy", { timeout: 30_000 }, () => {
    mkdirSync(join(dir, "crowd"));
    const crowd = compile("cc", dir, ["test/native/programs/crowd.c"], []);
    const { stdout } = spawnSync("pgrep", ["-P", String(process.pid), "telltale-libc"], { encoding: "utf8" });
    const pids = stdout.trim().split("\n");
    expect(pids).toHaveLength(1);
    // utime and stime, in ticks of 10 ms; see proc(5).
    const ticks = () => {
      const fields = readFileSync(`/proc/${pids[0]}/stat`, "utf8").split(") ")[1]?.split(" ") ?? [];
      return Number(fields[11]) + Number(fields[12]);
    };
    const before = ticks();
    expect(spawnSync(crowd, [join(dir, "crowd/libc.so.6"), "3000"]).status).toBe(0);
    expect(ticks() - before).toBeLessThan(150); // half of the time; without a limit it is all of it
  });

  it("reads spoilt libraries under the sanitizers without a fault", { timeout: 60_000 }, () => {
    const flags = ["-g", "-fsanitize=address,undefined", "-fno-sanitize-recover=all", "-Inative/libc-watch"];
    const sources = ["test/native/programs/fuzz-elf.c", "native/libc-watch/elf-functions.c"];
    const fuzz = compile("cc", dir, sources, flags);
    const libc = librariesOf(program).find((path) => path.endsWith("/libc.so.6")) ?? "";
    const result = spawnSync(fuzz, [libc, "4000"], { encoding: "utf8" });
    expect(result).toMatchObject({ status: 0, stderr: "" });
    expect(Number(result.stdout)).toBeGreaterThan(100);
    expect(Number(result.stdout)).toBeLessThan(4000);
  });

  it("says that it is missing, and is not missed by the capture", async () => {
    const { capture } = openRig();
    const watch = await startLibcWatch(join(dir, "addon.node"), capture);
    expect(watch.features()).toMatchObject([
      { id: "libc-lookups", isAttached: false, reason: expect.stringContaining("telltale-libc-watch is missing") },
    ]);
    capture.close();
  });

  it("says when it cannot be started, and when it ended", async () => {
    const { capture } = openRig();
    writeFileSync(join(dir, "telltale-libc-watch"), "#!/bin/sh\necho ready\nexit 7\n", { mode: 0o755 });
    const watch = await startLibcWatch(join(dir, "addon.node"), capture);
    for (let i = 0; i < 50 && watch.features()[0]?.reason !== "telltale-libc-watch ended (code 7)"; i++)
      await pause(20);
    expect(watch.features()[0]).toMatchObject({ isAttached: false, reason: "telltale-libc-watch ended (code 7)" });
    chmodSync(join(dir, "telltale-libc-watch"), 0o644);
    const other = await startLibcWatch(join(dir, "addon.node"), capture);
    expect(other.features()[0]?.reason).toContain("could not be started");
    capture.close();
  });

  it("can read, and nothing else, once it is confined", () => {
    const sources = ["confine.c", "probes.c"].map((name) => `native/libc-watch/${name}`);
    const all = ["test/native/programs/confined.c", ...sources, "native/privilege.c"];
    const confined = compile("cc", dir, all, ["-Inative/libc-watch", "-Inative"]);
    const { status, stdout } = spawnSync(confined, ["2147450881"], { encoding: "utf8" });
    expect(status).toBe(0);
    const told = new Map(stdout.split("\n").map((line) => [line.split(": ")[0], line.split(": ")[1]]));
    expect(told.get("open to read")).toBe("done");
    expect(told.get("read of another")).toBe("done");
    told.delete("open to read");
    told.delete("read of another");
    told.delete("");
    expect(new Set(told.values())).toEqual(new Set(["refused"]));
    expect(told.size).toBe(18);
  });

  it("is not started by hand", () => {
    const file = join(dirname(ADDON_FILE), "telltale-libc-watch");
    for (const args of [[], ["0", "lookup_return"], ["1"], ["1", "unknown"], ["1", "lookup_getaddrinfo"]]) {
      expect(spawnSync(file, args, { encoding: "utf8" })).toMatchObject({
        status: 2,
        stderr: expect.stringMatching("usage"),
      });
    }
  });
});
