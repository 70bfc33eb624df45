/**
 * What changed between two graphs. The session keeps the object of everything
 * that did not change, so identity is the comparison.
 */
import type { Graph, GraphDiff } from "./graph.ts";

export const EMPTY_GRAPH: Graph = { nodes: new Map(), edges: new Map() };

function changed<Id, Value>(before: ReadonlyMap<Id, Value>, after: ReadonlyMap<Id, Value>): Value[] {
  const values: Value[] = [];
  for (const [id, value] of after) if (before.get(id) !== value) values.push(value);
  return values;
}

function removed<Id, Value>(before: ReadonlyMap<Id, Value>, after: ReadonlyMap<Id, Value>): Id[] {
  const ids: Id[] = [];
  for (const id of before.keys()) if (!after.has(id)) ids.push(id);
  return ids;
}

/** `diffGraphs(EMPTY_GRAPH, graph)` carries everything. */
export function diffGraphs(before: Graph, after: Graph): GraphDiff {
  if (before === after) return { nodes: [], edges: [], removedNodes: [], removedEdges: [] };
  return {
    nodes: changed(before.nodes, after.nodes),
    edges: changed(before.edges, after.edges),
    removedNodes: removed(before.nodes, after.nodes),
    removedEdges: removed(before.edges, after.edges),
  };
}
