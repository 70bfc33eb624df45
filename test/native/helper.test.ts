/** The built helper as a process: whom it trusts, what it sends, what it keeps, how it ends. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { decodeFrameHeader, FRAME_HEADER_BYTES, FRAME_KIND } from "../../src/contract/helper-protocol.ts";
import { MONITOR_SOCKET } from "../../src/helper/resolver-monitor.ts";
import { ADDON_FILE, OBJECT_FILE, whyNot } from "./capture-rig.ts";

const reason = whyNot();
const HELPER_FILE = fileURLToPath(new URL("../../out/node/helper.mjs", import.meta.url));

interface Frame {
  readonly kind: number;
  readonly payload: Buffer;
}

function cutFrames(bytes: Buffer): Frame[] {
  const frames: Frame[] = [];
  for (let at = 0; at + FRAME_HEADER_BYTES <= bytes.length; ) {
    const { kind, payloadBytes } = decodeFrameHeader(bytes, at);
    const start = at + FRAME_HEADER_BYTES;
    if (start + payloadBytes > bytes.length) break;
    frames.push({ kind, payload: bytes.subarray(start, start + payloadBytes) });
    at = start + payloadBytes;
  }
  return frames;
}

/** A user's side: a folder, a listener and the helper that connects to it. */
function startHelper(dir: string, changes: readonly string[] = []) {
  const chunks: Buffer[] = [];
  let peer: Socket | undefined;
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    peer = socket;
    socket.on("data", (bytes) => chunks.push(bytes)).on("error", () => {});
  });
  const child = spawn(process.execPath, [
    HELPER_FILE,
    ...["--socket", join(dir, "s"), "--peer-uid", "0", "--object", OBJECT_FILE, "--addon", ADDON_FILE],
    ...changes, // a later option wins
  ]);
  const said: Buffer[] = [];
  child.stderr.on("data", (bytes: Buffer) => said.push(bytes));
  const exited = once(child, "close").then(([code]) => {
    server.close();
    return { code, said: Buffer.concat(said).toString() };
  });
  const frames = () => cutFrames(Buffer.concat(chunks));
  const live = async () => {
    for (let i = 0; i < 250 && !frames().some(({ kind }) => kind === FRAME_KIND.live); i++) await pause(20);
    await pause(150); // the privileges go right after
  };
  return { server, child, exited, frames, live, peer: () => peer };
}

