/** Sockets beyond TCP and UDP, and sockets used by another process than the one that opened them. Root and BTF needed. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { rmSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ofType, openRig, type Rig, whyNot } from "./capture-rig.ts";
import { compile, hasCompiler, makeFolder } from "./compile.ts";
import { connectTcp } from "./loopback.ts";

const reason = whyNot() ?? (hasCompiler("cc") ? null : "no C compiler");
const HOST = "127.88.0.3";
const RAW_253 = 0x1000 | 253;
const PACKET_UDP = 0x2000 | 17;
const FRAME_ARP = 0x1_0000 | 0x0806;

describe.skipIf(reason !== null)(`other sockets${reason === null ? "" : ` (skipped: ${reason})`}`, () => {
  let rig: Rig;
  let dir: string;
  let rawTraffic: string;
  let handover: string;
  beforeAll(() => {
    dir = makeFolder();
    rawTraffic = compile("cc", dir, ["test/fixtures/programs/raw-traffic.c"], []);
    handover = compile("cc", dir, ["test/fixtures/programs/handover.c"], []);
    rig = openRig();
  });
  afterAll(() => {
    rig.capture.close();
    rmSync(dir, { recursive: true });
  });

  /** Runs to its end; its pid. */
  async function run(...command: readonly string[]): Promise<number> {
    const [file = "", ...args] = command;
    const child = spawn(file, args, { stdio: ["ignore", "ignore", "inherit"] });
    const [status] = await once(child, "exit");
    expect(status).toBe(0);
    return child.pid ?? 0;
  }
  /** Without the UDP socket by which these programs learn their own address. */
  const ofOwner = (pid: number) =>
    ofType(rig.events, "flow-open").filter(({ owner, endpoints }) => owner.pid === pid && endpoints.protocol !== 17);
  const finalOf = (cookie: unknown) =>
    ofType(rig.events, "flow-bytes").find((event) => event.cookie === cookie && event.isFinal);

  it.each([HOST, "::1"])("counts a raw socket's pings and the answers meant for it, to %s", async (host) => {
    const pid = await run(rawTraffic, `icmp=${host},4,56`);
    await rig.until(() => finalOf(ofOwner(pid)[0]?.cookie) !== undefined);
    const [opened] = ofOwner(pid);
    expect(opened).toMatchObject({ direction: "out", endpoints: { remote: { address: host, port: 0 } } });
    expect([1, 58]).toContain(opened?.endpoints.protocol);
    const counts = { bytesSent: 256, bytesReceived: 256, packetsSent: 4, packetsReceived: 4 };
    expect(finalOf(opened?.cookie)).toMatchObject(counts);
  });

  it("tells a protocol of a program's own with its number, and whose it is", async () => {
    const echo = spawn(rawTraffic, [`rawecho=${HOST},253,2,30`], { stdio: ["ignore", "pipe", "inherit"] });
    await once(echo.stdout, "data");
    const [pid] = await Promise.all([run(rawTraffic, `raw=${HOST},253,2,50`), once(echo, "exit")]);
    await rig.until(() => finalOf(ofOwner(echo.pid ?? 0)[0]?.cookie) !== undefined);
    expect(ofOwner(pid)[0]?.endpoints).toMatchObject({ protocol: RAW_253, remote: { address: HOST, port: 0 } });
    expect(ofOwner(echo.pid ?? 0)[0]).toMatchObject({ direction: "in", endpoints: { protocol: RAW_253 } });
  });

  it("sees what packet sockets send, as IP where it is", async () => {
    const pid = await run(rawTraffic, `inject=lo,${HOST},${HOST},7912,3,100`, `arp=lo,${HOST},2`);
    const counted = () => ofType(rig.events, "flow-bytes").filter(({ cookie }) => cookies().has(cookie));
    const cookies = () => new Set(ofOwner(pid).map(({ cookie }) => cookie));
    await rig.until(() => counted().some(({ packetsSent }) => packetsSent === 2) && counted().length >= 5);
    const [udp, arp] = ofOwner(pid).map(({ endpoints }) => endpoints);
    expect(udp).toMatchObject({ protocol: PACKET_UDP, remote: { address: HOST, port: 7912 } });
    expect(arp).toMatchObject({ protocol: FRAME_ARP, remote: { address: "ff:ff:ff:ff:ff:ff" } });
    expect(counted().find(({ packetsSent }) => packetsSent === 3)?.bytesSent).toBe(3 * 128);
  });

  it("goes by what a frame says of itself, not by what its program tells the kernel", async () => {
    const pid = await run(rawTraffic, `disguise=lo,${HOST},7913,100`);
    await rig.until(() => ofOwner(pid).length > 0);
    const [opened] = ofOwner(pid);
    expect(opened?.endpoints).toMatchObject({ protocol: PACKET_UDP, remote: { address: HOST, port: 7913 } });
    const counts = () => ofType(rig.events, "flow-bytes").find(({ cookie }) => cookie === opened?.cookie);
    await rig.until(() => counts() !== undefined);
    expect(counts()?.bytesSent).toBe(128);
  });

  it("bounds what a packet socket may cost that sends everywhere, and counts what it leaves out", async () => {
    const lost = () => rig.capture.stats().lost[1] ?? 0;
    const before = lost();
    const pid = await run(rawTraffic, `scatter=lo,${HOST},20000,6000`);
    await rig.until(() => lost() > before);
    const told = ofOwner(pid).length;
    expect(told).toBeGreaterThanOrEqual(256);
    expect(told).toBeLessThan(6000);
    expect(told + lost() - before).toBe(6000);
  });

  it("loses nothing of a packet socket that had to make room for others", async () => {
    const pid = await run(rawTraffic, `crowd=lo,${HOST},7914,2200`);
    await rig.until(() => ofOwner(pid).length >= 2);
    const first = ofOwner(pid)[0]?.cookie;
    const runs = new Map<number, number>();
    const counts = () => {
      for (const { cookie, run: number, packetsSent } of ofType(rig.events, "flow-bytes")) {
        if (cookie === first) runs.set(number, Math.max(runs.get(number) ?? 0, packetsSent));
      }
      return [...runs.values()].reduce((sum, packets) => sum + packets, 0);
    };
    await rig.until(() => counts() === 6);
    expect([...runs.keys()]).toEqual([...runs.keys()].toSorted((a, b) => a - b));
    expect(runs.size).toBe(2);
  });

  it("bounds what a datagram socket may cost that two processes use in turn, and counts what it leaves out", async () => {
    const lost = () => rig.capture.stats().lost[10] ?? 0;
    const before = lost();
    await run(handover, `inturn=${HOST},7928,4000`);
    const told = () =>
      ofType(rig.events, "flow-owner").filter(({ endpoints }) => endpoints.remote.port === 7928).length;
    await rig.until(() => told() > 0 && lost() > before);
    expect(told()).toBeGreaterThanOrEqual(256);
    expect(told()).toBeLessThan(7999);
    expect(told() + lost() - before).toBe(7999);
  });

  it("tells which worker uses a connection its master's listener accepted", async () => {
    const master = spawn(handover, [`prefork=${HOST},7927,2,10,20`], { stdio: ["ignore", "pipe", "inherit"] });
    await once(master.stdout, "data");
    for (let index = 0; index < 2; index += 1) {
      const socket = await connectTcp(HOST, 7927);
      socket.write(Buffer.alloc(10));
      await once(socket, "data");
      socket.destroy();
    }
    const used = () =>
      ofType(rig.events, "flow-owner").filter(
        ({ endpoints }) => endpoints.local.port === 7927 && endpoints.remote.port,
      );
    await rig.until(() => used().length >= 2);
    expect(used().map(({ wasUsed }) => wasUsed)).toEqual([false, false]);
    expect(new Set(used().map(({ owner }) => owner.pid)).has(master.pid ?? 0)).toBe(false);
    master.kill();
  });
});
