/** What a person can do, each with its answer on screen. */
import type { ExportFormat, ExportResult } from "../../contract/ipc-schema.ts";
import { displayText } from "../../core/model/display-text.ts";
import type { Collaborators, Notice, Selection } from "./stores.ts";

let noticeCount = 0;

export function notify({ view }: Pick<Collaborators, "view">, notice: Omit<Notice, "id">): void {
  noticeCount += 1;
  view.setState({ notice: { ...notice, id: noticeCount } });
}

/** Main could not even answer: say so instead of doing nothing. */
async function answered<T>(collaborators: Collaborators, failure: string, request: Promise<T>): Promise<T | null> {
  try {
    return await request;
  } catch (error) {
    const detail = error instanceof Error ? displayText(error.message) : null;
    notify(collaborators, { tone: "failed", title: failure, detail });
    return null;
  }
}

export async function exportReport(collaborators: Collaborators, format: ExportFormat): Promise<void> {
  const failure = "The report was not saved";
  const result = await answered(collaborators, failure, collaborators.api.exportReport(format));
  if (result !== null) sayOutcome(collaborators, result, "Report saved", failure);
}

export async function startRecording(collaborators: Collaborators): Promise<void> {
  const failure = "Recording did not start";
  const result = await answered(collaborators, failure, collaborators.api.startRecording());
  if (result !== null) sayOutcome(collaborators, result, "Recording to a file", failure);
}

/** Main's reasons go on after a colon elsewhere; here they stand alone. */
const asSentence = (reason: string): string => reason.charAt(0).toUpperCase() + reason.slice(1);

function sayOutcome(collaborators: Collaborators, result: ExportResult, saved: string, failed: string): void {
  if (result.outcome === "saved")
    notify(collaborators, { tone: "done", title: saved, detail: displayText(result.path) });
  if (result.outcome === "failed") {
    notify(collaborators, { tone: "failed", title: failed, detail: asSentence(displayText(result.reason)) });
  }
}

export async function open(collaborators: Collaborators, what: "openRecording" | "openDemo"): Promise<void> {
  const failure = what === "openDemo" ? "The demo could not be opened" : "The recording could not be opened";
  const result = await answered(collaborators, failure, collaborators.api[what]());
  if (result?.outcome === "failed") {
    notify(collaborators, { tone: "failed", title: failure, detail: asSentence(displayText(result.reason)) });
  }
}

type Command = "startCapture" | "stopCapture" | "stopRecording";

export async function command(collaborators: Collaborators, name: Command): Promise<void> {
  await answered(collaborators, "That did not work", collaborators.api[name]());
}

export function select({ view }: Pick<Collaborators, "view">, selection: Selection | null): void {
  view.setState({ selection });
}

export function clearFilters({ view }: Pick<Collaborators, "view">): void {
  view.setState({ query: "", hiddenTones: new Set(), brush: null });
}
