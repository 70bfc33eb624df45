/** The one window: sandboxed, isolated, showing our own files only. */
import { BrowserWindow, screen } from "electron";
import type { AppPaths } from "../engine/find-paths.ts";
import { APP_URL } from "./app-protocol.ts";
import { boundsOnScreens, loadBounds, MINIMUM_SIZE, saveBounds } from "./window-bounds.ts";

/** Moving and resizing fire dozens of events a second. */
const SAVE_DELAY_MS = 500;

function rememberBounds(window: BrowserWindow, boundsFile: string): void {
  let timer: NodeJS.Timeout | undefined;
  const later = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      if (!window.isDestroyed() && !window.isFullScreen()) void saveBounds(boundsFile, window.getNormalBounds());
    }, SAVE_DELAY_MS);
  };
  window.on("resize", later);
  window.on("move", later);
  window.on("closed", () => clearTimeout(timer));
}

export async function createWindow(paths: AppPaths, boundsFile: string, isDark: boolean): Promise<BrowserWindow> {
  const screens = screen.getAllDisplays().map((display) => display.workArea);
  const window = new BrowserWindow({
    ...boundsOnScreens(await loadBounds(boundsFile), screens),
    minWidth: MINIMUM_SIZE.width,
    minHeight: MINIMUM_SIZE.height,
    title: "Telltale",
    icon: paths.iconFile,
    show: false, // no white flash: shown when there is something to show
    backgroundColor: isDark ? "#16181d" : "#ffffff",
    autoHideMenuBar: true,
    webPreferences: {
      preload: paths.preloadFile,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webviewTag: false,
      webSecurity: true,
      spellcheck: false,
    },
  });
  // about:blank and its like ask no `will-navigate`: a page that was led there is fetched back.
  window.webContents.on("did-navigate", (_event, url) => {
    if (url !== APP_URL && !window.isDestroyed()) void window.loadURL(APP_URL);
  });
  rememberBounds(window, boundsFile);
  return window;
}

/** Resolves when the page has painted and the window is shown. */
export async function showPage(window: BrowserWindow): Promise<void> {
  const shown = new Promise<void>((resolve) => {
    window.once("ready-to-show", () => {
      window.show();
      resolve();
    });
    window.once("closed", () => resolve());
  });
  await window.loadURL(APP_URL);
  await shown;
}
