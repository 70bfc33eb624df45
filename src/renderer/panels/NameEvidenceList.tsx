/** Every name the flows may belong to, with how each is known and how old that is; then what disagrees or is hidden. */
import type { DestinationNode, GraphEdge } from "../../core/graph/graph.ts";
import { displayDomain } from "../../core/model/display-domain.ts";
import { NameMark } from "../components/NameMark.tsx";
import { nodeName } from "../display-name.ts";
import { nameLines, nameSentences } from "../store/known-names.ts";
import { useSession } from "../store/stores.ts";
import styles from "./Inspector.module.css";
import { NameNotes } from "./NameNotes.tsx";

interface NameEvidenceListProps {
  readonly destination: DestinationNode;
  readonly edges: readonly GraphEdge[];
}

/** A destination that everything contacts (a resolver) is known in many ways; the first say enough. */
const MAX_LINES = 12;

export function NameEvidenceList({ destination, edges }: NameEvidenceListProps) {
  const nodes = useSession((state) => state.graph.nodes);
  const named = edges.map((edge) => {
    const program = nodes.get(edge.source);
    return { edge, program: program === undefined ? "no longer known" : nodeName(program) };
  });
  const lines = nameLines(destination, named);
  return (
    <div data-testid="name-evidence">
      <ul className={styles.evidence}>
        {lines.slice(0, MAX_LINES).map(({ key, name, source, isContradicted, candidateCount, words, exact }) => (
          <li key={key} title={name === null ? exact : `${name}\n${exact}`}>
            <NameMark source={source} isContradicted={isContradicted} candidateCount={candidateCount} />
            <bdi dir="ltr">{name === null ? "No name" : displayDomain(name)}</bdi>
            {words === "" ? null : <small>{words}</small>}
          </li>
        ))}
      </ul>
      {lines.length > MAX_LINES ? <p className={styles.hint}>and {lines.length - MAX_LINES} more</p> : null}
      {nameSentences(destination, edges).map((sentence) => (
        <p key={sentence} className={styles.sentence}>
          {sentence}
        </p>
      ))}
      <NameNotes edges={edges} />
    </div>
  );
}
