// @ts-check
/** Names in the window: internationalised ones that lie, lookups that led nowhere, and reverse lookups on a click. */
import dgram from "node:dgram";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import dnsPacket from "dns-packet";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { electronRuntime } from "../../scripts/setup/electron-runtime.mjs";
import { missingBuild, startRecording } from "../truth/capture.mjs";
import { pause } from "../truth/children.mjs";
import { NO_SUCH_NAME } from "../truth/hosts.mjs";
import { scrubRecording } from "../truth/scrub-recording.mjs";
import { World } from "../truth/world.mjs";
import { mountedCommand, telltale } from "./command-line.mjs";
import { openDisplay } from "./display.mjs";
import { openWindow, photograph, textOf, writeWrapper } from "./window.mjs";

const isRoot = process.getuid?.() === 0;
const DNS = "10.77.0.53";
const PORT = 443;
/* TEST-NET-2 (RFC 5737): they live in our namespaces only */
const MUNICH = { name: "xn--mnchen-3ya.example", address: "198.51.100.30" };
/* five Cyrillic letters that are drawn like the name of a well-known company */
const FAKE = { name: "xn--80ak6aa92e.com", address: "198.51.100.31" };
const PREFETCHED = { name: "prefetched.example", address: "198.51.100.32" };
const BARE = "198.51.100.33";
const RESOLVER = "127.77.0.54"; // loopback, and nobody else's
const APPEAR_MS = 15_000;

const directory = mkdtempSync(path.join(tmpdir(), "telltale-names-"));
const recording = path.join(directory, "names.telltale");

/** @type {World} */
let world;
/** @type {Awaited<ReturnType<typeof openDisplay>>} */
let display;
/** @type {Awaited<ReturnType<typeof openWindow>>} */
let window;
/** @type {string[]} */
const questions = [];
const resolver = dgram.createSocket("udp4");

/** A resolver whose owner of BARE gives markup, a terminal escape and then a real name. */
async function serveReverseNames() {
  resolver.on("message", (message, { port, address }) => {
    const { id, questions: asked = [] } = dnsPacket.decode(message);
    const name = asked[0]?.name ?? "";
    questions.push(name);
    const owner = ["<img src=x>.example", "\u001b[2J.example", "Edge-33.Owner.Example"];
    const answers = owner.map((data) => ({ type: /** @type {const} */ ("PTR"), name, ttl: 60, data }));
    resolver.send(dnsPacket.encode({ type: "response", id: id ?? 0, questions: asked, answers }), port, address);
  });
  await new Promise((resolve) => resolver.bind(53, RESOLVER, () => resolve(undefined)));
}

/** @param {string} program @param {string} address @param {readonly string[]} steps */
async function contact(program, address, steps) {
  const server = world.traffic(`${program}-server`, [`listen=${address},${PORT}`, "serve=1,200,300"], "server");
  await server.line((line) => line.listening === true);
  await world.traffic(program, [...steps, "send=200", "receive=300", "close"]).succeeded();
  await server.succeeded();
}

async function record() {
  const { stop } = await startRecording(recording);
  await contact("browser", MUNICH.address, [`ask=${MUNICH.name},${DNS}`, `tcp=answer,${PORT}`]);
  await contact("lured", FAKE.address, [`ask=${FAKE.name},${DNS}`, `tcp=answer,${PORT}`]);
  await contact("silent", BARE, [`tcp=${BARE},${PORT}`]);
  await world.traffic("curious", [`ask=${PREFETCHED.name},${DNS}`, `askinvain=${NO_SUCH_NAME},${DNS},3`]).succeeded();
  await pause(300);
  await stop();
  // As if the servers were elsewhere: of a program of this machine no reverse name is asked.
  scrubRecording(recording, recording, ["browser", "lured", "silent", "curious"]);
}

