/** Every name the flows may belong to, with how each is known and how old that is; then what disagrees or is hidden. */
import type { DestinationNode, GraphEdge } from "../../core/graph/graph.ts";
import { displayDomain } from "../../core/model/display-domain.ts";
import { NameMark } from "../components/NameMark.tsx";
import { nameLines, nameSentences } from "../store/known-names.ts";
import styles from "./Inspector.module.css";
import { NameNotes } from "./NameNotes.tsx";

interface NameEvidenceListProps {
  readonly destination: DestinationNode;
  readonly edges: readonly GraphEdge[];
}

export function NameEvidenceList({ destination, edges }: NameEvidenceListProps) {
  return (
    <div data-testid="name-evidence">
      <ul className={styles.evidence}>
        {nameLines(destination, edges).map(({ key, name, source, isContradicted, candidateCount, words, exact }) => (
          <li key={key} title={name === null ? exact : `${name}\n${exact}`}>
            <NameMark source={source} isContradicted={isContradicted} candidateCount={candidateCount} />
            <bdi dir="ltr">{name === null ? "No name" : displayDomain(name)}</bdi>
            <small>{words}</small>
          </li>
        ))}
      </ul>
      {nameSentences(destination, edges).map((sentence) => (
        <p key={sentence} className={styles.sentence}>
          {`${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}.`}
        </p>
      ))}
      <NameNotes edges={edges} />
    </div>
  );
}
