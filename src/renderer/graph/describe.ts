/** What the canvas shows, in words: for the live region, the hover card and the hidden list. Pure. */
import type { GraphEdge, GraphNode } from "../../core/graph/graph.ts";
import { categoryWords, formatBytes, formatCount, nameSourceWords, serviceLabel } from "../../core/model/format.ts";
import { displayName } from "../display-name.ts";
import type { GraphState } from "../store/graph-state.ts";

export function describeNode(node: GraphNode): string {
  const others =
    node.kind === "program"
      ? formatCount(node.destinationCount, "destination")
      : formatCount(node.programCount, "program");
  const kind = node.kind === "program" ? "Program" : "Destination";
  const suspected = node.isSuspected ? ", suspected" : "";
  return `${kind} ${displayName(node.label)}: ${categoryWords(node.category).plain}${suspected}, ${others}, ${formatBytes(node.bytesSent)} sent, ${formatBytes(node.bytesReceived)} received`;
}

export function describeEdge(graph: GraphState, edge: GraphEdge): string {
  const source = graph.nodes.get(edge.source)?.label ?? "unknown program";
  const target = graph.nodes.get(edge.target)?.label ?? "unknown destination";
  const service = edge.services[0];
  const port = service === undefined ? "" : `, ${serviceLabel(service.transport, service.port)}`;
  return `${displayName(source)} to ${displayName(target)}: ${categoryWords(edge.verdict.category).plain}${port}, ${nameSourceWords(edge.nameSource).plain}`;
}
