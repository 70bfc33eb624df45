/** Every name a destination's flows may belong to, with how each is known, for the inspector. Pure. */
import type { DestinationNode, GraphEdge } from "../../core/graph/graph.ts";
import { displayDomain } from "../../core/model/display-domain.ts";
import { nameSourceWords } from "../../core/model/format.ts";
import type { NameSource } from "../../core/model/name-evidence.ts";
import { contradictionText, type KnownName, nameKnownText } from "../../core/model/name-words.ts";

export interface NameLine {
  readonly key: string;
  /** null: only the address is known. */
  readonly name: string | null;
  readonly source: NameSource | null;
  readonly isContradicted: boolean;
  readonly candidateCount: number;
  /** How it is known, how old that was, and by which programs where there are several. */
  readonly words: string;
  readonly exact: string;
}

type BareLine = Omit<NameLine, "key">;

/** A contact and what its program is called. */
export interface NamedEdge {
  readonly edge: GraphEdge;
  readonly program: string;
}

/** What is true of all candidates is said under the first. */
function mainLines(destination: DestinationNode, edge: GraphEdge): BareLine[] {
  const source = edge.nameSource;
  const words = nameKnownText(source, edge.nameAgeNs);
  const line = {
    source,
    isContradicted: edge.isContradicted,
    candidateCount: destination.candidates.length,
    exact: nameSourceWords(source).exact,
  };
  if (destination.candidates.length === 0) {
    return [{ ...line, name: destination.isNamed ? destination.label : null, words }];
  }
  return destination.candidates.map((name, index) => ({ ...line, name, words: index === 0 ? words : "" }));
}

/** Candidates stand among the evidence of a flow, too: they are told already. */
const otherLines = ({ candidates }: DestinationNode, edge: GraphEdge): BareLine[] =>
  edge.otherNames
    .filter(({ name }) => !candidates.includes(name))
    .map(({ name, source }) => ({
      name,
      source,
      isContradicted: false,
      candidateCount: 0,
      words: nameSourceWords(source).plain,
      exact: nameSourceWords(source).exact,
    }));

const MAX_PROGRAMS_TOLD = 3;

/** `curl, git and 2 more: asked for by this program`. */
function wordsOf(words: string, programs: readonly string[], isAlone: boolean): string {
  if (isAlone || words === "") return words;
  const told = programs.slice(0, MAX_PROGRAMS_TOLD).join(", ");
  const more = programs.length > MAX_PROGRAMS_TOLD ? ` and ${programs.length - MAX_PROGRAMS_TOLD} more` : "";
  return `${told}${more}: ${words}`;
}

/** The name in use first, then what else it may be. */
export function nameLines(destination: DestinationNode, edges: readonly NamedEdge[]): readonly NameLine[] {
  const found = new Map<string, { readonly line: BareLine; readonly programs: Set<string> }>();
  const add = (line: BareLine, program: string): void => {
    const key = `${line.name} ${line.source} ${line.isContradicted} ${line.words}`;
    const known = found.get(key);
    if (known === undefined) found.set(key, { line, programs: new Set([program]) });
    else known.programs.add(program);
  };
  for (const { edge, program } of edges) for (const line of mainLines(destination, edge)) add(line, program);
  for (const { edge, program } of edges) for (const line of otherLines(destination, edge)) add(line, program);
  return [...found].map(([key, { line, programs }]) => ({
    ...line,
    key,
    words: wordsOf(line.words, [...programs], edges.length === 1),
  }));
}

const knownNames = (destination: DestinationNode, edge: GraphEdge): readonly KnownName[] => [
  ...(edge.nameSource === null ? [] : [{ name: destination.label, source: edge.nameSource }]),
  ...edge.otherNames,
];

const asSentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;

/** Sentences about names that disagree, cannot be told apart, or are shown as they are sent. */
export function nameSentences(destination: DestinationNode, edges: readonly GraphEdge[]): readonly string[] {
  const sentences = edges
    .filter((edge) => edge.isContradicted)
    .map((edge) => asSentence(contradictionText(knownNames(destination, edge))));
  if (destination.candidates.length > 1) {
    sentences.push("These names share an address, and nothing on the connection says which it was.");
  }
  if (destination.isNamed && displayDomain(destination.label).includes("xn--")) {
    sentences.push("The name is shown as it is sent (xn--): its letters could pass for others.");
  }
  return [...new Set(sentences)];
}
