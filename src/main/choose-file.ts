/** The system's own dialogs for files. */
import { type BrowserWindow, dialog } from "electron";
import type { ExportFormat } from "../contract/ipc-schema.ts";

const RECORDINGS = [
  { name: "Telltale recordings", extensions: ["telltale"] },
  { name: "All files", extensions: ["*"] },
];
const REPORTS: Readonly<Record<ExportFormat, { readonly name: string; readonly extensions: string[] }>> = {
  html: { name: "Web page", extensions: ["html"] },
  json: { name: "JSON", extensions: ["json"] },
};

/** `2026-11-23-1204`: sorts, and no file system minds it. */
export const fileStamp = (date: Date): string => date.toISOString().slice(0, 16).replace("T", "-").replace(":", "");

async function chooseTarget(window: BrowserWindow, options: Electron.SaveDialogOptions): Promise<string | null> {
  const { canceled, filePath } = await dialog.showSaveDialog(window, options);
  return canceled || filePath === "" ? null : filePath;
}

export const reportName = (format: ExportFormat): string => `telltale-report-${fileStamp(new Date())}.${format}`;

export const chooseReportFile = (window: BrowserWindow, format: ExportFormat): Promise<string | null> =>
  chooseTarget(window, { title: "Export report", defaultPath: reportName(format), filters: [REPORTS[format]] });

export const chooseNewRecording = (window: BrowserWindow): Promise<string | null> =>
  chooseTarget(window, {
    title: "Record to",
    defaultPath: `telltale-${fileStamp(new Date())}.telltale`,
    filters: RECORDINGS,
  });

export async function chooseRecording(window: BrowserWindow): Promise<string | null> {
  const { canceled, filePaths } = await dialog.showOpenDialog(window, {
    title: "Open recording",
    properties: ["openFile"],
    filters: RECORDINGS,
  });
  return canceled ? null : (filePaths[0] ?? null);
}
