/** Calls of real C libraries for names, as the kernel tells them. Root, BTF and a compiler needed; for musl, musl-gcc. */
import type { Socket } from "node:dgram";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ofType, whyNot } from "./capture-rig.ts";
import { compile, hasCompiler, makeFolder } from "./compile.ts";
import { bindUdp } from "./loopback.ts";
import { briefly, lookupsOf, openWatchRig, type WatchRig } from "./watch-rig.ts";

const reason = whyNot() ?? (hasCompiler("cc") ? null : "needs a C compiler");
const EAI_NONAME = -2;
const SILENT = "127.88.0.53";
const MANY = Array.from({ length: 20 }, (_, index) => `10.9.0.${index + 1}`);
const HOSTS = ["127.0.0.1 localhost", "10.9.1.1 one.test", "fd00::9 six.test", ...MANY.map((ip) => `${ip} many.test`)];

const LIBRARIES = [
  { library: "glibc", compiler: "cc", unavailable: reason },
  { library: "musl", compiler: "musl-gcc", unavailable: reason ?? (hasCompiler("musl-gcc") ? null : "needs musl-gcc") },
];

describe.each(LIBRARIES)("lookups through $library", ({ library, compiler, unavailable }) => {
  let dir = "";
  let program = "";
  let opened: WatchRig;
  let silent: Socket | undefined;

  /** In a mount namespace with a hosts file of ours, and a name server that says nothing. The wait lets the watcher find a library that was not in use. */
  const ask = async (...steps: readonly string[]) => {
    const mounts = `mount --bind ${dir}/hosts /etc/hosts && mount --bind ${dir}/resolv.conf /etc/resolv.conf`;
    const script = `${mounts} && exec ${program} wait=100 "$@"`;
    return lookupsOf(opened.rig, "unshare", ["--mount", "sh", "-c", script, "sh", ...steps]);
  };

  beforeAll(async () => {
    if (unavailable !== null) return;
    dir = makeFolder();
    writeFileSync(join(dir, "hosts"), `${HOSTS.join("\n")}\n`);
    writeFileSync(join(dir, "resolv.conf"), `nameserver ${SILENT}\n`);
    silent = await bindUdp("udp4", SILENT, 53);
    program = compile(compiler, dir, ["test/native/programs/ask.c"], ["-pthread"]);
    opened = await openWatchRig();
    // The kernel may still be taking the probes of the capture before this one away, which delays a first attaching.
    for (let tries = 0; tries < 20 && (await ask("getaddrinfo=localhost")).length === 0; tries++);
  });
  afterAll(() => {
    opened?.close();
    silent?.close();
    if (dir !== "") rmSync(dir, { recursive: true });
  });

  it.skipIf(unavailable !== null)(`is available${unavailable === null ? "" : ` (no: ${unavailable})`}`, () => {
    expect(opened.watch.features().find(({ id }) => id === "libc-lookups")).toMatchObject({ isAttached: true });
  });

  it.skipIf(unavailable !== null)("tells name, answer and asker of getaddrinfo", async () => {
    const before = opened.rig.events.length;
    const [event, ...others] = await ask("getaddrinfo=one.test");
    expect(others).toEqual([]);
    expect(event).toMatchObject({
      name: "one.test",
      result: 0,
      addresses: ["10.9.1.1"],
      isNameCut: false,
      areAddressesCut: false,
    });
    expect(event?.owner).toMatchObject({ uid: 0, comm: `ask-${compiler}` });
    const exec = ofType(opened.rig.events.slice(before), "process").findLast(({ pid }) => pid === event?.owner.pid);
    expect(event?.owner.startNs).toBe(exec?.startNs);
    expect(event?.askedNs).toBeLessThan(event?.timeNs ?? 0);
  });

  it.skipIf(unavailable !== null)("tells each function once, whatever it calls itself", async () => {
    const one = { call: "gethostbyname", name: "one.test", result: 0, addresses: "10.9.1.1" };
    const events = await ask("gethostbyname=one.test", "gethostbyname_r=one.test", "gethostbyname2=six.test");
    expect(briefly(events)).toEqual([one, one, { ...one, name: "six.test", addresses: "fd00::9" }]);
    expect(briefly(await ask("gethostbyname2_r=six.test"))).toEqual([
      { ...one, name: "six.test", addresses: "fd00::9" },
    ]);
  });

  it.skipIf(unavailable !== null)("tells lookups that failed, with the reason getaddrinfo gave", async () => {
    const events = await ask("getaddrinfo=bad..name", "gethostbyname=bad..name", "gethostbyname_r=bad..name");
    expect(briefly(events)).toEqual([
      { call: "getaddrinfo", name: "bad..name", result: EAI_NONAME, addresses: "" },
      { call: "gethostbyname", name: "bad..name", result: -1, addresses: "" },
      { call: "gethostbyname", name: "bad..name", result: -1, addresses: "" },
    ]);
  });

  it.skipIf(unavailable !== null)("cuts an answer of more than sixteen addresses, and says so", async () => {
    const events = await ask("getaddrinfo=many.test", "gethostbyname_r=many.test", "gethostbyname=many.test");
    for (const event of events) {
      expect(event.areAddressesCut).toBe(true);
      expect(event.addresses).toHaveLength(16);
      expect(new Set(event.addresses).size).toBe(16);
      expect(MANY).toEqual(expect.arrayContaining([...event.addresses]));
    }
    // One each, though the last asks again with more room (always in musl, whose first is 127 bytes).
    expect(events).toHaveLength(3);
  });

  it.skipIf(unavailable !== null)("cuts a name of more than 255 bytes, and says so", async () => {
    const [whole, cut] = await ask(`getaddrinfo=${"a".repeat(255)}`, `getaddrinfo=${"b".repeat(256)}`);
    expect(whole).toMatchObject({ name: "a".repeat(255), isNameCut: false });
    expect(cut).toMatchObject({ name: "b".repeat(255), isNameCut: true });
  });

  it.skipIf(unavailable !== null)("says nothing of a call without a name", async () => {
    expect(await ask("listen=80")).toEqual([]);
  });

  it.skipIf(unavailable !== null)("keeps the asked name where the answer is written over it", async () => {
    expect((await ask("own=one.test")).map(({ name }) => name)).toEqual(["one.test", "one.test"]);
  });

  it.skipIf(unavailable !== null)("keeps threads apart", async () => {
    const events = await ask("threads=8");
    const expected = Array.from({ length: 160 }, (_, index) => `127.0.${Math.floor(index / 20)}.${index % 20}`);
    expect(events.map(({ name }) => name).sort()).toEqual(expected.sort());
    expect(events.filter(({ name, addresses }) => addresses.join() !== name)).toEqual([]);
  });

  it.skipIf(unavailable !== null)(`is not led astray by a call that was left for good (${library})`, async () => {
    const events = await ask("leave=slow.test", "deeper=one.test", "getaddrinfo=many.test");
    expect(events.map(({ name }) => name)).toEqual(["one.test", "many.test"]);
  });
});
