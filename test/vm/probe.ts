/**
 * Runs inside a virtual machine with the kernel under test: loads the probes,
 * makes traffic of known size and prints what was seen as one line of JSON.
 */
import { spawnSync } from "node:child_process";
import { lookup } from "node:dns/promises";
import { once } from "node:events";
import { realpathSync } from "node:fs";
import { connect } from "node:net";
import { release } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { startLibcWatch } from "../../src/helper/libc-watch.ts";
import { ADDON_FILE, ofType, openRig, type Rig } from "../native/capture-rig.ts";
import { converse, copiesOf, firstEventFromNow, helloLike, payloadsOf } from "../native/dialogue.ts";
import { bindUdp, connectTcp, listenTcp, portOf, send, write } from "../native/loopback.ts";

const HOST = "127.0.0.1";

interface Check {
  readonly title: string;
  readonly run: (rig: Rig) => Promise<boolean>;
}

const opensTo = (rig: Rig, port: number) =>
  ofType(rig.events, "flow-open").filter(({ endpoints }) => endpoints.remote.port === port);
const closeOf = (rig: Rig, cookie: unknown) =>
  ofType(rig.events, "flow-state").find((event) => event.cookie === cookie && event.newState === 7);

async function countsTcp(rig: Rig): Promise<boolean> {
  const server = await listenTcp(HOST, 0, (socket) => socket.resume().end(Buffer.alloc(7001)));
  const port = portOf(server);
  const socket = connect({ host: HOST, port });
  socket.resume().end(Buffer.alloc(30_007));
  await once(socket, "close");
  server.close();
  await rig.until(() => opensTo(rig, port).some(({ cookie }) => closeOf(rig, cookie) !== undefined));
  const [client] = opensTo(rig, port);
  const close = closeOf(rig, client?.cookie);
  return client?.owner.pid === process.pid && close?.bytesSent === 30_007 && close.bytesReceived === 7001;
}

async function ownsAccepted(rig: Rig): Promise<boolean> {
  const server = await listenTcp(HOST, 0, (socket) => socket.resume());
  const port = portOf(server);
  const socket = await connectTcp(HOST, port);
  const accepted = () =>
    ofType(rig.events, "flow-open").find(
      ({ endpoints, origin }) => endpoints.local.port === port && origin === "accept",
    );
  await rig.until(() => accepted() !== undefined);
  socket.destroy();
  server.close();
  return accepted()?.owner.pid === process.pid;
}

async function tellsRefused(rig: Rig): Promise<boolean> {
  const socket = connect({ host: HOST, port: 9 });
  await once(socket, "error");
  await rig.until(() => opensTo(rig, 9).some(({ cookie }) => closeOf(rig, cookie) !== undefined));
  return closeOf(rig, opensTo(rig, 9)[0]?.cookie)?.error === 111;
}

async function countsShortUdp(rig: Rig): Promise<boolean> {
  const server = await bindUdp("udp4", HOST, 0);
  const client = await bindUdp("udp4", HOST, 0);
  const port = portOf(server);
  await send(client, Buffer.alloc(123), port, HOST);
  await pause(20);
  client.close();
  server.close();
  const counted = () => ofType(rig.events, "flow-bytes").filter(({ endpoints }) => endpoints.remote.port === port);
  await rig.until(() => counted().some(({ bytesSent }) => bytesSent === 123));
  const ended = () =>
    ofType(rig.events, "flow-bytes").some((event) => event.isFinal && event.cookie === opensTo(rig, port)[0]?.cookie);
  await rig.until(ended);
  return opensTo(rig, port)[0]?.owner.pid === process.pid;
}

async function copiesDns(rig: Rig): Promise<boolean> {
  const server = await bindUdp("udp4", HOST, 53);
  const client = await bindUdp("udp4", HOST, 0);
  await send(client, Buffer.alloc(77, 5), 53, HOST);
  const copies = () => ofType(rig.events, "payload").filter(({ kind }) => kind === "dns-datagram");
  await rig.until(() => copies().length >= 2);
  client.close();
  server.close();
  return copies().every(({ data }) => data.length === 77 && data.every((byte) => byte === 5));
}

async function copiesHello(rig: Rig): Promise<boolean> {
  const server = await listenTcp(HOST, 0, (socket) => socket.resume());
  const port = portOf(server);
  const socket = await connectTcp(HOST, port);
  const hello = Buffer.alloc(1500, 9);
  hello.set([22, 3, 1]);
  await write(socket, hello.subarray(0, 1));
  await write(socket, hello.subarray(1));
  const pieces = () => ofType(rig.events, "payload").filter(({ endpoints }) => endpoints.remote.port === port);
  await rig.until(() => pieces().reduce((sum, { data }) => sum + data.length, 0) >= 1500);
  socket.destroy();
  server.close();
  return Buffer.concat(pieces().map(({ data }) => data)).equals(hello);
}

async function copiesRequest(rig: Rig): Promise<boolean> {
  const request = `GET / HTTP/1.1\r\nHost: a.example\r\n\r\n${"x".repeat(4000)}`;
  const talk = await converse(rig, [
    ["client", request.slice(0, 3)],
    ["client", request.slice(3)],
  ]);
  return Buffer.from(copiesOf(rig, talk).start).toString() === request.slice(0, 2048);
}

