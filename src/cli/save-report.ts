/** Writes the report of a session to a file; its format follows the file's ending. */
import type { ExportFormat } from "../contract/ipc-schema.ts";
import { displayText } from "../core/model/display-text.ts";
import type { Session } from "../core/session/session-api.ts";
import { makeReport } from "../engine/make-report.ts";
import { saveFile } from "../engine/save-file.ts";
import type { Output } from "./output.ts";

export const formatOfFile = (file: string): ExportFormat => (file.toLowerCase().endsWith(".json") ? "json" : "html");

/** True: written. */
export async function saveReport(
  session: Session,
  rulesVersion: string,
  file: string,
  output: Output,
  format: ExportFormat = formatOfFile(file),
): Promise<boolean> {
  const text = makeReport(session, format, rulesVersion, session.newestNs());
  const saved = await saveFile(file, text);
  if (saved.outcome === "saved") output.note(`Report written to ${displayText(saved.path)}`);
  else output.note(`telltale: the report could not be written to ${displayText(file)}: ${displayText(saved.reason)}`);
  return saved.outcome === "saved";
}
