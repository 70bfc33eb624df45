/** What search, legend and time brush leave over. Pure. */
import type { GraphEdge, GraphNode } from "../../core/graph/graph.ts";
import { displayDomain } from "../../core/model/display-domain.ts";
import { categoryWords, localityLabel, serviceLabel } from "../../core/model/format.ts";
import type { EdgeId, NodeId } from "../../core/model/ids.ts";
import { ENCRYPTED_DNS_LABELS } from "../../core/model/name-words.ts";
import { type Tone, toneOf } from "../tone.ts";
import type { GraphState } from "./graph-state.ts";

export interface Filter {
  readonly query: string;
  readonly hiddenTones: ReadonlySet<Tone>;
  /** Edges inside the brushed time, or null for all time. */
  readonly activeEdges: ReadonlySet<EdgeId> | null;
}

export interface Matches {
  readonly nodes: ReadonlySet<NodeId>;
  readonly edges: ReadonlySet<EdgeId>;
}

/** Nodes are replaced when they change, so their search text lives as long as they do. */
const textOfNode = new WeakMap<GraphNode, string>();

/** A person may type what is shown or what is sent. */
const bothForms = (names: readonly string[]): readonly string[] => [
  ...new Set([...names, ...names.map(displayDomain)]),
];

function searchText(node: GraphNode): string {
  let text = textOfNode.get(node);
  if (text === undefined) {
    text = (
      node.kind === "program"
        ? [
            node.label,
            node.exe,
            node.script,
            node.unit?.name ?? null,
            node.bundle?.id ?? null,
            node.container?.id ?? null,
            node.container?.image ?? null,
            ...node.processes.flatMap((process) => [`${process.pid}`, ...(process.argv ?? [])]),
          ]
        : [...bothForms([node.label, ...node.candidates]), node.owner, ...node.addresses]
    )
      .filter((part) => part !== null)
      .join("\n")
      .toLowerCase();
    textOfNode.set(node, text);
  }
  return text;
}

function edgeText(edge: GraphEdge): string {
  const services = edge.services.map((service) => serviceLabel(service.transport, service.port));
  const peer = edge.peer === null ? [] : [edge.peer.name ?? "", ...edge.peer.addresses, localityLabel("loopback")];
  const names = bothForms([...edge.otherNames.map((evidence) => evidence.name), ...edge.hops, ...peer]);
  const words = edge.encryptedDns === null ? [] : [ENCRYPTED_DNS_LABELS[edge.encryptedDns.protocol]];
  const { category, vendor, owner } = edge.verdict;
  return [categoryWords(category).plain, vendor, owner, ...services, ...names, ...words].join("\n").toLowerCase();
}

/** Words of a query; each must be found. */
export const queryWords = (query: string): string[] =>
  query
    .normalize("NFC")
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== "");

export const nodeMatchesWords = (node: GraphNode, words: readonly string[]): boolean => {
  const text = searchText(node);
  return words.every((word) => text.includes(word));
};

/** null: no filter is set, everything matches. */
export function matchGraph(graph: GraphState, filter: Filter): Matches | null {
  const words = queryWords(filter.query);
  if (words.length === 0 && filter.hiddenTones.size === 0 && filter.activeEdges === null) return null;
  const nodes = new Set<NodeId>();
  const edges = new Set<EdgeId>();
  for (const edge of graph.edges.values()) {
    if (!edgeMatches(graph, edge, filter, words)) continue;
    edges.add(edge.id);
    nodes.add(edge.source);
    nodes.add(edge.target);
  }
  // A program without edges (its flows expired) can still be searched for.
  if (words.length > 0 && filter.activeEdges === null) {
    for (const node of graph.nodes.values()) {
      if (!filter.hiddenTones.has(toneOf(node.category)) && nodeMatchesWords(node, words)) nodes.add(node.id);
    }
  }
  return { nodes, edges };
}

function edgeMatches(graph: GraphState, edge: GraphEdge, filter: Filter, words: readonly string[]): boolean {
  if (filter.hiddenTones.has(toneOf(edge.verdict.category))) return false;
  if (filter.activeEdges !== null && !filter.activeEdges.has(edge.id)) return false;
  if (words.length === 0) return true;
  const source = graph.nodes.get(edge.source);
  const target = graph.nodes.get(edge.target);
  const text = `${source === undefined ? "" : searchText(source)}\n${target === undefined ? "" : searchText(target)}\n${edgeText(edge)}`;
  return words.every((word) => text.includes(word));
}
