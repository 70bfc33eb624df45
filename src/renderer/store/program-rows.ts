/** The left list: groups of programs, then the destinations a search found. Pure. */
import type { DestinationNode, ProgramGroup, ProgramNode } from "../../core/graph/graph.ts";
import { careRank } from "../tone.ts";
import type { GraphState } from "./graph-state.ts";
import { type Matches, nodeMatchesWords, queryWords } from "./matches.ts";

export type ListRow =
  | { readonly kind: "heading"; readonly key: string; readonly label: string; readonly count: number }
  | { readonly kind: "program"; readonly key: string; readonly node: ProgramNode }
  | { readonly kind: "destination"; readonly key: string; readonly node: DestinationNode };

const GROUPS: readonly { readonly groups: readonly ProgramGroup[]; readonly label: string }[] = [
  { groups: ["application"], label: "Applications" },
  { groups: ["command-line"], label: "Command line" },
  { groups: ["service"], label: "Services" },
  { groups: ["container"], label: "Containers" },
  { groups: ["unknown"], label: "Other" },
];

const MAX_FOUND_DESTINATIONS = 200;

/** By name, so that a row never moves under the pointer when bytes arrive. */
const byLabel = (a: ProgramNode | DestinationNode, b: ProgramNode | DestinationNode): number =>
  a.label.localeCompare(b.label, "en", { sensitivity: "base" }) || (a.id < b.id ? -1 : 1);

export function buildProgramRows(graph: GraphState, matches: Matches | null, query: string): ListRow[] {
  const programs: ProgramNode[] = [];
  for (const node of graph.nodes.values()) {
    if (node.kind === "program" && (matches === null || matches.nodes.has(node.id))) programs.push(node);
  }
  const rows: ListRow[] = [];
  for (const { groups, label } of GROUPS) {
    const members = programs.filter((node) => groups.includes(node.group)).sort(byLabel);
    if (members.length === 0) continue;
    rows.push({ kind: "heading", key: `heading-${label}`, label, count: members.length });
    for (const node of members) rows.push({ kind: "program", key: node.id, node });
  }
  return [...rows, ...foundDestinations(graph, matches, query)];
}

function foundDestinations(graph: GraphState, matches: Matches | null, query: string): ListRow[] {
  const words = queryWords(query);
  if (words.length === 0 || matches === null) return [];
  const found: DestinationNode[] = [];
  for (const node of graph.nodes.values()) {
    if (node.kind === "destination" && matches.nodes.has(node.id) && nodeMatchesWords(node, words)) found.push(node);
  }
  if (found.length === 0) return [];
  found.sort((a, b) => careRank(a.category) - careRank(b.category) || byLabel(a, b));
  return [
    { kind: "heading", key: "heading-destinations", label: "Destinations", count: found.length },
    ...found.slice(0, MAX_FOUND_DESTINATIONS).map((node): ListRow => ({ kind: "destination", key: node.id, node })),
  ];
}
