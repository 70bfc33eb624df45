/** The desktop application: puts the parts together and decides what happens at start and at the end. */
import { join } from "node:path";
import { app, type BrowserWindow, dialog, ipcMain, nativeTheme, protocol, session } from "electron";
import { eventChannel, type GraphUpdate } from "../contract/ipc-schema.ts";
import { createContainerNamer } from "../engine/container-namer.ts";
import { containerPlacesOf, readContainerNames } from "../engine/container-names.ts";
import { findPaths } from "../engine/find-paths.ts";
import { loadRules } from "../engine/load-rules.ts";
import { createPackageFinder } from "../engine/owning-packages.ts";
import { startCapture } from "../engine/start-capture.ts";
import type { RecordingEnd } from "../engine/write-recording.ts";
import { type AppOptions, parseAppOptions } from "./app-options.ts";
import { SCHEME, serveAppFile } from "./app-protocol.ts";
import { Capture } from "./capture.ts";
import { hardenContents, hardenSession, silenceChromium } from "./harden.ts";
import { HostSession, TICK_MS } from "./host-session.ts";
import { installMenu } from "./menu.ts";
import { openPreferences } from "./preferences.ts";
import { Replay } from "./replay.ts";
import { type Application, openReplay, requestHandlers } from "./request-handlers.ts";
import { serveRequests } from "./serve-requests.ts";
import { createWindow, showPage } from "./window.ts";

const paths = findPaths(import.meta.url);
const isRoot = process.getuid?.() === 0;

/** What stops a recording by itself has no other place to be told. */
function tellRecordingEnd(window: BrowserWindow, end: RecordingEnd): void {
  if (end.outcome === "saved" || window.isDestroyed()) return;
  const kept = end.isKept ? " What was seen before is kept and can be opened." : "";
  void dialog.showMessageBox(window, {
    type: "warning",
    message: "The recording ended",
    detail: `${end.path} could not be written: ${end.reason}.${kept}`,
  });
}

async function createHost(getWindow: () => BrowserWindow | null) {
  const rules = await loadRules(paths.rulesDir);
  const host = new HostSession({
    classifier: rules.classifier,
    gaps: rules.gaps,
    isRoot,
    monotonicMs: () => performance.now(),
    send: (update: GraphUpdate) => {
      const window = getWindow();
      if (window !== null && !window.isDestroyed()) window.webContents.send(eventChannel("update"), update);
    },
  });
  return { host, rulesVersion: rules.version };
}

async function begin(application: Application, options: AppOptions): Promise<void> {
  const { host, capture, demoFile } = application;
  const file = options.isDemo ? demoFile : options.replayFile;
  if (file === null) return capture.start();
  const pace = options.isDemo ? "as-recorded" : "fast";
  const opened = await openReplay(application, { file, isDemo: options.isDemo, pace });
  if (opened.outcome === "failed" && host.capture.mode !== "replaying") {
    host.setCapture({ mode: "problem", problem: { code: "internal", detail: `${file}: ${opened.reason}` } });
  }
}

/** The helper and a recording end properly before the process does. */
function endProperly(capture: Capture): void {
  let isEnding = false;
  app.on("before-quit", (event) => {
    if (isEnding) return;
    isEnding = true;
    event.preventDefault();
    void capture.stop().finally(() => app.quit());
  });
}

async function run(options: AppOptions): Promise<void> {
  const dataDir = app.getPath("userData");
  const shown: { window: BrowserWindow | null } = { window: null };
  const { host, rulesVersion } = await createHost(() => shown.window);
  const capture = new Capture({
    host,
    around: { isRoot, shell: "window", hasTerminal: false },
    start: (around, cancelled) => startCapture(paths, around, cancelled),
    onRecordingEnded: (end) => shown.window !== null && tellRecordingEnd(shown.window, end),
  });
  const preferences = openPreferences(join(dataDir, "settings.json"), (changed) => {
    nativeTheme.themeSource = changed.theme;
  });
  await preferences.load();
  hardenSession(session.defaultSession);
  protocol.handle(SCHEME, (request) => serveAppFile(request, paths.rendererDir));
  installMenu();
  endProperly(capture);
  const places = containerPlacesOf(process.getuid?.() ?? -1, process.env);
  const namer = createContainerNamer(() => readContainerNames(places));
  const timer = setInterval(() => {
    host.tick();
    if (capture.isOfThisMachine) namer.look(host.session);
  }, TICK_MS);
  app.on("will-quit", () => clearInterval(timer));

  const window = await createWindow(paths, join(dataDir, "window.json"), nativeTheme.shouldUseDarkColors);
  shown.window = window;
  window.webContents.on("render-process-gone", (_event, { reason }) => {
    host.unsubscribe();
    // What was seen is here in main: a fresh page shows it again.
    if (reason !== "clean-exit" && !window.isDestroyed()) window.webContents.reload();
  });
  const application: Application = {
    window,
    host,
    capture,
    replay: new Replay(host),
    preferences,
    demoFile: paths.demoRecording,
    exportDir: options.exportDir,
    rulesVersion,
    packageFinder: createPackageFinder(),
  };
  app.on("second-instance", (_event, argv, workingDir) => {
    if (window.isMinimized()) window.restore();
    window.focus();
    const { isDemo, replayFile } = parseAppOptions(argv.slice(1), workingDir);
    if (isDemo || replayFile !== null) void begin(application, { ...options, isDemo, replayFile });
  });
  serveRequests(ipcMain, requestHandlers(application)); // before the page can ask
  await showPage(window);
  await begin(application, options);
}

function start(): void {
  silenceChromium();
  protocol.registerSchemesAsPrivileged([
    { scheme: SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } },
  ]);
  app.on("web-contents-created", (_event, contents) => hardenContents(contents));
  app.on("window-all-closed", () => app.quit());
  const options = parseAppOptions(process.argv.slice(1), process.cwd());
  void app.whenReady().then(() =>
    run(options).catch((error: unknown) => {
      process.stderr.write(`telltale: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
      app.exit(1);
    }),
  );
}

if (app.requestSingleInstanceLock()) start();
else {
  process.stderr.write("telltale: it is already running; its window comes to the front\n");
  app.quit();
}
