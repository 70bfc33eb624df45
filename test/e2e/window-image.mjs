// @ts-check
/**
 * Takes the picture of the window that the README shows: the demo in the real
 * Electron, dark, with mongod selected. Needs a built window (npm start builds
 * it), Xvfb or a display, and ImageMagick's convert to make the file small:
 *   node test/e2e/window-image.mjs [FILE]
 */
import { spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import path from "node:path";
import { electronRuntime } from "../../scripts/setup/electron-runtime.mjs";
import { repoDir } from "../truth/programs.mjs";
import { openDisplay } from "./display.mjs";
import { openWindow } from "./window.mjs";

const SIZE = { width: 1440, height: 900 };
const SETTLED_MS = 3500; // the layout cools in under 3 s
const COLOURS = "200"; // no difference to see, a third of the size

const file = path.resolve(process.argv[2] ?? path.join(repoDir, "docs/images/window.png"));
mkdirSync(path.dirname(file), { recursive: true });
const { display, close: closeDisplay } = await openDisplay();
const { path: electron } = await electronRuntime();
const { application, page, close } = await openWindow({ electron, display, args: ["--demo"] });
try {
  await application.evaluate(({ BrowserWindow, nativeTheme }, size) => {
    nativeTheme.themeSource = "dark";
    BrowserWindow.getAllWindows()[0]?.setContentSize(size.width, size.height);
  }, SIZE);
  await page.getByTestId("status-bar").getByText("played to the end").waitFor();
  await page.locator('[data-testid="program-row"][data-label="mongod"]').click();
  await page.mouse.move(SIZE.width / 2, SIZE.height - 140);
  await page.waitForTimeout(SETTLED_MS);
  await page.screenshot({ path: file });
} finally {
  await close();
  closeDisplay();
}
const { status } = spawnSync("convert", [file, "-strip", "-dither", "None", "-colors", COLOURS, `PNG8:${file}`]);
process.stdout.write(`${file}${status === 0 ? "" : " (not made smaller: convert is missing)"}\n`);
