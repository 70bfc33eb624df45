/** The final table: what a watch or a replay leaves on the screen. */
import type { Graph } from "../core/graph/graph.ts";
import { displayText } from "../core/model/display-text.ts";
import { encryptedDnsWords } from "../core/model/name-words.ts";
import { describeNotUsed } from "../core/report/describe-gaps.ts";
import type { Session } from "../core/session/session-api.ts";
import { edgeRows } from "./edge-rows.ts";
import type { Output } from "./output.ts";
import { renderTable } from "./render-table.ts";
import { coverageLines, statusLine } from "./status-lines.ts";

/** More rows than anyone reads; the report has them all. */
const SUMMARY_ROWS = 1000;

/** One line a program that sends its lookups encrypted: what it asks for is not in the table. */
const encryptedDnsLines = (graph: Graph): readonly string[] =>
  [...graph.nodes.values()].flatMap((node) =>
    node.kind === "program" && node.encryptedDns.length > 0
      ? [`${displayText(node.label)} ${encryptedDnsWords(node.encryptedDns).plain}`]
      : [],
  );

export function printSummary(session: Session, output: Output): void {
  const graph = session.graph();
  const coverage = session.coverage();
  const rows = edgeRows(graph, session.newestNs(), SUMMARY_ROWS);
  const lines = [
    statusLine(null, graph, coverage),
    ...coverageLines(coverage),
    ...describeNotUsed(coverage).map(({ what, detail }) => (detail === null ? what : `${what} (${detail})`)),
    ...encryptedDnsLines(graph),
    "",
    ...(rows.length === 0
      ? ["No program used the network."]
      : renderTable(rows, { columns: output.columns(), hasColour: output.hasColour })),
    ...(graph.edges.size > rows.length ? [`${graph.edges.size - rows.length} more are in the report`] : []),
  ];
  output.write(`${lines.join("\n")}\n`);
}
