// @ts-check
/** The real application in the real Electron, driven by Playwright. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { _electron } from "playwright-core";
import { repoDir } from "../truth/programs.mjs";

/** @typedef {import("playwright-core").ElectronApplication} ElectronApplication */
/** @typedef {import("playwright-core").Page} Page */

export const screenshotDir = path.join(repoDir, "build/test-artifacts/screenshots");

/** Nothing of Chromium's own may reach for the network while we look at traffic. */
const QUIET = [
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--no-first-run",
  "--disable-quic",
];
const LAUNCH_LIMIT_MS = 30_000;
const LIVE_LIMIT_MS = 20_000;

export const SIZES = /** @type {const} */ ([
  { width: 860, height: 700 },
  { width: 1280, height: 800 },
  { width: 1920, height: 1180 },
]);
export const THEMES = /** @type {const} */ (["dark", "light"]);

/**
 * @param {{ electron: string, display: string, args?: readonly string[], appDir?: string, isOrdinaryUser?: boolean }} options
 * `electron` may be a wrapper that becomes an ordinary user first, who may need another way to the application
 */
export async function openWindow(options) {
  const configDir = mkdtempSync(path.join(tmpdir(), "telltale-window-"));
  const asRoot = process.getuid?.() === 0 && options.isOrdinaryUser !== true ? ["--no-sandbox"] : [];
  const application = await _electron.launch({
    executablePath: options.electron,
    args: [...asRoot, ...QUIET, options.appDir ?? repoDir, ...(options.args ?? [])],
    cwd: repoDir,
    colorScheme: null, // Playwright would make every window light
    env: {
      PATH: process.env.PATH ?? "/usr/bin:/bin",
      HOME: configDir,
      XDG_CONFIG_HOME: configDir,
      LANG: "C.UTF-8",
      DISPLAY: options.display,
    },
    timeout: LAUNCH_LIMIT_MS,
  });
  const page = await application.firstWindow();
  await page.waitForLoadState("domcontentloaded");
  const close = async () => {
    await application.close();
    rmSync(configDir, { recursive: true, force: true });
  };
  return { application, page, close };
}

/**
 * The next file dialog answers with `file` by itself; null: the user cancels.
 * @param {ElectronApplication} application @param {string | null} file
 */
export async function answerSaveDialog(application, file) {
  await application.evaluate(({ dialog }, chosen) => {
    dialog.showSaveDialog = async () => ({ canceled: chosen === null, filePath: chosen ?? "" });
  }, file);
}

/** @param {ElectronApplication} application @param {string} file */
export async function answerOpenDialog(application, file) {
  await application.evaluate(({ dialog }, chosen) => {
    dialog.showOpenDialog = async () => ({ canceled: false, filePaths: [chosen] });
  }, file);
}

/**
 * A program for Playwright to start that is a whole command with more arguments to come.
 * @param {string} file @param {readonly string[]} command @returns {string} the file
 */
export function writeWrapper(file, command) {
  const quoted = command.map((word) => `'${word.replaceAll("'", "'\\''")}'`);
  writeFileSync(file, `#!/bin/sh\nexec ${quoted.join(" ")} "$@"\n`, { mode: 0o755 });
  return file;
}

/** @param {Page} page */
export const untilLive = (page) =>
  page.locator('[data-testid="status-bar"] [data-mode="live"]').waitFor({ timeout: LIVE_LIMIT_MS });

/** Its row in the list, even when another program has the same name. @param {Page} page @param {string} exe */
export const programRow = (page, exe) => page.locator(`[data-testid="program-row"][title="${exe}"]`);

/** What a reader sees of an element. @param {import("playwright-core").Locator} locator */
export const textOf = async (locator) => (await locator.allInnerTexts()).join("\n");

/**
 * Screenshots at three sizes in both themes, kept as artifacts.
 * @param {ElectronApplication} application @param {Page} page @param {string} name
 */
export async function photograph(application, page, name) {
  mkdirSync(screenshotDir, { recursive: true });
  for (const { width, height } of SIZES) {
    await application.evaluate(
      ({ BrowserWindow }, size) => {
        BrowserWindow.getAllWindows()[0]?.setContentSize(size.width, size.height);
      },
      { width, height },
    );
    for (const theme of THEMES) {
      await application.evaluate(({ nativeTheme }, source) => {
        nativeTheme.themeSource = source;
      }, theme);
      await page.waitForTimeout(250); // transitions are at most 200 ms
      await page.screenshot({ path: path.join(screenshotDir, `${name}-${width}-${theme}.png`) });
    }
  }
}
