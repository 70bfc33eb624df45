/** The session's facts as a report's text; the core builds it, the caller saves it. */
import type { ExportFormat } from "../contract/ipc-schema.ts";
import { buildReport } from "../core/report/build-report.ts";
import { renderHtml } from "../core/report/render-html.ts";
import { renderJson } from "../core/report/render-json.ts";
import type { Session } from "../core/session/session-api.ts";

export interface ReportContext {
  readonly rulesVersion: string;
  readonly telltaleVersion: string;
}

export function makeReport(session: Session, format: ExportFormat, context: ReportContext): string {
  const report = buildReport(session.snapshot(), session.graph(), context);
  return format === "html" ? renderHtml(report) : renderJson(report);
}
