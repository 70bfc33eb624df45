// @ts-check
/** Programs and peers that mean harm: names that attack the screen, bytes that attack the parsers. */
import { createHash } from "node:crypto";
import dgram from "node:dgram";
import { chmodSync, copyFileSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import net from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startRecording } from "../truth/capture.mjs";
import { endAll, pause, start } from "../truth/children.mjs";
import { programPath } from "../truth/programs.mjs";
import { flowsOf, telltale } from "./command-line.mjs";

const isRoot = process.getuid?.() === 0;
const ADDRESS = "127.77.0.53"; // loopback, and nobody else's
const directory = mkdtempSync(path.join(tmpdir(), "telltale-hostile-"));
const recording = path.join(directory, "hostile.telltale");
/* a terminal's clear-screen, a line break, markup and a right-to-left override */
const EVIL_NAME = "evil\u001b[2J\nstatus: 0\u202e<img src=x onerror=alert(1)>";
/** Of a name: what neither a terminal nor a page takes for anything but text. */
const PRINTABLE = /^[!-;=?-~]{1,1024}$/;
const ROUNDS = 400;
const NAMED_PORT = 27_101; // below the ports the kernel gives away

/** The same bytes in every run: SHA-256 of a counter. @param {number} round @param {number} length */
function noise(round, length) {
  const blocks = Array.from({ length: Math.ceil(length / 32) }, (_, block) =>
    createHash("sha256").update(`${round}/${block}`).digest(),
  );
  return Buffer.concat(blocks).subarray(0, length);
}

/** A DNS answer whose numbers promise more than it holds, with a name that points at itself. @param {number} round */
function evilAnswer(round) {
  const header = Buffer.from([round >> 8, round & 255, 0x81, 0x80, 0, 1, 255, 255, 255, 255, 255, 255]);
  const loop = Buffer.from([0xc0, 12, 0, 1, 0, 1]);
  return Buffer.concat([header, round % 2 === 0 ? loop : Buffer.alloc(0), noise(round, round % 480)]);
}

/** An A record as it should be, for a name of any bytes. @param {readonly string[]} labels @param {number} lastByte */
function answer(labels, lastByte) {
  const name = labels.map((label) => Buffer.concat([Buffer.from([label.length]), Buffer.from(label, "latin1")]));
  const header = Buffer.from([0x74, 0x74, 0x81, 0x80, 0, 1, 0, 1, 0, 0, 0, 0]);
  const question = Buffer.concat([...name, Buffer.from([0, 0, 1, 0, 1])]);
  return Buffer.concat([
    header,
    question,
    Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 127, 77, 0, lastByte]),
  ]);
}

/** Names that resolve to 127.77.0.N, where a connection follows. */
const NAMES = [
  { labels: ["fine", "example"], lastByte: 101 },
  { labels: ["\u001b[2J\u0007", "<img src=x onerror=alert(1)>", "example"], lastByte: 102 },
  { labels: ["with.dot\u0000\n", "example"], lastByte: 103 },
];

/** This process asks, is answered by itself, and connects to the answers. */
async function connectByEvilNames() {
  const server = dgram.createSocket("udp4");
  const client = dgram.createSocket("udp4");
  await new Promise((resolve) => server.bind(53, ADDRESS, () => resolve(undefined)));
  const listener = net.createServer((socket) => socket.end());
  await new Promise((resolve) => listener.listen(NAMED_PORT, "0.0.0.0", () => resolve(undefined)));
  for (const { labels, lastByte } of NAMES) {
    const message = answer(labels, lastByte);
    server.once("message", (_question, { port, address }) => server.send(message, port, address));
    const question = Buffer.concat([message.subarray(0, message.length - 16)]);
    question.writeUInt16BE(0x0100, 2);
    question.writeUInt16BE(0, 6);
    await new Promise((resolve) => {
      client.once("message", resolve);
      client.send(question, 53, ADDRESS);
    });
    await new Promise((resolve) => {
      const socket = net.connect({ host: `127.77.0.${lastByte}`, port: NAMED_PORT }).resume();
      socket.on("close", resolve).on("error", resolve);
    });
  }
  for (const each of [server, client, listener]) each.close();
}