describe.skipIf(reason !== null)(`the helper${reason === null ? "" : ` (skipped: ${reason})`}`, () => {
  let dir = "";
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), "telltale-native-"));
  });
  afterEach(() => rmSync(dir, { recursive: true, force: true }));

  async function startListening(changes: readonly string[] = []) {
    const side = startHelper(dir, changes);
    side.server.listen(join(dir, "s"));
    await once(side.server, "listening");
    return side;
  }

  it("says hello first, then what is there, then that it is live", async () => {
    const side = await startListening();
    await side.live();
    side.peer()?.end();
    expect((await side.exited).code).toBe(0);
    const kinds = side.frames().map(({ kind }) => kind);
    const { hello, cgroups, records, processArguments, hostsFile, live, stats } = FRAME_KIND;
    expect([...new Set(kinds.slice(0, kinds.indexOf(live) + 1))]).toEqual([
      hello,
      cgroups,
      records,
      processArguments,
      hostsFile,
      live,
    ]);
    expect(kinds.at(-1)).toBe(stats);
    expect(JSON.parse(side.frames()[0]?.payload.toString() ?? "")).toMatchObject({ protocolVersion: 1, abiVersion: 1 });
  });

  it("is a user that nobody else is, without capabilities but one in one thread, once it is live", async () => {
    const side = await startListening();
    await side.live();
    const tasks = `/proc/${side.child.pid}/task`;
    const fields = readdirSync(tasks).map((tid) => {
      const status = readFileSync(`${tasks}/${tid}/status`, "utf8");
      const field = (name: string) => new RegExp(`^${name}:\\s+(.*)$`, "m").exec(status)?.[1];
      return { uid: field("Uid"), permitted: field("CapPrm") };
    });
    side.child.kill("SIGTERM");
    expect((await side.exited).code).toBe(0);
    expect(new Set(fields.map(({ uid }) => uid))).toEqual(new Set([Array(4).fill("2147450881").join("\t")]));
    expect(fields.map(({ permitted }) => permitted).filter((bits) => bits !== "0000000000000000")).toEqual([
      "0000008000000000", // CAP_BPF
    ]);
  });

  it.skipIf(existsSync(dirname(MONITOR_SOCKET)))("passes on, unread, what systemd-resolved tells", async () => {
    mkdirSync(dirname(MONITOR_SOCKET), { recursive: true });
    const resolver = createServer((socket) => {
      socket.once("data", (asked) => socket.end(`you asked ${asked.length}\0`));
    }).listen(MONITOR_SOCKET);
    await once(resolver, "listening");
    const side = await startListening();
    await side.live();
    side.peer()?.end();
    expect((await side.exited).code).toBe(0);
    resolver.close();
    rmSync(dirname(MONITOR_SOCKET), { recursive: true });
    const told = side.frames().filter(({ kind }) => kind === FRAME_KIND.resolverMonitor);
    expect(Buffer.concat(told.map(({ payload }) => payload.subarray(8))).toString()).toBe("you asked 74\0");
    expect(told[0]?.payload.readBigUInt64LE(0)).toBeGreaterThan(0n);
    const features = side.frames().filter(({ kind }) => kind === FRAME_KIND.features || kind === FRAME_KIND.hello);
    const words = features.map(({ payload }) => payload.toString()).join("\n");
    expect(words).toContain('"id":"resolver-monitor","isAttached":false');
    expect(words).toContain("systemd-resolved ended the connection");
  });

  it("has a watcher of C libraries that can do little, and ends with it even when it is killed", async () => {
    const side = await startListening();
    await side.live();
    const children = readFileSync(`/proc/${side.child.pid}/task/${side.child.pid}/children`, "utf8").trim().split(" ");
    expect(children).toHaveLength(1);
    const [watcher] = children;
    const status = readFileSync(`/proc/${watcher}/status`, "utf8");
    const field = (name: string) => new RegExp(`^${name}:\\s+(.*)$`, "m").exec(status)?.[1];
    expect(field("Name")).toBe("telltale-libc-w");
    expect(field("Uid")).toBe(Array(4).fill("2147450881").join("\t"));
    // SYS_PTRACE and DAC_READ_SEARCH, with CHECKPOINT_RESTORE and PERFMON or, where that is too little, SYS_ADMIN.
    expect(["0000014000080004", "0000000000280004"]).toContain(field("CapPrm"));
    expect(field("CapBnd")).toBe(field("CapPrm"));
    expect([field("NoNewPrivs"), field("Seccomp")]).toEqual(["1", "2"]);
    side.child.kill("SIGKILL");
    await side.exited;
    const state = () => {
      try {
        return /^State:\s+(\S)/m.exec(readFileSync(`/proc/${watcher}/status`, "utf8"))?.[1];
      } catch {
        return undefined; // gone
      }
    };
    for (let i = 0; i < 100 && state() !== undefined && state() !== "Z"; i++) await pause(20);
    expect([undefined, "Z"]).toContain(state()); // Z: nobody has read its end yet
  });

  it("opens no door for a debugger when it is sent SIGUSR1", async () => {
    const side = await startListening();
    await side.live();
    side.child.kill("SIGUSR1");
    await pause(500);
    side.peer()?.end();
    expect(await side.exited).toEqual({ code: 0, said: "" }); // Node says where its debugger listens
  });

  it.each([
    ["its peer goes", (side: ReturnType<typeof startHelper>) => side.peer()?.destroy()],
    ["its peer wants no more", (side: ReturnType<typeof startHelper>) => side.peer()?.end()],
    ["it is interrupted", (side: ReturnType<typeof startHelper>) => side.child.kill("SIGINT")],
  ])("ends within a second when %s", async (_, end) => {
    const side = await startListening();
    await side.live();
    const startMs = performance.now();
    end(side);
    expect((await side.exited).code).toBe(0);
    expect(performance.now() - startMs).toBeLessThan(1000);
  });

  it("refuses a folder that others may enter", async () => {
    chmodSync(dir, 0o755);
    const side = await startListening();
    expect(await side.exited).toMatchObject({ code: 3, said: expect.stringContaining("open to others") });
    expect(side.peer()).toBeUndefined();
  });

  it("refuses a folder of another user", async () => {
    chownSync(dir, 65534, 65534);
    const side = await startListening();
    expect(await side.exited).toMatchObject({ code: 3, said: expect.stringContaining("belongs to user 65534") });
  });

  it("refuses a listener of another user in the right folder", async () => {
    chownSync(dir, 65534, 65534); // root may listen in it all the same
    const side = await startListening(["--peer-uid", "65534"]);
    expect(await side.exited).toMatchObject({ code: 3, said: expect.stringContaining("listened on by user 0") });
    expect(side.frames()).toEqual([]);
  });

  it("refuses a socket nobody listens on, and a command line it does not know", async () => {
    const unheard = startHelper(dir);
    expect((await unheard.exited).code).toBe(3);
    const misused = startHelper(dir, ["--peer-uid", "root"]);
    expect(await misused.exited).toMatchObject({ code: 2, said: expect.stringContaining("usage:") });
  });

  it("says on the socket why it cannot capture", async () => {
    const side = await startListening(["--object", join(dir, "missing.o")]);
    const { code } = await side.exited;
    expect(code).toBe(4);
    expect(side.frames().map(({ kind }) => kind)).toEqual([FRAME_KIND.failure]);
    expect(JSON.parse(side.frames()[0]?.payload.toString() ?? "")).toMatchObject({
      code: "load-failed",
      detail: expect.stringContaining("missing.o"),
    });
  });
});
