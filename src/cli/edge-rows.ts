/** The graph's edges as rows of the terminal's table, display-safe. */
import type { Graph, GraphEdge, GraphNode } from "../core/graph/graph.ts";
import { displayDomain } from "../core/model/display-domain.ts";
import { displayText } from "../core/model/display-text.ts";
import { categoryWords, formatAgo, formatBytes, nameMark, serviceLabel } from "../core/model/format.ts";
import type { NameSource } from "../core/model/name-evidence.ts";
import { ENCRYPTED_DNS_LABELS, hopsText } from "../core/model/name-words.ts";
import { type Category, REPORTED_CATEGORIES } from "../core/model/verdict.ts";

export interface EdgeRow {
  readonly program: string;
  readonly direction: "→" | "←" | "↔";
  readonly destination: string;
  readonly mark: string;
  readonly howKnown: string;
  readonly service: string;
  readonly verdict: string;
  readonly sent: string;
  readonly received: string;
  readonly age: string;
  readonly category: Category;
  readonly isReported: boolean;
}

/** A terminal has no hover and little room: the sentences of nameSourceWords in two words. `--help` explains the marks. */
const HOW_KNOWN: Readonly<Record<NameSource, string>> = {
  "server-name": "own TLS name",
  "connect-target": "asked of proxy",
  "http-host": "own HTTP host",
  "own-answer": "own lookup",
  "own-lookup": "own lookup (libc)",
  "inherited-answer": "parent's lookup",
  "cgroup-answer": "service's lookup",
  "host-answer": "another's lookup",
  "hosts-file": "/etc/hosts",
  "reverse-dns": "reverse lookup",
};

const ARROWS = { outbound: "→", inbound: "←", both: "↔" } as const;

function verdictText(edge: GraphEdge): string {
  if (edge.verdict.category === "unknown") return "";
  const words = categoryWords(edge.verdict.category).plain;
  const vendor = edge.verdict.vendor === null ? "" : ` · ${edge.verdict.vendor}`;
  return `${words}${edge.verdict.confidence === "suspected" ? "?" : ""}${vendor}`;
}

function serviceText(edge: GraphEdge): string {
  const [first, ...others] = edge.services;
  if (first === undefined) return "";
  const label = serviceLabel(first.transport, first.port);
  return others.length === 0 ? label : `${label} +${others.length}`;
}

function labelOf(node: GraphNode | undefined): string {
  if (node === undefined) return "?";
  return node.kind === "destination" ? displayDomain(node.label) : displayText(node.label);
}

const candidateCountOf = (node: GraphNode | undefined): number =>
  node?.kind === "destination" ? node.candidates.length : 0;

/** What the program looked up instead, where its sources disagree. */
function lookedUpText({ isContradicted, otherNames }: GraphEdge): string | null {
  const asked = otherNames.find(({ source }) => source === "own-answer" || source === "own-lookup");
  if (!isContradicted) return null;
  return asked === undefined ? "not what it looked up" : `looked up ${displayDomain(asked.name)}`;
}

const ECH_TEXTS = { "outer-name": "ECH: real name hidden", offered: "ECH offered" } as const;

/** How the name is known, and in few words whatever else there is to say about it. */
function howKnownText(edge: GraphEdge, candidateCount: number): string {
  if (edge.peer !== null)
    return `on this machine${edge.peer.name === null ? "" : `, as ${displayDomain(edge.peer.name)}`}`;
  const source = edge.nameSource === null ? "address only" : HOW_KNOWN[edge.nameSource];
  return [
    candidateCount > 1 ? `${source}, one of ${candidateCount}` : source,
    lookedUpText(edge),
    edge.answeredBy === null ? null : `answered here by ${displayText(edge.answeredBy)}`,
    edge.ech === null ? null : ECH_TEXTS[edge.ech],
    edge.encryptedDns === null ? null : ENCRYPTED_DNS_LABELS[edge.encryptedDns.protocol],
  ]
    .filter((text) => text !== null)
    .join("; ");
}

export function edgeRow(edge: GraphEdge, graph: Graph, nowNs: number): EdgeRow {
  const isUnreached = edge.failedCount > 0 && edge.failedCount === edge.flowCount;
  const failure = isUnreached && edge.lastFailure !== null ? ` (${displayText(edge.lastFailure)})` : "";
  const target = graph.nodes.get(edge.target);
  const candidateCount = candidateCountOf(target);
  const hops = edge.hops.length === 0 ? "" : ` ${hopsText(edge.hops)}`;
  return {
    program: labelOf(graph.nodes.get(edge.source)),
    direction: ARROWS[edge.direction],
    destination: labelOf(target) + hops + failure,
    // A program of this machine needs no name to be known.
    mark: edge.peer !== null ? " " : nameMark(edge.nameSource, edge.isContradicted, candidateCount),
    howKnown: howKnownText(edge, candidateCount),
    service: serviceText(edge),
    verdict: displayText(verdictText(edge)),
    sent: formatBytes(edge.bytesSent),
    received: formatBytes(edge.bytesReceived),
    age: formatAgo(nowNs - edge.lastSeenNs),
    category: edge.verdict.category,
    isReported: REPORTED_CATEGORIES.has(edge.verdict.category),
  };
}

/** What a person wants on top: telemetry and its kin, then the most recent. At most `limit` rows. */
export function edgeRows(graph: Graph, nowNs: number, limit: number): readonly EdgeRow[] {
  const rank = (edge: GraphEdge): number => (REPORTED_CATEGORIES.has(edge.verdict.category) ? 0 : 1);
  const edges = [...graph.edges.values()].sort((a, b) => rank(a) - rank(b) || b.lastSeenNs - a.lastSeenNs);
  return edges.slice(0, limit).map((edge) => edgeRow(edge, graph, nowNs));
}
