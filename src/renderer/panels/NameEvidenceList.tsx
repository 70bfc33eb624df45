/** Every name the flows may belong to, with how each is known. */
import type { GraphEdge } from "../../core/graph/graph.ts";
import { displayText } from "../../core/model/display-text.ts";
import { nameSourceWords } from "../../core/model/format.ts";
import type { NameSource } from "../../core/model/name-evidence.ts";
import { NameMark, nameMarkWords } from "../components/NameMark.tsx";
import styles from "./Inspector.module.css";

interface NameEvidenceListProps {
  /** The name shown for the destination, or null when only the address is known. */
  readonly label: string | null;
  readonly edges: readonly GraphEdge[];
}

interface KnownName {
  readonly name: string;
  readonly source: NameSource | null;
  readonly isContradicted: boolean;
}

export function NameEvidenceList({ label, edges }: NameEvidenceListProps) {
  const known = distinctNames(label, edges);
  return (
    <ul className={styles.evidence}>
      {known.map(({ name, source, isContradicted }) => (
        <li key={`${name} ${source}`} title={nameMarkWords({ source, isContradicted }).exact}>
          <NameMark source={source} isContradicted={isContradicted} />
          <bdi>{name === "" ? "No name" : displayText(name)}</bdi>
          <small>
            {isContradicted ? nameMarkWords({ source, isContradicted }).plain : nameSourceWords(source).plain}
          </small>
        </li>
      ))}
    </ul>
  );
}

function distinctNames(label: string | null, edges: readonly GraphEdge[]): KnownName[] {
  const found = new Map<string, KnownName>();
  const add = (known: KnownName): void => {
    const key = `${known.name} ${known.source}`;
    if (!found.has(key)) found.set(key, known);
  };
  for (const edge of edges) add({ name: label ?? "", source: edge.nameSource, isContradicted: edge.isContradicted });
  for (const edge of edges) {
    for (const { name, source } of edge.otherNames) add({ name, source, isContradicted: false });
  }
  return [...found.values()];
}
