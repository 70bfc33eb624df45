import { once } from "node:events";
import { linkSync, mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { FRAME_KIND } from "../../../src/contract/helper-protocol.ts";
import { createPieceQueue, watchResolver } from "../../../src/helper/resolver-monitor.ts";
import { collectFrames } from "./collect-frames.ts";

describe("systemd-resolved's monitor", () => {
  let dir = "";
  let server: Server | undefined;
  let peer: Promise<Socket>;
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), "telltale-unit-"));
  });
  afterEach(() => {
    server?.close();
    rmSync(dir, { recursive: true });
  });

  const options = () => ({ socketFile: join(dir, "monitor"), bootTimeNs: () => 5, nowMs: () => 0 });

  async function listen() {
    server = createServer().listen(join(dir, "monitor"));
    peer = once(server, "connection").then(([socket]) => socket);
    await once(server, "listening");
  }

  it("is no feature at all where systemd-resolved does not run", async () => {
    const monitor = await watchResolver(options());
    const { writer, frames } = collectFrames();
    await monitor.send(writer);
    expect(monitor.features()).toEqual([]);
    expect(frames).toEqual([]);
  });

  it("subscribes, and passes on unread what it is told", async () => {
    await listen();
    const monitor = await watchResolver(options());
    expect(monitor.features()).toMatchObject([{ id: "resolver-monitor", isAttached: true, reason: null }]);
    const socket = await peer;
    const [asked] = await once(socket, "data");
    expect(asked.toString()).toBe('{"method":"io.systemd.Resolve.Monitor.SubscribeQueryResults","more":true}\0');
    socket.write('{"parameters":{}}\0{"half');
    const { writer, frames } = collectFrames();
    while (frames.length === 0) {
      await new Promise(setImmediate);
      await monitor.send(writer);
    }
    expect(frames).toEqual([{ kind: FRAME_KIND.resolverMonitor, timeNs: 5, text: '{"parameters":{}}\0{"half' }]);
    socket.destroy();
  });

  it("says once that it ended, after the last it was told", async () => {
    await listen();
    const monitor = await watchResolver(options());
    monitor.features();
    (await peer).end("bye");
    const { writer, frames } = collectFrames();
    while (!frames.some(({ kind }) => kind === FRAME_KIND.features)) {
      await new Promise(setImmediate);
      await monitor.send(writer);
    }
    await monitor.send(writer);
    expect(frames).toMatchObject([
      { kind: FRAME_KIND.resolverMonitor, text: "bye" },
      { kind: FRAME_KIND.features, value: [{ id: "resolver-monitor", isAttached: false }] },
    ]);
  });

  it("says why it cannot be had where the socket is there and nobody listens", async () => {
    await listen();
    const file = join(dir, "monitor");
    // A socket file outlives a resolver that was killed; closing a server would remove it.
    linkSync(file, `${file}2`);
    server?.close();
    const monitor = await watchResolver({ ...options(), socketFile: `${file}2` });
    expect(monitor.features()).toMatchObject([{ isAttached: false, reason: expect.stringContaining("ECONNREFUSED") }]);
  });
});

describe("what waits to be passed on", () => {
  it("is let in up to half a MiB a second, and the rest is counted", () => {
    let nowMs = 0;
    const queue = createPieceQueue(() => nowMs);
    const piece = () => ({ timeNs: 1, bytes: new Uint8Array(200 * 1024) });
    for (let i = 0; i < 3; i++) queue.add(piece());
    expect(queue.droppedBytes()).toBe(200 * 1024);
    expect(queue.takeAll()).toHaveLength(2);
    queue.add(piece());
    expect(queue.takeAll()).toEqual([]);
    nowMs = 1000;
    queue.add(piece());
    expect(queue.takeAll()).toHaveLength(1);
  });

  it("never holds more than a MiB, however long nobody takes it", () => {
    let nowMs = 0;
    const queue = createPieceQueue(() => nowMs);
    for (let i = 0; i < 100; i++) {
      queue.add({ timeNs: 1, bytes: new Uint8Array(100 * 1024) });
      nowMs += 1000;
    }
    expect(queue.takeAll()).toHaveLength(10);
  });
});
