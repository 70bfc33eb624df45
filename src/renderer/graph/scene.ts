/**
 * What paint needs, from the graph and the person's choices; positions are
 * kept apart because they change far more often. Pure.
 */
import type { DestinationNode, GraphEdge, GraphNode } from "../../core/graph/graph.ts";
import { shortenMiddle } from "../../core/model/display-text.ts";
import { type NameMark, nameMark } from "../../core/model/format.ts";
import type { EdgeId, NodeId } from "../../core/model/ids.ts";
import { NAME_SOURCES, type NameSource } from "../../core/model/name-evidence.ts";
import { nodeName } from "../display-name.ts";
import { edgesAt, type GraphState } from "../store/graph-state.ts";
import type { Matches } from "../store/matches.ts";
import type { Selection } from "../store/stores.ts";
import { careRank, type Tone, toneOf } from "../tone.ts";
import { loopOf } from "./curve.ts";

export interface SceneNode {
  readonly id: NodeId;
  readonly kind: "program" | "destination";
  readonly radiusPx: number;
  readonly label: string;
  /** First letter, for a program's tile. */
  readonly letter: string;
  readonly mark: NameMark | null;
  readonly tone: Tone;
  readonly isSuspected: boolean;
  /** Several names share its address and cannot be told apart. */
  readonly isAmbiguous: boolean;
  readonly isDimmed: boolean;
  readonly isSelected: boolean;
  /** Selected or next to it: labelled whatever else is. */
  readonly isNear: boolean;
  /** Ended, or not seen for long. */
  readonly isQuiet: boolean;
  /** The higher, the earlier it gets its label. */
  readonly priority: number;
}

export interface SceneEdge {
  readonly id: EdgeId;
  /** Indexes into the scene's nodes. */
  readonly source: number;
  readonly target: number;
  /** How far its loop reaches, in world units, where a program talks to itself; 0: its ends are two nodes. */
  readonly loopPx: number;
  readonly widthPx: number;
  readonly tone: Tone;
  readonly direction: GraphEdge["direction"];
  readonly isSuspected: boolean;
  readonly isDimmed: boolean;
  readonly isSelected: boolean;
  /** 0.3 (long ago) to 1 (just now). */
  readonly freshness: number;
}

export interface Scene {
  readonly nodes: readonly SceneNode[];
  readonly edges: readonly SceneEdge[];
  readonly indexOf: ReadonlyMap<NodeId, number>;
  readonly edgeIndexOf: ReadonlyMap<EdgeId, number>;
}

export interface SceneChoices {
  readonly selection: Selection | null;
  readonly matches: Matches | null;
  readonly nowNs: number;
}

const MIN_RADIUS_PX = 8;
const MAX_RADIUS_PX = 28;
const LABEL_CHARACTERS = 38;

/** 8 px up to 300 B, 28 px from 300 MB, by the logarithm between. */
export function radiusOfBytes(bytes: number): number {
  const share = Math.min(1, Math.max(0, (Math.log10(bytes + 1) - 2.5) / 6));
  return MIN_RADIUS_PX + (MAX_RADIUS_PX - MIN_RADIUS_PX) * share;
}

/** 1 px for a bare attempt, up to 5 px. */
export const widthOfBytes = (bytes: number): number => 1 + Math.min(4, Math.max(0, (Math.log10(bytes + 1) - 2) * 0.65));

/** 1 within ten seconds, falling to 0.3 after about ten minutes. */
export function freshnessOf(elapsedNs: number): number {
  const seconds = Math.max(1, elapsedNs / 1e9);
  return Math.max(0.3, Math.min(1, 1 - (Math.log10(seconds) - 1) * 0.4));
}

export function buildScene(graph: GraphState, choices: SceneChoices): Scene {
  const near = nearSelection(graph, choices.selection);
  const indexOf = new Map<NodeId, number>();
  const nodes: SceneNode[] = [];
  for (const node of graph.nodes.values()) {
    indexOf.set(node.id, nodes.length);
    nodes.push(sceneNode(graph, node, choices, near));
  }
  const edges: SceneEdge[] = [];
  const edgeIndexOf = new Map<EdgeId, number>();
  for (const edge of graph.edges.values()) {
    const source = indexOf.get(edge.source);
    const target = indexOf.get(edge.target);
    if (source === undefined || target === undefined) continue;
    edgeIndexOf.set(edge.id, edges.length);
    const loopPx = source === target ? loopOf(nodes[source]?.radiusPx ?? 0) : 0;
    edges.push({ ...sceneEdge(edge, choices, near), source, target, loopPx });
  }
  return { nodes, edges, indexOf, edgeIndexOf };
}

