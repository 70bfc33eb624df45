/** Every name a destination's flows may belong to, with how each is known, for the inspector. Pure. */
import type { DestinationNode, GraphEdge } from "../../core/graph/graph.ts";
import { nameSourceWords } from "../../core/model/format.ts";
import type { NameSource } from "../../core/model/name-evidence.ts";
import { candidatesText, contradictionText, type KnownName, nameAgeText } from "../../core/model/name-words.ts";

export interface NameLine {
  readonly key: string;
  /** null: only the address is known. */
  readonly name: string | null;
  readonly source: NameSource | null;
  readonly isContradicted: boolean;
  readonly candidateCount: number;
  /** How it is known, and how old that was. */
  readonly words: string;
  readonly exact: string;
}

/** What is said under each of several names, once. */
const candidateWords = (count: number): string => `one of ${count} names that share this address`;

function mainLines(destination: DestinationNode, edge: GraphEdge): NameLine[] {
  const source = edge.nameSource;
  const candidateCount = destination.candidates.length;
  const age = nameAgeText(source, edge.nameAgeNs);
  const words = [nameSourceWords(source).plain, age].filter((part) => part !== null).join(", ");
  const line = { source, isContradicted: edge.isContradicted, candidateCount, exact: nameSourceWords(source).exact };
  if (candidateCount === 0) {
    const name = destination.isNamed ? destination.label : null;
    return [{ ...line, key: `${name} ${source}`, name, words }];
  }
  return destination.candidates.map((name) => ({
    ...line,
    key: `${name} candidate`,
    name,
    words: `${candidateWords(candidateCount)}; ${words}`,
  }));
}

const otherLines = (edge: GraphEdge): NameLine[] =>
  edge.otherNames.map(({ name, source }) => ({
    key: `${name} ${source}`,
    name,
    source,
    isContradicted: false,
    candidateCount: 0,
    words: nameSourceWords(source).plain,
    exact: nameSourceWords(source).exact,
  }));

/** The name in use first, then what else it may be. */
export function nameLines(destination: DestinationNode, edges: readonly GraphEdge[]): readonly NameLine[] {
  const lines = new Map<string, NameLine>();
  for (const line of [...edges.flatMap((edge) => mainLines(destination, edge)), ...edges.flatMap(otherLines)]) {
    if (!lines.has(line.key)) lines.set(line.key, line);
  }
  return [...lines.values()];
}

const knownNames = (destination: DestinationNode, edge: GraphEdge): readonly KnownName[] => [
  ...(edge.nameSource === null ? [] : [{ name: destination.label, source: edge.nameSource }]),
  ...edge.otherNames,
];

/** Sentences about names that disagree or cannot be told apart. */
export function nameSentences(destination: DestinationNode, edges: readonly GraphEdge[]): readonly string[] {
  const sentences = edges
    .filter((edge) => edge.isContradicted)
    .map((edge) => contradictionText(knownNames(destination, edge)));
  if (destination.candidates.length > 1) sentences.push(candidatesText(destination.candidates));
  return [...new Set(sentences)];
}
