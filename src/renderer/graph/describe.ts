/** What the canvas shows, in words: for the live region, the hover card and the hidden list. Pure. */
import type { Graph, GraphEdge, GraphNode, ProgramNode } from "../../core/graph/graph.ts";
import { categoryWords, formatBytes, formatCount, serviceLabel } from "../../core/model/format.ts";
import type { NodeId } from "../../core/model/ids.ts";
import { nameMarkWords } from "../components/NameMark.tsx";
import { nodeName } from "../display-name.ts";
import type { GraphState } from "../store/graph-state.ts";

export function describeNode(node: GraphNode): string {
  const others =
    node.kind === "program"
      ? [formatCount(node.destinationCount, "destination"), ...callersText(node)].join(", ")
      : formatCount(node.programCount, "program");
  const kind = node.kind === "program" ? "Program" : "Destination";
  const suspected = node.isSuspected ? ", suspected" : "";
  return `${kind} ${nodeName(node)}: ${categoryWords(node.category).plain}${suspected}, ${others}, ${formatBytes(node.bytesSent)} sent, ${formatBytes(node.bytesReceived)} received`;
}

/** `called by 2 programs of this machine`; nothing for a program that nobody here calls. */
export const callersText = ({ callerCount }: ProgramNode): readonly string[] =>
  callerCount === 0 ? [] : [`called by ${formatCount(callerCount, "program")} of this machine`];

const MAX_SERVICES = 3;

/** `app talks to postgres on TCP 5432 (PostgreSQL), on this machine`. */
export function peerSentence(graph: Graph, edge: GraphEdge): string {
  const name = (id: NodeId): string => {
    const node = graph.nodes.get(id);
    return node === undefined ? "a program that is no longer known" : nodeName(node);
  };
  const services = edge.services.slice(0, MAX_SERVICES).map(({ transport, port }) => serviceLabel(transport, port));
  const port = services.length === 0 ? "" : ` on ${services.join(", ")}`;
  const to = edge.source === edge.target ? "itself" : name(edge.target);
  return `${name(edge.source)} talks to ${to}${port}, on this machine`;
}

export function describeEdge(graph: GraphState, edge: GraphEdge): string {
  const source = graph.nodes.get(edge.source);
  const target = graph.nodes.get(edge.target);
  if (edge.peer !== null) return `${peerSentence(graph, edge)}: ${categoryWords(edge.verdict.category).plain}`;
  const from = source === undefined ? "unknown program" : nodeName(source);
  const to = target === undefined ? "unknown destination" : nodeName(target);
  const candidateCount = target?.kind === "destination" ? target.candidates.length : 0;
  const known = nameMarkWords({ source: edge.nameSource, isContradicted: edge.isContradicted, candidateCount }).plain;
  const service = edge.services[0];
  const port = service === undefined ? "" : `, ${serviceLabel(service.transport, service.port)}`;
  return `${from} to ${to}: ${categoryWords(edge.verdict.category).plain}${port}, ${known}`;
}