describe.skipIf(!isRoot)("names in the window (needs root)", () => {
  beforeAll(async () => {
    const missing = missingBuild();
    if (missing !== undefined) throw new Error(missing);
    const bare = ["bare-address.example", BARE];
    world = new World([...[MUNICH, FAKE, PREFETCHED].map(({ name, address }) => [name, address]), bare].map(pair));
    await world.open();
    await record();
    await serveReverseNames();
    display = await openDisplay();
    const { path: electron } = await electronRuntime();
    const resolverFile = path.join(directory, "resolv.conf");
    writeFileSync(resolverFile, `nameserver ${RESOLVER}\n`);
    const command = mountedCommand(`mount --bind ${resolverFile} /etc/resolv.conf`, `exec "$@"`, electron);
    window = await openWindow({
      electron: writeWrapper(path.join(directory, "electron"), command),
      display: display.display,
      args: ["--replay", recording],
    });
    await window.page.getByTestId("status-bar").getByText("played to the end").waitFor({ timeout: APPEAR_MS });
  });
  afterAll(async () => {
    await window?.close();
    display?.close();
    world?.close();
    resolver.close();
    rmSync(directory, { recursive: true, force: true });
  });

  /** @param {readonly string[]} names @returns {readonly [string, string]} */
  const pair = ([name = "", address = ""]) => [name, address];
  /** @param {string} label */
  const program = (label) => window.page.locator(`[data-testid="program-row"][data-label="${label}"]`);
  /** @param {string} label */
  const destination = (label) => window.page.locator(`[data-testid="destination-row"][data-label="${label}"]`);
  const inspector = () => textOf(window.page.getByTestId("inspector"));

  test("are shown as people write them where that is safe", async () => {
    await program("browser").click();
    await destination(MUNICH.name).waitFor({ timeout: APPEAR_MS });
    expect(await inspector()).toContain("münchen.example");
    await photograph(window.application, window.page, "names-international");
  });

  test("stay as they are sent where they could pass for others, on every surface", async () => {
    await program("lured").click();
    await destination(FAKE.name).click();
    await expect.poll(inspector).toContain("its letters could pass for others");
    expect(await inspector()).toContain(FAKE.name);
    const table = telltale("replay", recording).stdout;
    const html = telltale("report", recording).stdout;
    const page = (await window.page.textContent("body")) ?? "";
    for (const text of [page, table, html]) {
      expect(text).toContain(FAKE.name);
      expect(text).toContain("münchen.example");
      expect(text).not.toMatch(/\p{sc=Cyrillic}/u);
    }
  });

  test("are found by what is shown and by what is sent", async () => {
    for (const query of ["münchen", "xn--mnchen"]) {
      await window.page.getByTestId("search").fill(query);
      await expect.poll(() => program("lured").count()).toBe(0);
      expect(await program("browser").count()).toBe(1);
    }
    await window.page.getByTestId("search").fill("");
  });

  test("that were asked for in vain, or never contacted, are listed for the program", async () => {
    await window.page.getByTestId("search").fill("curious");
    await program("curious").click();
    const rows = window.page.getByTestId("lookup-row");
    await expect.poll(() => textOf(rows)).toContain(NO_SUCH_NAME);
    expect(await textOf(rows)).toContain("no such name");
    await window.page.getByTestId("lookups-unfollowed").click();
    await expect.poll(() => textOf(rows)).toContain(PREFETCHED.name);
    expect(await textOf(rows)).toContain("never contacted");
    await photograph(window.application, window.page, "names-lookups");
    await window.page.getByTestId("search").fill("");
  });

  test("are looked up in reverse on a click only, and hostile answers are passed over", async () => {
    await program("silent").click();
    await destination(BARE).click();
    await window.page.getByTestId("reverse-lookup").waitFor({ timeout: APPEAR_MS });
    expect(questions).toEqual([]);
    await window.page.getByTestId("reverse-lookup").click();
    await expect.poll(inspector).toContain("edge-33.owner.example");
    expect(await inspector()).toContain("what the address's owner calls it");
    expect(questions).toEqual(["33.100.51.198.in-addr.arpa"]);
    await photograph(window.application, window.page, "names-reverse");
  });
});
