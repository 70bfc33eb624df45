/** The rows of the table: each edge with both its ends. Pure. */
import type { GraphEdge, GraphNode } from "../../core/graph/graph.ts";
import type { GraphState } from "./graph-state.ts";
import type { Matches } from "./matches.ts";
import type { Selection } from "./stores.ts";

export interface EdgeRow {
  readonly key: string;
  readonly edge: GraphEdge;
  readonly program: GraphNode;
  readonly destination: GraphNode;
}

/** Unchanged edges keep their row object, so that unchanged rows need no new paint. */
const rowOfEdge = new WeakMap<GraphEdge, EdgeRow>();

/** A selected node narrows the table to its edges; a selected edge does not, it is a row among them. */
export function buildEdgeRows(graph: GraphState, matches: Matches | null, selection: Selection | null): EdgeRow[] {
  const rows: EdgeRow[] = [];
  const node = selection?.kind === "node" ? selection.id : null;
  for (const edge of graph.edges.values()) {
    if (matches !== null && !matches.edges.has(edge.id)) continue;
    if (node !== null && edge.source !== node && edge.target !== node) continue;
    const program = graph.nodes.get(edge.source);
    const destination = graph.nodes.get(edge.target);
    if (program === undefined || destination === undefined) continue;
    const known = rowOfEdge.get(edge);
    if (known !== undefined && known.program === program && known.destination === destination) {
      rows.push(known);
      continue;
    }
    const row: EdgeRow = { key: edge.id, edge, program, destination };
    rowOfEdge.set(edge, row);
    rows.push(row);
  }
  return rows;
}

/** How the name of an edge's destination is known, as NameMark takes it. */
export const edgeNameKnown = (edge: GraphEdge, destination: GraphNode | undefined) => ({
  source: edge.nameSource,
  isContradicted: edge.isContradicted,
  candidateCount: destination?.kind === "destination" ? destination.candidates.length : 0,
  isPeer: edge.peer !== null,
});

/** One word for all flows of an edge. */
export function edgeState(edge: GraphEdge): string {
  if (edge.openCount > 0) return "open";
  if (edge.failedCount > 0 && edge.failedCount === edge.flowCount) return edge.lastFailure ?? "failed";
  return edge.brokenCount > 0 && edge.brokenCount === edge.flowCount ? "broke off" : "closed";
}
