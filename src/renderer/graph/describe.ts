/** What the canvas shows, in words: for the live region, the hover card and the hidden list. Pure. */
import type { GraphEdge, GraphNode } from "../../core/graph/graph.ts";
import { categoryWords, formatBytes, formatCount, serviceLabel } from "../../core/model/format.ts";
import { nameMarkWords } from "../components/NameMark.tsx";
import { nodeName } from "../display-name.ts";
import type { GraphState } from "../store/graph-state.ts";

export function describeNode(node: GraphNode): string {
  const others =
    node.kind === "program"
      ? formatCount(node.destinationCount, "destination")
      : formatCount(node.programCount, "program");
  const kind = node.kind === "program" ? "Program" : "Destination";
  const suspected = node.isSuspected ? ", suspected" : "";
  return `${kind} ${nodeName(node)}: ${categoryWords(node.category).plain}${suspected}, ${others}, ${formatBytes(node.bytesSent)} sent, ${formatBytes(node.bytesReceived)} received`;
}

export function describeEdge(graph: GraphState, edge: GraphEdge): string {
  const source = graph.nodes.get(edge.source);
  const target = graph.nodes.get(edge.target);
  const from = source === undefined ? "unknown program" : nodeName(source);
  const to = target === undefined ? "unknown destination" : nodeName(target);
  const candidateCount = target?.kind === "destination" ? target.candidates.length : 0;
  const known = nameMarkWords({ source: edge.nameSource, isContradicted: edge.isContradicted, candidateCount }).plain;
  const service = edge.services[0];
  const port = service === undefined ? "" : `, ${serviceLabel(service.transport, service.port)}`;
  return `${from} to ${to}: ${categoryWords(edge.verdict.category).plain}${port}, ${known}`;
}
