/** Processes and cgroups as the kernel tells them. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  closeSync,
  copyFileSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  realpathSync,
  rmdirSync,
  rmSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ProcessEvent } from "../../src/core/event/kernel-event.ts";
import { findCgroupDir } from "../../src/helper/cgroup-tree.ts";
import { ofType, openRig, type Rig, whyNot } from "./capture-rig.ts";

const reason = whyNot();

describe.skipIf(reason !== null)(`processes on this kernel${reason === null ? "" : ` (skipped: ${reason})`}`, () => {
  let rig: Rig;
  beforeAll(() => {
    rig = openRig();
  });
  afterAll(() => rig.capture.close());

  async function run(file: string, args: readonly string[]): Promise<number> {
    const child = spawn(file, args);
    const pid = child.pid ?? 0;
    await once(child, "exit");
    await rig.until((events) => ofType(events, "exit").some((event) => event.pid === pid));
    return pid;
  }

  it("tells exec, parent and end of a short process", async () => {
    const pid = await run("/bin/sh", ["-c", "exit 3", "", "ü"]);
    const exec = ofType(rig.events, "process").find((event) => event.pid === pid);
    expect(exec).toMatchObject({
      exe: realpathSync("/bin/sh"),
      argv: ["/bin/sh", "-c", "exit 3", "", "ü"],
      parentPid: process.pid,
      isExec: true,
    });
    const fork = ofType(rig.events, "fork").find((event) => event.childPid === pid);
    expect(fork).toMatchObject({ parentPid: process.pid, childStartNs: exec?.startNs });
    expect(ofType(rig.events, "exit").find((event) => event.pid === pid)).toMatchObject({
      exitCode: 3 << 8,
      startNs: exec?.startNs,
    });
  });

  it("names a script by its own file, and its interpreter as the executable", async () => {
    const dir = mkdtempSync(join(tmpdir(), "telltale-native-"));
    const script = join(dir, "a script");
    writeFileSync(script, "#!/bin/sh\nexit 0\n");
    chmodSync(script, 0o755);
    const pid = await run(script, ["x"]);
    rmSync(dir, { recursive: true });
    expect(ofType(rig.events, "process").find((event) => event.pid === pid)).toMatchObject({
      exe: realpathSync("/bin/sh"),
      filename: script,
      argv: ["/bin/sh", script, "x"],
    });
  });

  it("tells that an executable is gone from its place, at exec and of what ran before", async () => {
    const dir = mkdtempSync(join(tmpdir(), "telltale-native-"));
    const exe = join(dir, "gone");
    copyFileSync("/bin/sleep", exe);
    const file = openSync(exe, "r");
    unlinkSync(exe);
    rmdirSync(dir);
    // The file itself is handed to the child as its descriptor 3.
    const gone = spawn("/proc/self/fd/3", ["30"], { stdio: ["ignore", "ignore", "ignore", file] });
    closeSync(file);
    const isGone = (event: ProcessEvent) => event.pid === gone.pid;
    await rig.until((events) => ofType(events, "process").some(isGone));
    const later = openRig();
    later.capture.close();
    gone.kill();
    expect(ofType(rig.events, "process").find(isGone)).toMatchObject({ exe, isExeDeleted: true, isExec: true });
    expect(ofType(later.existing, "process").find(isGone)).toMatchObject({ exe, isExeDeleted: true, isSnapshot: true });
    const self = ofType(rig.existing, "process").find((event) => event.pid === process.pid);
    expect(self).toMatchObject({ isExeDeleted: false });
  });

  it("cuts very long arguments", async () => {
    const pid = await run("/bin/true", ["y".repeat(5000)]);
    const exec = ofType(rig.events, "process").find((event) => event.pid === pid);
    expect(exec?.argv?.join("\0")).toHaveLength(1024);
  });

  it("tells threads apart from processes", async () => {
    const before = rig.events.length;
    const pid = await run(process.execPath, ["-e", "new (require('worker_threads').Worker)('', { eval: true })"]);
    const told = rig.events.slice(before);
    expect(ofType(told, "fork").filter((event) => event.parentPid === pid)).toEqual([]);
    expect(ofType(told, "exit").filter((event) => event.pid === pid)).toHaveLength(1);
  });

  it("knows the processes that run already", () => {
    const self = ofType(rig.existing, "process").find((event) => event.pid === process.pid);
    expect(self).toMatchObject({ exe: realpathSync(process.execPath), parentPid: process.ppid, isSnapshot: true });
  });

  it("tells new cgroups by the id that owners carry", async () => {
    const dir = join(findCgroupDir(), `telltale-test-${process.pid}`);
    mkdirSync(dir);
    const id = lstatSync(dir).ino;
    rmdirSync(dir);
    await rig.until((events) => ofType(events, "cgroup").some((event) => event.id === id));
    expect(ofType(rig.events, "cgroup").find((event) => event.id === id)?.path).toBe(`/telltale-test-${process.pid}`);
  });
});
