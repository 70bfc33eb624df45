/** The session's facts as a report's text; the core builds it, the caller saves it. */
import type { ExportFormat } from "../contract/ipc-schema.ts";
import type { Graph } from "../core/graph/graph.ts";
import type { NodeId } from "../core/model/ids.ts";
import type { Lookup } from "../core/model/lookup.ts";
import { buildReport } from "../core/report/build-report.ts";
import { renderHtml } from "../core/report/render-html.ts";
import { renderJson } from "../core/report/render-json.ts";
import type { Session } from "../core/session/session-api.ts";
import { TELLTALE_VERSION } from "./version.ts";

/** More than the session holds for one program. */
const LOOKUPS_OF_PROGRAM = 4096;

/** A program's lookups, and those nobody is known to have asked for. */
function lookupsByProgram(session: Session, graph: Graph): ReadonlyMap<NodeId | null, readonly Lookup[]> {
  const byProgram = new Map<NodeId | null, readonly Lookup[]>();
  for (const node of graph.nodes.values()) {
    if (node.kind === "program") byProgram.set(node.id, session.lookupsOfProgram(node.id, LOOKUPS_OF_PROGRAM));
  }
  byProgram.set(
    null,
    session.snapshot().lookups.filter(({ process }) => process === null),
  );
  return byProgram;
}

/** `endedAtNs`: CLOCK_BOOTTIME now, or of a recording's newest record. */
export function makeReport(session: Session, format: ExportFormat, rulesVersion: string, endedAtNs: number): string {
  const hello = session.hello();
  const graph = session.graph();
  const report = buildReport({
    graph,
    lookups: lookupsByProgram(session, graph),
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
