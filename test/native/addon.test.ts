/** The addon's manners: what it refuses, and how. */

import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { findCgroupDir } from "../../src/helper/cgroup-tree.ts";
import { loadAddon, OBJECT_FILE, openRig, whyNot } from "./capture-rig.ts";

const repoDir = fileURLToPath(new URL("../..", import.meta.url));
const reason = whyNot();
const options = { objectFile: OBJECT_FILE, cgroupDir: "/sys/fs/cgroup", ringBytes: 65536 };

describe("the addon", () => {
  const addon = loadAddon();
  const open = (given: unknown): unknown => Reflect.apply(addon.open, addon, [given]);

  it.each([
    ["nothing", undefined],
    ["a ring that is no power of two", { ...options, ringBytes: 5000 }],
    ["a ring of no number", { ...options, ringBytes: "65536" }],
    ["a path with a NUL in it", { ...options, objectFile: "a\0b" }],
    ["an empty path", { ...options, objectFile: "" }],
  ])("refuses to open with %s", (_, given) => {
    expect(() => open(given)).toThrow(TypeError);
  });

  it("says that a folder is no cgroup v2 hierarchy", () => {
    expect(() => open({ ...options, cgroupDir: "/proc" })).toThrow(expect.objectContaining({ code: "no-cgroup2" }));
  });

  it("passes an exception of an argument's getter on", () => {
    const trap = {
      get objectFile() {
        throw new Error("mine");
      },
    };
    expect(() => open(trap)).toThrow("mine");
  });

  it("knows who is at the other end of a socket", async () => {
    const dir = mkdtempSync(join(tmpdir(), "telltale-native-"));
    const server = createServer().listen(join(dir, "s"));
    const socket = connect(join(dir, "s"));
    await once(socket, "connect");
    const handle: unknown = Reflect.get(socket, "_handle");
    const fd = typeof handle === "object" && handle !== null ? Number(Reflect.get(handle, "fd")) : -1;
    expect(addon.peerCredentials(fd)).toEqual({
      pid: process.pid,
      uid: process.getuid?.(),
      gid: process.getgid?.(),
    });
    socket.destroy();
    server.close();
    rmSync(dir, { recursive: true });
  });

  it("refuses a descriptor that is no socket", () => {
    expect(() => addon.peerCredentials(-1)).toThrow("Bad file descriptor");
  });

  it("refuses a capability it does not know, and drops nothing", () => {
    expect(() => addon.dropPrivileges({ uid: 65534, gid: 65534, keep: ["CAP_NONSENSE"] })).toThrow(TypeError);
  });
});

describe.skipIf(reason !== null)(`a capture${reason === null ? "" : ` (skipped: ${reason})`}`, () => {
  it("says that an object cannot be loaded", () => {
    const open = () => loadAddon().open({ ...options, objectFile: "/proc/version", cgroupDir: findCgroupDir() });
    expect(open).toThrow(expect.objectContaining({ code: "load-failed" }));
  });

  it("tells what loading took and how large each loaded program is", () => {
    const { capture } = openRig();
    const { loadMs, attachMs, programs } = capture.cost();
    expect(loadMs).toBeGreaterThan(0);
    expect(attachMs).toBeGreaterThan(0);
    const names = programs.map(({ name }) => name);
    for (const { id, isAttached, isFallback } of capture.features())
      if (isAttached) expect(names).toContain(isFallback ? `${id}__plain` : id);
    for (const { instructions, verifiedInstructions } of programs) {
      expect(instructions).toBeGreaterThan(0);
      expect(verifiedInstructions ?? 1).toBeGreaterThan(0);
    }
    capture.close();
    expect(() => capture.cost()).toThrow("closed");
  });

  it("is closed once and stays closed", () => {
    const { capture } = openRig();
    capture.close();
    capture.close();
    expect(() => capture.read(new Uint8Array(8192))).toThrow("closed");
    expect(() => capture.features()).toThrow("closed");
  });

  it("refuses foreign objects and small or foreign targets", () => {
    const { capture } = openRig();
    const read: (target: unknown) => unknown = (target) => Reflect.apply(capture.read, capture, [target]);
    expect(() => read(new Uint8Array(100))).toThrow(TypeError);
    expect(() => read(new Float64Array(9000))).toThrow(TypeError);
    expect(() => read("x")).toThrow(TypeError);
    expect(() => Reflect.apply(capture.read, {}, [new Uint8Array(8192)])).toThrow(TypeError);
    capture.close();
  });

  it("counts what a full ring loses, and tells the rest whole", async () => {
    const rig = openRig(4096);
    const { execFileSync } = await import("node:child_process");
    for (let i = 0; i < 10; i++) execFileSync("/bin/true");
    const { sent, lost } = rig.capture.stats();
    expect(lost.reduce((sum, count) => sum + count, 0)).toBeGreaterThan(0);
    await rig.until((events) => events.length >= sent.reduce((sum, count) => sum + count, 0));
    rig.capture.close();
  });
});

/** The probes with one program that loads here and has nowhere to attach, and a fallback for it. */
function buildUnattachable(root: string): string {
  for (const part of ["bpf", "scripts/build-bpf.mjs"])
    cpSync(join(repoDir, part), join(root, part), { recursive: true });
  const file = join(root, "bpf/process.bpf.c");
  const source = readFileSync(file, "utf8");
  const program = source.slice(source.indexOf('SEC("raw_tp/cgroup_mkdir")'));
  const plain = program.replace("int cgroup_mkdir(", "int cgroup_mkdir__plain(");
  writeFileSync(file, `${source.replace('SEC("raw_tp/cgroup_mkdir")', 'SEC("raw_tp/no_such_tracepoint")')}\n${plain}`);
  execFileSync(process.execPath, [join(root, "scripts/build-bpf.mjs")]);
  return join(root, "build/bpf/telltale.bpf.o");
}

describe.skipIf(reason !== null)("a program that loads and cannot be attached", () => {
  it("is replaced by its fallback, with the kernel's reason", { timeout: 30_000 }, () => {
    const root = mkdtempSync(join(tmpdir(), "telltale-native-"));
    try {
      const objectFile = buildUnattachable(root);
      const capture = loadAddon().open({ ...options, objectFile, cgroupDir: findCgroupDir() });
      const feature = capture.features().find(({ id }) => id === "cgroup_mkdir");
      const others = capture.features().filter(({ id, isAttached }) => id !== "cgroup_mkdir" && !isAttached);
      capture.close();
      expect(feature).toMatchObject({ isAttached: true, isFallback: true });
      expect(feature?.reason).toMatch(/^not attached: /);
      expect(others).toEqual([]);
    } finally {
      rmSync(root, { recursive: true });
    }
  });
});
