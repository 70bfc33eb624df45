/** Writes the report of a session to a file; its format follows the file's ending. */
import type { ExportFormat } from "../contract/ipc-schema.ts";
import { displayText } from "../core/model/display-text.ts";
import type { OwningPackage } from "../core/model/owning-package.ts";
import type { Session } from "../core/session/session-api.ts";
import { makeReport } from "../engine/make-report.ts";
import { saveFile, whyUnwritable } from "../engine/save-file.ts";
import type { Output } from "./output.ts";

export const formatOfFile = (file: string): ExportFormat => (file.toLowerCase().endsWith(".json") ? "json" : "html");

const noteFailure = (file: string, reason: string, output: Output): void =>
  output.note(`telltale: the report could not be written to ${displayText(file)}: ${displayText(reason)}`);

/** Asked before anything is watched: a look of an hour should not end at a mistyped folder. */
export async function canSaveReport(file: string | null, output: Output): Promise<boolean> {
  const reason = file === null ? null : await whyUnwritable(file);
  if (file === null || reason === null) return true;
  noteFailure(file, reason, output);
  return false;
}

interface SavedFacts {
  readonly rulesVersion: string;
  /** By file, of what was seen on this machine. */
  readonly packages: ReadonlyMap<string, OwningPackage>;
}

/** True: written. */
export async function saveReport(
  session: Session,
  { rulesVersion, packages }: SavedFacts,
  file: string,
  output: Output,
  format: ExportFormat = formatOfFile(file),
): Promise<boolean> {
  const endedAtNs = session.newestNs();
  const text = makeReport(session, format, { rulesVersion, endedAtNs, packages });
  const saved = await saveFile(file, text);
  if (saved.outcome === "saved") output.note(`Report written to ${displayText(saved.path)}`);
  else noteFailure(file, saved.reason, output);
  return saved.outcome === "saved";
}
