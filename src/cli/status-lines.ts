/** The line above the table, and what is not being seen. */
import type { Graph } from "../core/graph/graph.ts";
import type { Coverage } from "../core/model/coverage.ts";
import { displayText } from "../core/model/display-text.ts";
import { formatCount, groupDigits } from "../core/model/format.ts";
import { missingFeatures, partlySeen } from "../core/model/optional-sources.ts";

export function statusLine(state: string | null, graph: Graph, coverage: Coverage): string {
  let programs = 0;
  for (const node of graph.nodes.values()) if (node.kind === "program") programs += 1;
  const destinations = graph.nodes.size - programs;
  return [
    state === null ? "Telltale" : `Telltale · ${state}`,
    formatCount(programs, "program"),
    formatCount(destinations, "destination"),
    `${groupDigits(coverage.recordsSeen)} records`,
    coverage.loss.total === 0 ? "nothing lost" : `${groupDigits(coverage.loss.total)} LOST`,
  ].join(" · ");
}

/** One line a gap; empty when everything is seen. What many systems do not have is told by the report only. */
export function coverageLines(coverage: Coverage): readonly string[] {
  const missing = missingFeatures(coverage).map((feature) => {
    const reason = feature.reason === null ? "" : ` (${displayText(feature.reason)})`;
    return `Not seen: ${displayText(feature.unseen)}${reason}`;
  });
  const parts = partlySeen(coverage);
  return [
    ...missing,
    ...parts.map(({ lacks, refusal }) => `Not seen: ${displayText(lacks)} (fallback: ${displayText(refusal)})`),
  ];
}
