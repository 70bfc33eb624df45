/** Flows as the kernel tells them: owner, ends, state and exact byte counts. Root and BTF needed. */
import { once } from "node:events";
import { connect } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { SocketCookie } from "../../src/core/model/ids.ts";
import { ofType, openRig, type Rig, whyNot } from "./capture-rig.ts";
import { bindUdp, connectTcp, listenTcp, portOf, send, write } from "./loopback.ts";

const reason = whyNot();
const HOST = "127.88.0.1";

describe.skipIf(reason !== null)(`flows on this kernel${reason === null ? "" : ` (skipped: ${reason})`}`, () => {
  let rig: Rig;
  beforeAll(() => {
    rig = openRig();
  });
  afterAll(() => rig.capture.close());

  const opensTo = (port: number) =>
    ofType(rig.events, "flow-open").filter(({ endpoints }) => endpoints.remote.port === port);
  const closes = (cookie: SocketCookie | undefined) =>
    ofType(rig.events, "flow-state").filter((event) => event.cookie === cookie && event.newState === 7);

  it("attaches every program", () => {
    expect(rig.capture.features().filter(({ isAttached }) => !isAttached)).toEqual([]);
  });

  it.each([HOST, "::1"])("tells both ends of a connection, and counts its bytes exactly, on %s", async (host) => {
    const server = await listenTcp(host, 0, (socket) => socket.on("data", () => {}).end(Buffer.alloc(70_001)));
    const port = portOf(server);
    const socket = connect({ host, port });
    socket.end(Buffer.alloc(300_007));
    socket.resume();
    await once(socket, "close");
    server.close();
    const accepted = () => ofType(rig.events, "flow-open").find((event) => event.endpoints.local.port === port);
    await rig.until(() => {
      const [client] = opensTo(port);
      const other = accepted();
      return (
        client !== undefined && other !== undefined && closes(client.cookie).length + closes(other.cookie).length === 2
      );
    });
    const [client] = opensTo(port);
    expect(client).toMatchObject({ origin: "connect", direction: "out", owner: { pid: process.pid, uid: 0 } });
    expect(accepted()).toMatchObject({ origin: "accept", direction: "in", owner: { pid: process.pid } });
    expect(closes(client?.cookie)).toMatchObject([{ bytesSent: 300_007, bytesReceived: 70_001, error: 0 }]);
    expect(closes(accepted()?.cookie)).toMatchObject([{ bytesSent: 70_001, bytesReceived: 300_007 }]);
  });

  it("tells a refused connection with its error", async () => {
    const server = await listenTcp(HOST, 0, () => {});
    const port = portOf(server);
    server.close();
    await once(server, "close");
    const socket = connect({ host: HOST, port });
    await once(socket, "error");
    await rig.until(() => opensTo(port).some(({ cookie }) => closes(cookie).length > 0));
    const [attempt] = opensTo(port);
    expect(closes(attempt?.cookie)).toMatchObject([{ error: 111, bytesSent: 0, oldState: 2 }]);
  });

  it("tells an attempt that ended before its first packet", async () => {
    // A TCP connection to a group of hosts: refused within connect(), without a change of state.
    const socket = connect({ host: "224.0.0.1", port: 4099 });
    await once(socket, "error");
    await rig.until(() => opensTo(4099).some(({ cookie }) => closes(cookie).length > 0));
    expect(opensTo(4099)[0]).toMatchObject({ origin: "connect", owner: { pid: process.pid } });
  });

  it("tells the bytes of an open, idle connection", async () => {
    const server = await listenTcp(HOST, 0, (socket) => socket.on("data", () => {}));
    const port = portOf(server);
    const socket = await connectTcp(HOST, port);
    await write(socket, Buffer.alloc(5000));
    const counted = () => {
      const cookie = opensTo(port)[0]?.cookie;
      return ofType(rig.events, "flow-bytes").filter((event) => event.cookie === cookie);
    };
    await rig.until(() => counted().some(({ bytesSent }) => bytesSent === 5000));
    expect(counted().at(-1)).toMatchObject({ bytesSent: 5000, bytesReceived: 0, run: 0 });
    socket.destroy();
    server.close();
  });

  it("counts datagrams of one server socket a remote, in runs", async () => {
    const server = await bindUdp("udp4", HOST, 0);
    const clients = [await bindUdp("udp4", HOST, 0), await bindUdp("udp4", HOST, 0)];
    for (let round = 0; round < 3; round++) {
      for (const [index, client] of clients.entries()) {
        await send(client, Buffer.alloc(100 * (index + 1)), portOf(server), HOST);
        await send(server, Buffer.alloc(7), portOf(client), HOST);
      }
    }
    await pause(50);
    const ports = clients.map(portOf);
    const serverPort = portOf(server);
    for (const socket of [server, ...clients]) socket.close();
    const ofServer = () =>
      ofType(rig.events, "flow-bytes").filter((event) => event.endpoints.local.port === serverPort);
    await rig.until(() => ofServer().some(({ isFinal }) => isFinal));
    const totals = ports.map((port) => {
      const runs = new Map<number, { sent: number; received: number }>();
      for (const event of ofServer().filter(({ endpoints }) => endpoints.remote.port === port)) {
        const before = runs.get(event.run) ?? { sent: 0, received: 0 };
        const sent = Math.max(before.sent, event.bytesSent);
        runs.set(event.run, { sent, received: Math.max(before.received, event.bytesReceived) });
      }
      const all = [...runs.values()];
      return [all.reduce((sum, { sent }) => sum + sent, 0), all.reduce((sum, { received }) => sum + received, 0)];
    });
    expect(totals).toEqual([
      [21, 300],
      [21, 600],
    ]);
    const opened = ofType(rig.events, "flow-open").filter((event) => event.endpoints.local.port === serverPort);
    expect(opened[0]).toMatchObject({ origin: "packet", direction: "in", owner: { pid: process.pid } });
  });

  it("takes an IPv4 destination written as IPv6 for the IPv4 it is", async () => {
    const server = await bindUdp("udp4", HOST, 0);
    const client = await bindUdp("udp6", "::", 0);
    await send(client, Buffer.alloc(12), portOf(server), `::ffff:${HOST}`);
    const port = portOf(server);
    await rig.until(() => opensTo(port).length > 0);
    await pause(50);
    client.close();
    server.close();
    await rig.until(() =>
      ofType(rig.events, "flow-bytes").some((event) => event.endpoints.remote.port === port && event.isFinal),
    );
    expect(opensTo(port).map(({ endpoints }) => endpoints.remote.address)).toEqual([HOST]);
  });

  it("knows connections that are older than it, in their owner's name", async () => {
    const server = await listenTcp(HOST, 0, () => {});
    const socket = await connectTcp(HOST, portOf(server));
    const later = openRig();
    const port = portOf(server);
    const older = ofType(later.existing, "flow-open").filter(
      ({ endpoints }) => endpoints.remote.port === port || endpoints.local.port === port,
    );
    later.capture.close();
    socket.destroy();
    server.close();
    expect(older).toHaveLength(2);
    expect(older[0]).toMatchObject({ origin: "existing", tcpState: 1, owner: { pid: process.pid } });
  });
});
