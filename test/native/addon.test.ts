/** The addon's manners: what it refuses, and how. */

import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { findCgroupDir } from "../../src/helper/cgroup-tree.ts";
import { loadAddon, OBJECT_FILE, openRig, whyNot } from "./capture-rig.ts";

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
