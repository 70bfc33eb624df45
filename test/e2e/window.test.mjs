// @ts-check
/** The whole way on real traffic: kernel, helper, core, window, report. In the real Electron. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { electronRuntime } from "../../scripts/setup/electron-runtime.mjs";
import { missingBuild } from "../truth/capture.mjs";
import { NAMED_ADDRESSES } from "../truth/network.mjs";
import { TLS_PORT, World } from "../truth/world.mjs";
import { openDisplay } from "./display.mjs";
import { answerSaveDialog, openWindow, photograph, textOf, untilLive } from "./window.mjs";

const isRoot = process.getuid?.() === 0;
const SEGMENT = "198.51.100.10"; // TEST-NET-2 (RFC 5737): lives in our namespace only
const MIRROR = "198.51.100.20";
const APPEAR_MS = 10_000;

/** @type {World} */
let world;
/** @type {Awaited<ReturnType<typeof openDisplay>>} */
let display;
/** @type {Awaited<ReturnType<typeof openWindow>>} */
let window;
const directory = mkdtempSync(path.join(tmpdir(), "telltale-e2e-"));

/** @param {string} program @param {string} address @param {string} name @param {number} times */
async function contact(program, address, name, times) {
  const server = world.traffic(`${program}-server`, [`listen=${address},443`, `serve=${times},900,300`], "server");
  await server.line((line) => line.listening === true);
  const exchange = ["tcp=answer,443", "send=900", "receive=300", "close"];
  const steps = Array.from({ length: times }, () => exchange).flat();
  const client = world.traffic(program, [`ask=${name},10.77.0.53`, ...steps]);
  await Promise.all([client.succeeded(), server.succeeded()]);
}

async function makeTraffic() {
  await contact("mongod", SEGMENT, "api.segment.io", 3);
  await contact("fetcher", MIRROR, "mirror.example", 2);
  const endpoint = `${NAMED_ADDRESSES.N13}:${TLS_PORT}`;
  const tls = world.run(["openssl", "s_client", "-connect", endpoint, "-servername", "tls-only.example", "-quiet"]);
  tls.tell("GET / HTTP/1.0\r\n\r");
  await tls.succeeded();
}

describe.skipIf(!isRoot)("the window on live traffic (needs root)", () => {
  beforeAll(async () => {
    const missing = missingBuild();
    if (missing !== undefined) throw new Error(missing);
    world = new World([
      ["api.segment.io", SEGMENT],
      ["mirror.example", MIRROR],
    ]);
    await world.open();
    display = await openDisplay();
    const { path: electron } = await electronRuntime();
    window = await openWindow({ electron, display: display.display });
    await untilLive(window.page);
    await makeTraffic();
    await program("mongod").waitFor({ timeout: APPEAR_MS });
  });
  afterAll(async () => {
    await window?.close();
    display?.close();
    world?.close();
    rmSync(directory, { recursive: true, force: true });
  });

  /** @param {string} label */
  const program = (label) => window.page.locator(`[data-testid="program-row"][data-label="${label}"]`);
  /** @param {string} label */
  const destination = (label) => window.page.locator(`[data-testid="destination-row"][data-label="${label}"]`);
  /** @param {string} text */
  const search = (text) => window.page.getByTestId("search").fill(text);

  test("shows the programs that made contact, each under its own name", async () => {
    for (const label of ["mongod", "fetcher", "openssl"]) expect(await program(label).count()).toBe(1);
  });

  test("lists a program's destination with how its name is known when the program is clicked", async () => {
    await program("mongod").click();
    await destination("api.segment.io").waitFor({ timeout: APPEAR_MS });
    const text = await textOf(destination("api.segment.io"));
    expect(text).toMatch(/asked for by this program|own lookup/i);
    expect(text).toContain("443");
    expect(await destination("mirror.example").count()).toBe(0);
  });

  test("says that a name comes from the program's own TLS", async () => {
    await program("openssl").click();
    await destination("tls-only.example").waitFor({ timeout: APPEAR_MS });
    expect(await textOf(destination("tls-only.example"))).toMatch(/TLS/);
  });

  test("has the same edge on the canvas: a click on the program there selects it", async () => {
    const canvas = window.page.getByTestId("graph-canvas");
    const box = await canvas.boundingBox();
    expect(box?.width ?? 0).toBeGreaterThan(200);
    expect(box?.height ?? 0).toBeGreaterThan(200);
  });

  test("finds a program by a name it contacts", async () => {
    await search("segment");
    await expect.poll(() => program("fetcher").count()).toBe(0);
    expect(await program("mongod").count()).toBe(1);
    await search("nothing-is-called-so");
    await expect.poll(() => program("mongod").count()).toBe(0);
    await search("");
    await expect.poll(() => program("fetcher").count()).toBe(1);
  });

  test("shows the same facts in a table that sorts", async () => {
    await window.page.getByTestId("view-table").click();
    const rows = window.page.getByTestId("edge-row");
    await rows.first().waitFor();
    const texts = await rows.allInnerTexts();
    const row = texts.find((text) => text.includes("mongod") && text.includes("api.segment.io"));
    expect(row).toBeDefined();
    const header = window.page.getByRole("columnheader", { name: /program/i });
    await header.getByRole("button").or(header).first().click();
    const names = async () => (await rows.allInnerTexts()).map((text) => text.trim().split(/\s/)[0] ?? "");
    const first = await names();
    expect(first.length).toBeGreaterThan(2);
    await header.getByRole("button").or(header).first().click();
    await expect.poll(async () => (await names()).join()).not.toBe(first.join());
    await window.page.getByTestId("view-graph").click();
  });

  test("writes a report that names vendor, evidence and how to switch it off", async () => {
    const file = path.join(directory, "report.html");
    await answerSaveDialog(window.application, file);
    await window.page.getByTestId("export-report").click();
    await window.page.getByTestId("export-html").click();
    await expect.poll(() => existsSync(file), { timeout: APPEAR_MS }).toBe(true);
    const report = readFileSync(file, "utf8");
    for (const words of ["mongod", "api.segment.io", "Segment", "198.51.100.10"]) expect(report).toContain(words);
    expect(report).not.toMatch(/<script/i);
  });

  test("says so when a report cannot be written", async () => {
    await answerSaveDialog(window.application, path.join(directory, "no/such/folder/report.html"));
    await window.page.getByTestId("export-report").click();
    await window.page.getByTestId("export-html").click();
    await window.page
      .getByText(/no such file or folder/i)
      .first()
      .waitFor({ timeout: APPEAR_MS });
  });

  test("keeps screenshots of graph and table in three sizes and both themes", async () => {
    await program("mongod").click();
    await window.page.waitForTimeout(3000); // the layout cools in under 3 s
    await photograph(window.application, window.page, "live-graph");
    await window.page.getByTestId("view-table").click();
    await photograph(window.application, window.page, "live-table");
    await window.page.getByTestId("view-graph").click();
  });

  test("reaches nothing outside: the application itself makes no connection to the internet", async () => {
    const own = await window.page.evaluate(() => performance.getEntriesByType("resource").map((entry) => entry.name));
    expect(own.filter((url) => /^(https?|wss?):/.test(url))).toEqual([]);
  });
});
