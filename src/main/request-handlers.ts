/** What each request of the window does. */
import { join } from "node:path";
import type { BrowserWindow } from "electron";
import type { ExportFormat, ExportResult, OpenResult } from "../contract/ipc-schema.ts";
import { makeReport } from "../engine/make-report.ts";
import type { PackageFinder } from "../engine/owning-packages.ts";
import { packagesOfPrograms } from "../engine/program-files.ts";
import { openRecording as openRecordingFile } from "../engine/read-recording.ts";
import { saveFile } from "../engine/save-file.ts";
import { createRecordingWriter } from "../engine/write-recording.ts";
import type { Capture } from "./capture.ts";
import { chooseNewRecording, chooseRecording, chooseReportFile, reportName } from "./choose-file.ts";
import type { HostSession } from "./host-session.ts";
import type { PreferencesStore } from "./preferences.ts";
import { answerProgramFiles } from "./program-files-request.ts";
import type { Replay, ReplayRequest } from "./replay.ts";
import { answerReverseRequest } from "./reverse-request.ts";
import type { RequestHandlers } from "./serve-requests.ts";

export interface Application {
  readonly window: BrowserWindow;
  readonly host: HostSession;
  readonly capture: Capture;
  readonly replay: Replay;
  readonly preferences: PreferencesStore;
  readonly demoFile: string;
  readonly exportDir: string | null;
  readonly rulesVersion: string;
  readonly packageFinder: PackageFinder;
}

const FLOWS_SHOWN = 200;
const LOOKUPS_SHOWN = 500;
const CANCELLED = { outcome: "cancelled" } as const;

export async function openReplay(application: Application, request: ReplayRequest): Promise<OpenResult> {
  // A file that is not a recording must not cost the capture that runs.
  const opened = await openRecordingFile(request.file);
  if (opened.outcome === "failed") return opened;
  await opened.close();
  await application.capture.stop();
  application.capture.forget();
  return application.replay.open(request);
}

async function openRecording(application: Application): Promise<OpenResult> {
  const file = await chooseRecording(application.window);
  return file === null ? CANCELLED : openReplay(application, { file, isDemo: false, pace: "fast" });
}

async function startRecording(application: Application): Promise<ExportResult> {
  const { capture, window } = application;
  const onlyLive = { outcome: "failed", reason: "only a live capture can be recorded" } as const;
  if (!capture.isLive) return onlyLive;
  const file = await chooseNewRecording(window);
  if (file === null) return CANCELLED;
  const opened = await createRecordingWriter(file);
  if (opened.outcome === "failed") return opened;
  if (!capture.isLive) {
    await opened.writer.close(); // it ended while the dialog was open
    return onlyLive;
  }
  await capture.startRecording(opened.writer);
  return { outcome: "saved", path: opened.writer.path };
}

async function exportReport(application: Application, format: ExportFormat): Promise<ExportResult> {
  const { window, exportDir, host, capture, packageFinder, rulesVersion } = application;
  const file = exportDir === null ? await chooseReportFile(window, format) : join(exportDir, reportName(format));
  if (file === null) return CANCELLED;
  const { session } = host;
  const endedAtNs = host.observedUntilNs();
  const packages = capture.isOfThisMachine ? await packagesOfPrograms(session.graph(), packageFinder) : new Map();
  return saveFile(file, makeReport(session, format, { rulesVersion, endedAtNs, packages }));
}

export function requestHandlers(application: Application): RequestHandlers {
  const { capture, host, preferences, replay } = application;
  return {
    startCapture: async () => {
      replay.stop();
      // The answer to the window is the state; a dialog may stay open for long.
      void capture.start();
    },
    stopCapture: () => capture.stop(),
    subscribe: async () => host.subscribe(),
    openRecording: () => openRecording(application),
    openDemo: () => openReplay(application, { file: application.demoFile, isDemo: true, pace: "as-recorded" }),
    startRecording: () => startRecording(application),
    stopRecording: async () => {
      await capture.stopRecording();
    },
    exportReport: (format) => exportReport(application, format),
    flowsOfEdge: async (edge) => host.session.flowsOfEdge(edge, FLOWS_SHOWN),
    lookupsOfProgram: async (program) => host.session.lookupsOfProgram(program, LOOKUPS_SHOWN),
    lookUpProgramFiles: (program) =>
      answerProgramFiles(host.session, program, capture.isOfThisMachine, application.packageFinder),
    lookUpReverseNames: (destination) => answerReverseRequest(host.session, destination),
    loadPreferences: () => preferences.load(),
    savePreferences: (value) => preferences.save(value),
  };
}
