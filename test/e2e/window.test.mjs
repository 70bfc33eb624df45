// @ts-check
/** The whole way on real traffic: kernel, helper, core, window, report. In the real Electron. */
import { existsSync, mkdtempSync, readFileSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { electronRuntime } from "../../scripts/setup/electron-runtime.mjs";
import { missingBuild } from "../truth/capture.mjs";
import { UNLISTED_ADDRESSES } from "../truth/hosts.mjs";
import { programPath } from "../truth/programs.mjs";
import { TLS_PORT, World } from "../truth/world.mjs";
import { openDisplay } from "./display.mjs";
import { answerSaveDialog, openWindow, photograph, programRow, textOf, untilLive } from "./window.mjs";

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
  await contact("fetcher", MIRROR, "archive.example.org", 2);
  const endpoint = `${UNLISTED_ADDRESSES.N13}:${TLS_PORT}`;
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
      ["archive.example.org", MIRROR],
    ]);
    await world.open();
    display = await openDisplay();
    const { path: electron } = await electronRuntime();
    window = await openWindow({ electron, display: display.display });
    await untilLive(window.page);
    await makeTraffic();
    for (const label of /** @type {const} */ (["mongod", "fetcher", "openssl"]))
      await program(label).waitFor({ timeout: APPEAR_MS });
    /* the graph lags a tick behind the list while a name is still on its way */
    await window.page.getByTestId("graph-edges").getByText("tls-only.example").waitFor({ state: "attached" });
  });
  afterAll(async () => {
    await window?.close();
    display?.close();
    world?.close();
    rmSync(directory, { recursive: true, force: true });
  });

  /** @param {"mongod" | "fetcher" | "openssl"} name */
  const program = (name) =>
    programRow(window.page, name === "openssl" ? realpathSync("/usr/bin/openssl") : programPath("traffic", name));
  /** @param {string} label */
  const destination = (label) => window.page.locator(`[data-testid="destination-row"][data-label="${label}"]`);
  /** @param {string} text */
  const search = (text) => window.page.getByTestId("search").fill(text);

  test("shows the programs that made contact, each under its own name", async () => {
    for (const label of /** @type {const} */ (["mongod", "fetcher", "openssl"]))
      expect(await program(label).count()).toBe(1);
  });

  /** The mark that says how a name is known. @param {string} label @param {RegExp} words */
  const hasMark = async (label, words) => (await destination(label).getByRole("img", { name: words }).count()) === 1;
  const clearSelection = () => window.page.keyboard.press("Escape");

  test("draws the edges: who contacts whom, by name, and what for", async () => {
    const edges = (await window.page.getByTestId("graph-edges").locator("li").allTextContents()).join("\n");
    expect(edges).toMatch(/^mongod to api\.segment\.io: analytics, .*443.*, asked for by this program/im);
    expect(edges).toMatch(/^fetcher to archive\.example\.org: .*, asked for by this program/im);
    expect(edges).toMatch(/^openssl to tls-only\.example: .*, named by this program/im);
    const canvas = await window.page.getByTestId("graph-canvas").boundingBox();
    expect(canvas?.width ?? 0).toBeGreaterThan(200);
    expect(canvas?.height ?? 0).toBeGreaterThan(200);
  });

  test("lists a program's destinations with how each name is known when it is clicked", async () => {
    await program("mongod").click();
    await destination("api.segment.io").waitFor({ timeout: APPEAR_MS });
    const text = await textOf(destination("api.segment.io"));
    expect(text).toContain("443");
    expect(text).toMatch(/2\.7 kB/);
    expect(await hasMark("api.segment.io", /asked for by this program/)).toBe(true);
    expect(await destination("archive.example.org").count()).toBe(0);
    const details = await textOf(window.page.getByTestId("inspector"));
    expect(details).toMatch(/Segment/);
    expect(details).toMatch(/switch it off/i);
    expect(details).toContain(programPath("traffic", "mongod"));
  });

  test("says that a name comes from the program's own TLS", async () => {
    await program("openssl").click();
    await destination("tls-only.example").waitFor({ timeout: APPEAR_MS });
    expect(await hasMark("tls-only.example", /named by this program/)).toBe(true);
    await destination("tls-only.example").click();
    await expect
      .poll(() => textOf(window.page.getByTestId("inspector")))
      .toMatch(/named by this program in its connection/);
  });

  test("walks the graph by keyboard: a node is focused, said in words, and opened", async () => {
    await clearSelection();
    await window.page.getByTestId("graph-canvas").focus();
    await window.page.keyboard.press("ArrowRight");
    await expect.poll(() => window.page.getByTestId("focused-node").textContent()).toMatch(/^(Program|Destination) /);
    await window.page.keyboard.press("Enter");
    await expect.poll(() => textOf(window.page.getByTestId("inspector"))).toMatch(/First seen/);
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
    await clearSelection();
    await window.page.getByTestId("view-table").click();
    const rows = window.page.getByTestId("edge-row");
    const row = window.page.locator('[data-program="mongod"][data-destination="api.segment.io"]');
    await row.waitFor();
    expect(await textOf(row)).toMatch(/Analytics/);
    const header = window.page.getByRole("columnheader", { name: "Program" });
    /** @param {"ascending" | "descending"} order */
    const sort = async (order) => {
      for (let clicks = 0; clicks < 3 && (await header.getAttribute("aria-sort")) !== order; clicks++) {
        await header.getByRole("button").click();
        await window.page.waitForTimeout(50);
      }
    };
    const programs = () =>
      rows.evaluateAll((elements) =>
        elements
          .toSorted((a, b) => Number(a.ariaRowIndex) - Number(b.ariaRowIndex))
          .map((element) => element.getAttribute("data-program") ?? ""),
      );
    const { compare } = new Intl.Collator("en", { sensitivity: "base", numeric: true });
    /* other programs of this machine come and go meanwhile: the order is judged, not the list */
    const order = async () => {
      const names = await programs();
      if (new Set(names).size < 3) return "too few";
      const isRising = names.join() === names.toSorted(compare).join();
      return isRising ? "rising" : names.join() === names.toSorted(compare).reverse().join() ? "falling" : "none";
    };
    await sort("ascending");
    await expect.poll(order).toBe("rising");
    await sort("descending");
    await expect.poll(order).toBe("falling");
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

  test("keeps screenshots of graph and table in three sizes and both themes", async () => {
    await program("mongod").click();
    await window.page.waitForTimeout(3000); // the layout cools in under 3 s
    await photograph(window.application, window.page, "live-graph");
    await clearSelection();
    await window.page.getByTestId("view-table").click();
    await photograph(window.application, window.page, "live-table");
    await window.page.getByTestId("view-graph").click();
  });

  test("says so when a report cannot be written", async () => {
    await answerSaveDialog(window.application, path.join(directory, "no/such/folder/report.html"));
    await window.page.getByTestId("export-report").click();
    await window.page.getByTestId("export-html").click();
    await window.page
      .getByText(/no such file or folder/i)
      .first()
      .waitFor({ timeout: APPEAR_MS });
    await photograph(window.application, window.page, "export-failed");
  });

  test("reaches nothing outside: the application itself makes no connection to the internet", async () => {
    const own = await window.page.evaluate(() => performance.getEntriesByType("resource").map((entry) => entry.name));
    expect(own.filter((url) => /^(https?|wss?):/.test(url))).toEqual([]);
  });
});
