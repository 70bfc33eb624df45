/** The graph as the window holds it, and how an update changes it. Pure. */
import type { Graph, GraphDiff, GraphEdge, GraphNode } from "../../core/graph/graph.ts";
import type { EdgeId, NodeId } from "../../core/model/ids.ts";

export interface GraphState extends Graph {
  /** Edges at each node, in the order they came. */
  readonly edgesOf: ReadonlyMap<NodeId, readonly EdgeId[]>;
  /** Counts up when a node or an edge comes or goes: then, and only then, the layout must know. */
  readonly structure: number;
}

export const EMPTY_GRAPH: GraphState = { nodes: new Map(), edges: new Map(), edgesOf: new Map(), structure: 0 };

/** The graph after `diff`; the same object when the diff says nothing. */
export function mergeGraph(graph: GraphState, diff: GraphDiff, isReset: boolean): GraphState {
  const isSilent = diff.nodes.length + diff.edges.length + diff.removedNodes.length + diff.removedEdges.length === 0;
  if (isSilent && !isReset) return graph;
  const nodes = new Map<NodeId, GraphNode>(isReset ? [] : graph.nodes);
  const edges = new Map<EdgeId, GraphEdge>(isReset ? [] : graph.edges);
  let isRestructured = isReset;
  for (const id of diff.removedEdges) isRestructured = edges.delete(id) || isRestructured;
  for (const id of diff.removedNodes) isRestructured = nodes.delete(id) || isRestructured;
  for (const node of diff.nodes) {
    isRestructured ||= !nodes.has(node.id);
    nodes.set(node.id, node);
  }
  for (const edge of diff.edges) {
    isRestructured ||= !edges.has(edge.id);
    edges.set(edge.id, edge);
  }
  if (!isRestructured) return { nodes, edges, edgesOf: graph.edgesOf, structure: graph.structure };
  return { nodes, edges, edgesOf: indexEdges(edges), structure: graph.structure + 1 };
}

function indexEdges(edges: ReadonlyMap<EdgeId, GraphEdge>): Map<NodeId, EdgeId[]> {
  const edgesOf = new Map<NodeId, EdgeId[]>();
  const add = (node: NodeId, edge: EdgeId): void => {
    const known = edgesOf.get(node);
    if (known === undefined) edgesOf.set(node, [edge]);
    else known.push(edge);
  };
  for (const edge of edges.values()) {
    add(edge.source, edge.id);
    if (edge.target !== edge.source) add(edge.target, edge.id);
  }
  return edgesOf;
}

/** The edges at a node, as values. */
export function edgesAt(graph: GraphState, node: NodeId): GraphEdge[] {
  const found: GraphEdge[] = [];
  for (const id of graph.edgesOf.get(node) ?? []) {
    const edge = graph.edges.get(id);
    if (edge !== undefined) found.push(edge);
  }
  return found;
}
