// @ts-check
/** The window's other states: the demo, recordings good and bad, systems that lack something, a helper that vanishes. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { electronRuntime } from "../../scripts/setup/electron-runtime.mjs";
import { until } from "../truth/children.mjs";
import { repoDir } from "../truth/programs.mjs";
import { HIDE_BTF, HIDE_CGROUP2, mountedCommand } from "./command-line.mjs";
import { openDisplay } from "./display.mjs";
import { helperOf } from "./processes.mjs";
import {
  answerOpenDialog,
  answerSaveDialog,
  openWindow,
  photograph,
  textOf,
  untilLive,
  writeWrapper,
} from "./window.mjs";

const isRoot = process.getuid?.() === 0;
const fixture = path.join(repoDir, "test/fixtures/recordings/names-and-bytes.telltale");
const directory = mkdtempSync(path.join(tmpdir(), "telltale-states-"));
const APPEAR_MS = 15_000;

/** @type {Awaited<ReturnType<typeof openDisplay>>} */
let display;
/** @type {Awaited<ReturnType<typeof openWindow>> | undefined} */
let window;
let electron = "";

/** @param {{ args?: readonly string[], program?: string }} options */
async function open(options) {
  window = await openWindow({
    electron: options.program ?? electron,
    display: display.display,
    args: options.args ?? [],
  });
  return window;
}

beforeAll(async () => {
  display = await openDisplay();
  electron = (await electronRuntime()).path;
});
afterEach(async () => {
  await window?.close();
  window = undefined;
});
afterAll(() => {
  display?.close();
  rmSync(directory, { recursive: true, force: true });
});

describe("the demo", () => {
  test("plays the case of mongod and api.segment.io without any privilege, and reports it", async () => {
    const { application, page } = await open({ args: ["--demo"] });
    const mongod = page.locator('[data-testid="program-row"][data-label="mongod"]');
    await mongod.waitFor({ timeout: APPEAR_MS });
    await mongod.click();
    const segment = page.locator('[data-testid="destination-row"][data-label="api.segment.io"]');
    await segment.waitFor({ timeout: APPEAR_MS });
    await page.getByTestId("status-bar").getByText("played to the end").waitFor({ timeout: 30_000 });
    const words = await textOf(page.getByTestId("inspector"));
    for (const part of ["Analytics", "Segment", "/opt/mongodb/bin/mongod"]) expect(words).toContain(part);
    await page.waitForTimeout(3000); // the layout cools in under 3 s
    await photograph(application, page, "demo-selected");
    await page.keyboard.press("Escape");
    await photograph(application, page, "demo");

    const file = path.join(directory, "demo.json");
    await answerSaveDialog(application, file);
    await page.getByTestId("export-report").click();
    await page.getByTestId("export-json").click();
    await until("the report", () => existsSync(file));
    const report = JSON.parse(readFileSync(file, "utf8"));
    expect(report.reporting.map((/** @type {{ label: string }} */ { label }) => label).sort()).toEqual([
      "chat",
      "editor",
      "mongod",
    ]);
  });
});

describe("a recording", () => {
  test("opens from the command line", async () => {
    const { page } = await open({ args: ["--replay", fixture] });
    await page.locator('[data-testid="program-row"][data-label="n01-own-answer"]').waitFor({ timeout: APPEAR_MS });
    await page.getByTestId("status-bar").getByText("played to the end").waitFor({ timeout: APPEAR_MS });
  });

  test("that is something else is refused in plain words, and the window goes on", async () => {
    const foreign = path.join(directory, "holiday.telltale");
    writeFileSync(foreign, "GIF89a");
    const { application, page } = await open({ args: ["--replay", fixture] });
    await page.getByTestId("status-bar").getByText("played to the end").waitFor({ timeout: APPEAR_MS });
    await answerOpenDialog(application, foreign);
    await page.getByRole("button", { name: "Open" }).click();
    await page.getByRole("menuitem", { name: "Recording" }).click();
    await page.getByText("not a Telltale recording").first().waitFor({ timeout: APPEAR_MS });
    expect(await page.getByTestId("program-row").count()).toBeGreaterThan(3);
  });

  test("that is cut shows what came before the cut and says so", async () => {
    const cut = path.join(directory, "cut.telltale");
    const whole = readFileSync(fixture);
    writeFileSync(cut, whole.subarray(0, whole.length - 1000));
    const { application, page } = await open({ args: ["--replay", cut] });
    await page.getByTestId("program-row").first().waitFor({ timeout: APPEAR_MS });
    await page.getByTestId("banner").getByText("This recording is damaged").waitFor({ timeout: APPEAR_MS });
    expect(await textOf(page.getByTestId("banner"))).toContain("it ends in the middle of a record");
    await photograph(application, page, "damaged-recording");
    await page.getByTestId("coverage").getByText("1 thing not seen").click();
    await page.getByText("everything after the damaged place of the recording").waitFor();
    await page.getByText("it ends in the middle of a record").last().waitFor();
  });
});

describe.skipIf(!isRoot)("a system (needs root)", () => {
  test.each([
    ["without BTF", HIDE_BTF, /BTF/, "no-btf"],
    ["without cgroup v2", HIDE_CGROUP2, /cgroup v2/, "no-cgroup2"],
  ])("%s is a clear state with what to do", async (_what, hide, words, name) => {
    const command = mountedCommand(hide, `exec "$@"`, electron);
    const { application, page } = await open({ program: writeWrapper(path.join(directory, name), command) });
    await page.locator('[data-testid="status-bar"] [data-mode="problem"]').waitFor({ timeout: APPEAR_MS });
    expect(await textOf(page.getByTestId("capture-screen"))).toMatch(words);
    expect(await page.getByTestId("open-demo").count()).toBe(1);
    await photograph(application, page, name);
  });
});

describe.skipIf(!isRoot)("a helper (needs root)", () => {
  test("that vanishes is told, what was seen stays, and watching again works", async () => {
    const { application, page } = await open({});
    await untilLive(page);
    await page.getByTestId("program-row").first().waitFor({ timeout: APPEAR_MS });
    const helper = await until("the helper", () => helperOf(application.process().pid ?? 0));
    process.kill(helper, "SIGKILL");
    await page.locator('[data-testid="status-bar"] [data-mode="problem"]').waitFor({ timeout: APPEAR_MS });
    expect(await textOf(page.getByTestId("banner"))).toMatch(/helper was lost/);
    expect(await page.getByTestId("program-row").count()).toBeGreaterThan(0);
    await photograph(application, page, "helper-lost");
    await page.getByTestId("banner").getByRole("button", { name: "Watch again" }).click();
    await untilLive(page);
  });
});