async function speakEvilDns() {
  const server = dgram.createSocket("udp4");
  const client = dgram.createSocket("udp4");
  await new Promise((resolve) => server.bind(53, ADDRESS, () => resolve(undefined)));
  server.on("message", (_question, { port, address }) => server.send(evilAnswer(port), port, address));
  for (let round = 0; round < ROUNDS; round++) {
    const message = round % 3 === 0 ? noise(round, round % 512) : evilAnswer(round);
    client.send(message, 53, ADDRESS);
    if (round % 20 === 0) await pause(1);
  }
  await pause(50);
  server.close();
  client.close();
}

/** ClientHellos that lie about every length in them. */
async function speakEvilTls() {
  const server = net.createServer((socket) => socket.on("error", () => undefined).resume());
  await new Promise((resolve) => server.listen(0, ADDRESS, () => resolve(undefined)));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no address");
  const once = (/** @type {number} */ round) =>
    new Promise((resolve) => {
      const hello = noise(round, 60 + round);
      Buffer.from([22, 3, 1, round & 255, 255 - (round & 255), 1, 0, round & 255, 255, 3, 3]).copy(hello);
      const socket = net.connect({ host: ADDRESS, port: address.port }, () => socket.end(hello));
      socket.on("close", resolve).on("error", resolve);
    });
  await Promise.all(Array.from({ length: 60 }, (_, round) => once(round)));
  server.close();
}

async function runEvilProgram() {
  const evil = path.join(directory, EVIL_NAME);
  copyFileSync(programPath("traffic"), evil);
  chmodSync(evil, 0o755);
  const server = start([programPath("traffic", "hostile-server"), `listen=${ADDRESS},0`, "serve=1,50,60"]);
  const { at } = await server.line((line) => line.listening === true);
  await start([evil, `tcp=${ADDRESS},${at.port}`, "send=50", "receive=60", "close"]).succeeded();
  await server.succeeded();
}

describe.skipIf(!isRoot)("hostile bytes (needs root)", () => {
  beforeAll(async () => {
    const { stop } = await startRecording(recording);
    await speakEvilDns();
    await speakEvilTls();
    await connectByEvilNames();
    await runEvilProgram();
    await pause(300);
    await stop();
  });
  afterAll(() => {
    endAll();
    rmSync(directory, { recursive: true, force: true });
  });

  test("in DNS and TLS end nothing: later flows are there, with their bytes", () => {
    const { status, stdout, stderr } = telltale("replay", recording, "--json");
    expect(status).toBe(0);
    expect(stderr).toBe("");
    const evil = flowsOf(stdout).filter((flow) => flow.process?.exe?.endsWith(EVIL_NAME) === true);
    expect(evil).toHaveLength(1);
    expect(evil[0]).toMatchObject({ bytesSent: 50, bytesReceived: 60, state: "closed", direction: "outbound" });
  });

  test("in names reach nobody as they are", () => {
    const flows = flowsOf(telltale("replay", recording, "--json").stdout);
    const named = flows.filter((flow) => flow.remote.port === NAMED_PORT && flow.direction === "outbound");
    expect(named).toHaveLength(NAMES.length);
    expect(named.find((flow) => flow.remote.address === "127.77.0.101")?.destination.name).toBe("fine.example");
    for (const flow of flows) {
      for (const { name } of flow.destination.evidence) expect(name).toMatch(PRINTABLE);
      if (flow.destination.name !== null) expect(flow.destination.name).toMatch(PRINTABLE);
    }
  });

  test("in a program's name reach no terminal and no page as they are", () => {
    const table = telltale("replay", recording, "--table").stdout;
    expect(table).toContain("evil");
    for (const evil of ["\u001b", "\u202e"]) expect(table).not.toContain(evil);
    expect(table).not.toMatch(/^status: 0/m);
    const { stdout: html, status } = telltale("report", recording, "--format", "html");
    expect(status).toBe(0);
    expect(html).toContain("evil");
    for (const evil of ["<img", "\u001b", "\u202e"]) expect(html).not.toContain(evil);
    expect(readFileSync(recording, "latin1")).toContain("onerror=alert(1)"); // it was really there
  });
});