interface Near {
  readonly nodes: ReadonlySet<NodeId>;
  readonly edges: ReadonlySet<EdgeId>;
}

function nearSelection(graph: GraphState, selection: Selection | null): Near | null {
  if (selection === null) return null;
  const edges =
    selection.kind === "node"
      ? edgesAt(graph, selection.id)
      : [graph.edges.get(selection.id)].filter((edge) => edge !== undefined);
  const nodes = new Set<NodeId>(selection.kind === "node" ? [selection.id] : []);
  for (const edge of edges) {
    nodes.add(edge.source);
    nodes.add(edge.target);
  }
  return { nodes, edges: new Set(edges.map((edge) => edge.id)) };
}

function sceneNode(graph: GraphState, node: GraphNode, choices: SceneChoices, near: Near | null): SceneNode {
  const { selection, matches, nowNs } = choices;
  const bytes = node.bytesSent + node.bytesReceived;
  const isSelected = selection?.kind === "node" && selection.id === node.id;
  const isNear = near?.nodes.has(node.id) ?? false;
  const label = shortenMiddle(nodeName(node), LABEL_CHARACTERS);
  return {
    id: node.id,
    kind: node.kind,
    radiusPx: node.kind === "program" ? Math.max(13, radiusOfBytes(bytes)) : radiusOfBytes(bytes),
    label,
    letter: tileLetter(node.label),
    mark: node.kind === "destination" ? markOfDestination(graph, node, selection) : null,
    tone: toneOf(node.category),
    isSuspected: node.isSuspected,
    isAmbiguous: node.kind === "destination" && node.candidates.length > 1,
    isDimmed: (near !== null && !isNear) || (matches !== null && !matches.nodes.has(node.id)),
    isSelected,
    isNear,
    isQuiet: node.kind === "program" ? !node.isRunning : nowNs - node.lastSeenNs > 300e9,
    priority: labelPriority(node, bytes),
  };
}

/** Programs first, then what a person would care about, then size. */
function labelPriority(node: GraphNode, bytes: number): number {
  const care = 12 - careRank(node.category);
  return (node.kind === "program" ? 40 : 0) + care * 3 + Math.log10(bytes + 1);
}

/** First letter or digit in upper case; a dot when there is none. */
export function tileLetter(label: string): string {
  const letter = /[\p{L}\p{N}]/u.exec(label)?.[0];
  return letter === undefined ? "·" : letter.toUpperCase();
}

/** How the selected program knows the name; without a selection, the best any program knows it. */
function markOfDestination(graph: GraphState, node: DestinationNode, selection: Selection | null): NameMark {
  const edges = edgesAt(graph, node.id);
  const candidateCount = node.candidates.length;
  const own = edges.find((edge) => edge.source === selection?.id || edge.id === selection?.id);
  if (own !== undefined) return nameMark(own.nameSource, own.isContradicted, candidateCount);
  return nameMark(
    strongest(edges.map((edge) => edge.nameSource)),
    edges.some((edge) => edge.isContradicted),
    candidateCount,
  );
}

export function strongest(sources: readonly (NameSource | null)[]): NameSource | null {
  return NAME_SOURCES.find((source) => sources.includes(source)) ?? null;
}

type Ends = "source" | "target" | "loopPx";

function sceneEdge(edge: GraphEdge, choices: SceneChoices, near: Near | null): Omit<SceneEdge, Ends> {
  const { selection, matches, nowNs } = choices;
  return {
    id: edge.id,
    widthPx: widthOfBytes(edge.bytesSent + edge.bytesReceived),
    tone: toneOf(edge.verdict.category),
    direction: edge.direction,
    isSuspected: edge.verdict.confidence === "suspected",
    isDimmed: (near !== null && !near.edges.has(edge.id)) || (matches !== null && !matches.edges.has(edge.id)),
    isSelected: selection?.kind === "edge" && selection.id === edge.id,
    freshness: freshnessOf(nowNs - edge.lastSeenNs),
  };
}
