/** The session's facts as a report's text; the core builds it, the caller saves it. */
import type { ExportFormat } from "../contract/ipc-schema.ts";
import type { OwningPackage } from "../core/model/owning-package.ts";
import { buildReport } from "../core/report/build-report.ts";
import { renderHtml } from "../core/report/render-html.ts";
import { renderJson } from "../core/report/render-json.ts";
import { gatherLookups } from "../core/report/report-lookups.ts";
import type { Session } from "../core/session/session-api.ts";
import { TELLTALE_VERSION } from "./version.ts";

interface ReportFacts {
  readonly rulesVersion: string;
  /** CLOCK_BOOTTIME now, or of a recording's newest record. */
  readonly endedAtNs: number;
  /** By file; none where the programs ran elsewhere, or maybe did. */
  readonly packages?: ReadonlyMap<string, OwningPackage>;
}

export function makeReport(session: Session, format: ExportFormat, facts: ReportFacts): string {
  const { rulesVersion, endedAtNs, packages = new Map() } = facts;
  const hello = session.hello();
  const graph = session.graph();
  const report = buildReport({
    graph,
    lookups: gatherLookups(session, graph),
    packages,
    coverage: session.coverage(),
    hello,
    startedAtNs: hello?.startedAtNs ?? endedAtNs,
    endedAtNs,
    bootWallMs: hello?.bootWallMs ?? 0,
    generatedAtMs: Date.now(),
    telltaleVersion: TELLTALE_VERSION,
    ruleSetVersion: rulesVersion,
  });
  return format === "html" ? renderHtml(report) : renderJson(report);
}
