/** The bytes the probes copy: DNS messages and the first flight of TLS-like streams, and nothing else. */
import { once } from "node:events";
import type { Socket } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { PayloadEvent } from "../../src/core/event/kernel-event.ts";
import { ofType, openRig, type Rig, whyNot } from "./capture-rig.ts";
import { bindUdp, connectTcp, listenTcp, portOf, send, write } from "./loopback.ts";

const reason = whyNot();
const HOST = "127.88.0.2";

/** Bytes that look like the beginning of a TLS handshake, each position told apart. */
function handshakeLike(length: number): Uint8Array {
  const bytes = Uint8Array.from({ length }, (_, index) => (index * 7 + (index >> 8)) & 255);
  bytes.set([22, 3, 1]);
  return bytes;
}

function joined(pieces: readonly PayloadEvent[]): Uint8Array {
  const length = Math.max(0, ...pieces.map(({ streamOffset, data }) => streamOffset + data.length));
  const bytes = new Uint8Array(length);
  for (const { streamOffset, data } of pieces) bytes.set(data, streamOffset);
  return bytes;
}

describe.skipIf(reason !== null)(`payload on this kernel${reason === null ? "" : ` (skipped: ${reason})`}`, () => {
  let rig: Rig;
  beforeAll(() => {
    rig = openRig();
  });
  afterAll(() => rig.capture.close());

  const payloads = (port: number, kind: PayloadEvent["kind"]) =>
    ofType(rig.events, "payload").filter(
      (event) => event.kind === kind && (event.endpoints.remote.port === port || event.endpoints.local.port === port),
    );

  async function exchange(writes: readonly Uint8Array[], onServer: (socket: Socket) => void): Promise<number> {
    const server = await listenTcp(HOST, 0, (socket) => onServer(socket.on("error", () => {})));
    const port = portOf(server);
    const socket = await connectTcp(HOST, port);
    for (const bytes of writes) await write(socket, bytes);
    await pause(30);
    socket.destroy();
    await once(socket, "close");
    server.close();
    await rig.until((events) =>
      ofType(events, "flow-state").some((e) => e.endpoints.remote.port === port && e.newState === 7),
    );
    return port;
  }

  it("copies a ClientHello of one write whole, once, from the client's side only", async () => {
    const hello = handshakeLike(1800);
    const port = await exchange([hello], (socket) => socket.resume());
    const pieces = payloads(port, "stream-start");
    expect(pieces.map(({ direction, streamOffset, isCut }) => [direction, streamOffset, isCut])).toEqual([
      ["out", 0, false],
    ]);
    expect(pieces[0]?.owner.pid).toBe(process.pid);
    expect(joined(pieces)).toEqual(hello);
  });

  it("copies a ClientHello of many writes in order, the first of one byte", async () => {
    const hello = handshakeLike(600);
    const cuts = [0, 1, 2, 5, 6, 130, 131, 400, 600];
    const writes = cuts.slice(1).map((end, index) => hello.slice(cuts[index], end));
    const port = await exchange(writes, (socket) => socket.resume());
    const pieces = payloads(port, "stream-start");
    expect(pieces.map(({ streamOffset }) => streamOffset)).toEqual(cuts.slice(0, -1));
    expect(joined(pieces)).toEqual(hello);
  });

  it("copies no more than 8 KiB, in pieces of at most 2 KiB", async () => {
    const bytes = handshakeLike(40_000);
    const port = await exchange([bytes], (socket) => socket.resume());
    const pieces = payloads(port, "stream-start");
    expect(joined(pieces)).toEqual(bytes.slice(0, 8192));
    expect(Math.max(...pieces.map(({ data }) => data.length))).toBe(2048);
  });

  it("stops when the server answers", async () => {
    const server = await listenTcp(HOST, 0, (socket) =>
      socket.once("data", () => socket.write("answer")).on("error", () => {}),
    );
    const port = portOf(server);
    const socket = await connectTcp(HOST, port);
    await write(socket, handshakeLike(300));
    await once(socket, "data");
    await write(socket, handshakeLike(500));
    socket.destroy();
    server.close();
    await rig.until((events) =>
      ofType(events, "flow-state").some((e) => e.endpoints.remote.port === port && e.newState === 7),
    );
    expect(joined(payloads(port, "stream-start"))).toHaveLength(300);
  });

  it.each([
    ["other bytes", Buffer.from("SSH-2.0-OpenSSH\r\n")],
    ["a first byte alone that fits, and a second that does not", Buffer.from([22, 9, 9, 9])],
  ])("copies nothing of %s", async (_, bytes) => {
    const port = await exchange([bytes.subarray(0, 1), bytes.subarray(1)], (socket) => socket.resume());
    const copied = payloads(port, "stream-start");
    expect(joined(copied)).toHaveLength(bytes[0] === 22 ? 1 : 0);
  });

  it.each([1, 8, 255, 256, 257, 1024, 1025, 2048])("copies a DNS datagram of %i bytes whole", async (length) => {
    const server = await bindUdp("udp4", HOST, 53);
    const client = await bindUdp("udp4", HOST, 0);
    const port = portOf(client);
    const message = handshakeLike(Math.max(length, 3)).slice(0, length);
    await send(client, message, 53, HOST);
    await rig.until(() => payloads(port, "dns-datagram").length >= 2);
    client.close();
    server.close();
    const copies = payloads(port, "dns-datagram");
    expect(copies.map(({ direction }) => direction).sort()).toEqual(["in", "out"]);
    for (const copy of copies) {
      expect(copy.data).toEqual(message);
      expect(copy).toMatchObject({ isCut: false, owner: { pid: process.pid } });
    }
  });

  it("cuts a longer datagram and says so", async () => {
    const server = await bindUdp("udp4", HOST, 53);
    const client = await bindUdp("udp4", HOST, 0);
    const port = portOf(client);
    await send(client, handshakeLike(3000), 53, HOST);
    await rig.until(() => payloads(port, "dns-datagram").length >= 2);
    client.close();
    server.close();
    expect(payloads(port, "dns-datagram").map(({ isCut, data }) => [isCut, data.length])).toEqual([
      [true, 2048],
      [true, 2048],
    ]);
  });

  it("copies both directions of DNS over TCP, on the client's and the server's side", async () => {
    const query = handshakeLike(60);
    const answer = handshakeLike(20_000);
    const server = await listenTcp(HOST, 53, (socket) => socket.once("data", () => socket.end(answer)));
    const socket = await connectTcp(HOST, 53);
    await write(socket, query.slice(0, 1));
    await write(socket, query.slice(1));
    socket.resume();
    await once(socket, "close");
    server.close();
    await rig.until(
      (events) =>
        ofType(events, "flow-state").filter((e) => e.newState === 7 && e.endpoints.remote.port === 53).length > 0,
    );
    const stream = payloads(53, "dns-stream").filter(({ endpoints }) => endpoints.remote.port === 53);
    const side = (direction: string) => joined(stream.filter((piece) => piece.direction === direction));
    expect(side("out")).toEqual(query);
    expect(side("in")).toEqual(answer.slice(0, 16_384));
  });
});
