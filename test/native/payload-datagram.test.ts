/** Datagrams that begin like QUIC, out of clients' sockets: the first of a run, each as it goes onto the wire. */
import { spawnSync } from "node:child_process";
import type { Socket } from "node:dgram";
import { once } from "node:events";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { programPath } from "../truth/programs.mjs";
import { ofType, openRig, type Rig, whyNot } from "./capture-rig.ts";
import { firstEventFromNow, payloadsOf, type Traces } from "./dialogue.ts";
import { bindUdp, portOf, send } from "./loopback.ts";

const reason = whyNot();
const HOST = "127.88.0.2";

/** A datagram with a long header of version 1, each position told apart. */
function longHeader(length: number, seed = 0): Uint8Array {
  const bytes = Uint8Array.from({ length }, (_, index) => (index * 7 + (index >> 8) + seed) & 255);
  bytes.set([0xc3, 0, 0, 0, 1].slice(0, length));
  return bytes;
}

function shortHeader(length: number): Uint8Array {
  return longHeader(length).fill(0x43, 0, 1);
}

describe.skipIf(reason !== null)(`datagrams on this kernel${reason === null ? "" : ` (skipped: ${reason})`}`, () => {
  let rig: Rig;
  beforeAll(() => {
    rig = openRig();
  });
  afterAll(() => rig.capture.close());

  /** A talk of fresh sockets; `port` is the client's. Closes them and waits for the last record. */
  async function exchange(talk: (from: Socket, to: Socket) => Promise<void>, host = HOST): Promise<Traces> {
    const firstEvent = await firstEventFromNow(rig);
    const type = host.includes(":") ? "udp6" : "udp4";
    const server = await bindUdp(type, host, 0);
    const client = await bindUdp(type, host, 0);
    const port = portOf(client);
    await talk(client, server);
    client.close();
    server.close();
    await rig.until((events) =>
      ofType(events.slice(firstEvent), "flow-bytes").some(
        ({ isFinal, endpoints }) => isFinal && endpoints.local.port === port,
      ),
    );
    return { port, firstEvent };
  }
  const tell = (host: string, from: Socket, to: Socket, bytes: Uint8Array) => send(from, bytes, portOf(to), host);
  const dataOf = (traces: Traces) => payloadsOf(rig, traces).map(({ data }) => data);

  it.each([HOST, "::1"])("copies a long header sent from %s whole, once, with its owner", async (host) => {
    const hello = longHeader(1200);
    const talk = await exchange((from, to) => tell(host, from, to, hello), host);
    expect(payloadsOf(rig, talk)).toMatchObject([
      { kind: "datagram", direction: "out", streamOffset: 0, isCut: false, owner: { pid: process.pid } },
    ]);
    expect(dataOf(talk)).toEqual([hello]);
  });

  it.each([5, 255, 256, 257, 1024, 1025, 2048])("copies %i bytes whole", async (length) => {
    const talk = await exchange((from, to) => tell(HOST, from, to, longHeader(length)));
    expect(dataOf(talk)).toEqual([longHeader(length)]);
  });

  it("cuts a longer one at 2 KiB and says so", async () => {
    const talk = await exchange((from, to) => tell(HOST, from, to, longHeader(3000)));
    expect(payloadsOf(rig, talk)).toMatchObject([{ isCut: true }]);
    expect(dataOf(talk)).toEqual([longHeader(3000).slice(0, 2048)]);
  });

  it.each([
    ["a short header", shortHeader(1200)],
    ["a list of versions", longHeader(1200).fill(0, 1, 5)],
    ["less than a version", longHeader(4)],
    ["nothing", new Uint8Array(0)],
  ])("copies nothing of %s", async (_, bytes) => {
    const talk = await exchange((from, to) => tell(HOST, from, to, bytes));
    expect(payloadsOf(rig, talk)).toEqual([]);
  });

  it("copies the first eight of a run, short headers not counted", async () => {
    const hellos = Array.from({ length: 10 }, (_, seed) => longHeader(1200, seed));
    const talk = await exchange(async (from, to) => {
      for (const hello of hellos) {
        await tell(HOST, from, to, hello);
        await tell(HOST, from, to, shortHeader(1200));
      }
    });
    expect(dataOf(talk)).toEqual(hellos.slice(0, 8));
  });

  it("looks at the first 64 datagrams of a run", async () => {
    const talk = await exchange(async (from, to) => {
      for (let sent = 0; sent < 63; sent++) await tell(HOST, from, to, shortHeader(50));
      await tell(HOST, from, to, longHeader(64));
      await tell(HOST, from, to, longHeader(65));
    });
    expect(dataOf(talk)).toEqual([longHeader(64)]);
  });

  it("counts anew for another remote", async () => {
    const other = await bindUdp("udp4", HOST, 0);
    const talk = await exchange(async (from, to) => {
      for (let seed = 0; seed < 9; seed++) await tell(HOST, from, to, longHeader(100, seed));
      await tell(HOST, from, other, longHeader(100, 99));
    });
    other.close();
    expect(dataOf(talk)).toHaveLength(9);
    expect(dataOf(talk)[8]).toEqual(longHeader(100, 99));
  });

  it("copies nothing that comes in, and nothing a server sends, to whomever", async () => {
    const third = await bindUdp("udp4", HOST, 0);
    const toThird = portOf(third);
    const talk = await exchange(async (from, to) => {
      await tell(HOST, from, to, shortHeader(40));
      await tell(HOST, to, from, longHeader(1200));
      await tell(HOST, to, third, longHeader(1200));
    });
    third.close();
    expect(payloadsOf(rig, talk)).toEqual([]);
    expect(payloadsOf(rig, { ...talk, port: toThird })).toEqual([]);
  });

  it("copies nothing a client answers to whoever spoke to it first", async () => {
    const stranger = await bindUdp("udp4", HOST, 0);
    const talk = await exchange(async (from, to) => {
      await tell(HOST, from, to, longHeader(100));
      const heard = once(from, "message");
      await tell(HOST, stranger, from, shortHeader(40));
      await heard;
      await tell(HOST, from, stranger, longHeader(200));
    });
    stranger.close();
    expect(dataOf(talk)).toEqual([longHeader(100)]);
  });

  it("takes a socket that is older than the capture for no server, whatever it hears first", async () => {
    const server = await bindUdp("udp4", HOST, 0);
    const client = await bindUdp("udp4", HOST, 0);
    const other = await bindUdp("udp4", HOST, 0);
    const later = openRig();
    const talk = { port: portOf(client), firstEvent: await firstEventFromNow(later) };
    await tell(HOST, server, client, shortHeader(40));
    await tell(HOST, client, other, longHeader(1200));
    await later.until(() => payloadsOf(later, talk).length > 0);
    for (const socket of [server, client, other]) socket.close();
    later.capture.close();
    expect(payloadsOf(later, talk).map(({ data }) => data)).toEqual([longHeader(1200)]);
  });

  describe("in segmented sends", () => {
    const sender = programPath("segmented-send");
    let target: Socket;
    let port: number;
    beforeAll(async () => {
      target = await bindUdp("udp4", HOST, 0);
      port = portOf(target);
    });
    afterAll(() => target.close());

    /** What was copied of one send, by the sender's pid. */
    async function segmented(bytes: Uint8Array, size: number) {
      const { pid, status, stderr } = spawnSync(sender, [HOST, String(port), String(size)], { input: bytes });
      if (status !== 0) throw new Error(String(stderr));
      await rig.until((events) => ofType(events, "exit").some((event) => event.pid === pid));
      return ofType(rig.events, "payload").filter(({ owner }) => owner.pid === pid);
    }

    it("copies each segment as the datagram it becomes, the last one shorter", async () => {
      const segments = [longHeader(1200, 1), longHeader(1200, 2), longHeader(700, 3)];
      const copies = await segmented(Buffer.concat(segments), 1200);
      expect(copies.map(({ data }) => data)).toEqual(segments);
      expect(copies.every(({ isCut }) => !isCut)).toBe(true);
    });

    it("copies only the segments that begin like QUIC", async () => {
      const segments = [longHeader(900, 1), shortHeader(900), longHeader(900, 2)];
      const copies = await segmented(Buffer.concat(segments), 900);
      expect(copies.map(({ data }) => data)).toEqual([segments[0], segments[2]]);
    });

    it("looks at the first four segments of a send", async () => {
      const segments = Array.from({ length: 6 }, (_, seed) => longHeader(1000, seed));
      const copies = await segmented(Buffer.concat(segments), 1000);
      expect(copies.map(({ data }) => data)).toEqual(segments.slice(0, 4));
    });

    it("copies a send that is shorter than its segment size as one datagram", async () => {
      const copies = await segmented(longHeader(800), 1200);
      expect(copies.map(({ data }) => data)).toEqual([longHeader(800)]);
    });
  });
});