async function copiesUpgrade(rig: Rig): Promise<boolean> {
  const hello = helloLike(1500);
  const talk = await converse(rig, [
    ["server", "220 hello\r\n"],
    ["client", "STARTTLS\r\n"],
    ["server", "220 go ahead\r\n"],
    ["client", hello.slice(0, 1)],
    ["client", hello.slice(1)],
  ]);
  const { start, upgrade } = copiesOf(rig, talk);
  return start.length === 0 && Buffer.from(upgrade).equals(hello);
}

async function copiesQuic(rig: Rig): Promise<boolean> {
  const segments = [1200, 1200, 500].map((length, index) => {
    const bytes = Buffer.alloc(length, index + 1);
    bytes.set([0xc0, 0, 0, 0, 1]);
    return bytes;
  });
  const server = await bindUdp("udp4", HOST, 0);
  const talk = { port: portOf(server), firstEvent: await firstEventFromNow(rig) };
  const sender = join(process.env.TELLTALE_ROOT ?? "", "build/truth/bin/segmented-send");
  const { status } = spawnSync(sender, [HOST, String(talk.port), "1200"], { input: Buffer.concat(segments) });
  await rig.until(() => payloadsOf(rig, talk).length >= segments.length);
  server.close();
  const copies = payloadsOf(rig, talk);
  const isAsSent = copies.every(({ data, isCut }, index) => segments[index]?.equals(data) === true && !isCut);
  return status === 0 && isAsSent && copies.length === segments.length;
}

async function tellsIdleBytes(rig: Rig): Promise<boolean> {
  const server = await listenTcp(HOST, 0, (socket) => socket.resume());
  const port = portOf(server);
  const socket = await connectTcp(HOST, port);
  await write(socket, Buffer.alloc(5000));
  const counted = () => ofType(rig.events, "flow-bytes").filter(({ endpoints }) => endpoints.remote.port === port);
  await rig.until(() => counted().some(({ bytesSent }) => bytesSent === 5000));
  socket.destroy();
  server.close();
  return true;
}

async function tellsExec(rig: Rig): Promise<boolean> {
  const file = realpathSync("/bin/true");
  const { pid } = spawnSync(file, ["x"]);
  await rig.until(() => ofType(rig.events, "exit").some((event) => event.pid === pid));
  const exec = ofType(rig.events, "process").find((event) => event.pid === pid);
  return exec?.exe === file && exec.argv?.join(" ") === `${file} x`;
}

async function knowsExisting(rig: Rig): Promise<boolean> {
  const server = await listenTcp(HOST, 0, (socket) => socket.resume());
  const port = portOf(server);
  const socket = await connectTcp(HOST, port);
  const later = openRig();
  later.capture.close();
  socket.destroy();
  server.close();
  const flows = ofType(later.existing, "flow-open").filter(
    ({ endpoints, owner }) =>
      (endpoints.remote.port === port || endpoints.local.port === port) && owner.pid === process.pid,
  );
  const self = ofType(rig.existing, "process").some(({ pid, exe }) => pid === process.pid && exe === process.execPath);
  return flows.length === 2 && self;
}

async function tellsLookups(rig: Rig): Promise<boolean> {
  const watch = await startLibcWatch(ADDON_FILE, rig.capture);
  const libcs = () => watch.features().filter(({ id }) => id.startsWith("libc-lookups"));
  for (let tries = 0; tries < 250 && libcs()[0]?.isAttached !== true; tries++) await pause(20);
  const gap = libcs().find(({ isAttached }) => !isAttached);
  if (gap !== undefined) throw new Error(`${gap.id}: ${gap.reason}`);
  await lookup("name.test").catch(() => undefined); // there is nobody to answer
  const found = () => ofType(rig.events, "lookup").find(({ name }) => name === "name.test");
  await rig.until(() => found() !== undefined);
  watch.stop();
  return found()?.owner.pid === process.pid && found()?.result !== 0;
}

const CHECKS: readonly Check[] = [
  { title: "counts a TCP connection's bytes exactly", run: countsTcp },
  { title: "knows who owns an accepted connection", run: ownsAccepted },
  { title: "tells a refused connection's error", run: tellsRefused },
  { title: "counts a short UDP exchange and tells its end", run: countsShortUdp },
  { title: "copies DNS datagrams", run: copiesDns },
  { title: "copies a ClientHello of two writes", run: copiesHello },
  { title: "copies the first 2 KiB of a request of two writes", run: copiesRequest },
  { title: "copies a ClientHello of two writes after STARTTLS", run: copiesUpgrade },
  { title: "copies the datagrams of a segmented QUIC-like send", run: copiesQuic },
  { title: "tells the bytes of an idle connection", run: tellsIdleBytes },
  { title: "tells exec with executable and arguments", run: tellsExec },
  { title: "knows what was there before it", run: knowsExisting },
  { title: "tells what a C library was asked", run: tellsLookups },
];

async function judge(check: Check, rig: Rig): Promise<{ title: string; passed: boolean; detail: string | null }> {
  try {
    const passed = await check.run(rig);
    return { title: check.title, passed, detail: passed ? null : "other values than expected" };
  } catch (error) {
    return { title: check.title, passed: false, detail: error instanceof Error ? error.message : String(error) };
  }
}

async function probe() {
  const startMs = performance.now();
  const rig = openRig();
  const loadMs = Math.round(performance.now() - startMs);
  const checks = [];
  for (const check of CHECKS) checks.push(await judge(check, rig));
  const features = rig.capture.features();
  rig.capture.close();
  return { kernel: release(), loadMs, features, checks };
}

const result = await probe().catch((error: unknown) => ({ kernel: release(), error: String(error) }));
console.log(`TELLTALE-VM ${JSON.stringify(result)}`);
