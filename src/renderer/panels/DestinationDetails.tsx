import { useMemo } from "react";
import type { DestinationNode, GraphEdge } from "../../core/graph/graph.ts";
import { displayText } from "../../core/model/display-text.ts";
import { BYTES_WORDS, categoryWords, formatBytes, groupDigits, localityLabel } from "../../core/model/format.ts";
import type { Verdict } from "../../core/model/verdict.ts";
import { CopyButton } from "../components/CopyButton.tsx";
import { RelativeTime } from "../components/RelativeTime.tsx";
import { SoftBreaks } from "../components/SoftBreaks.tsx";
import { VerdictDot } from "../components/VerdictDot.tsx";
import { nodeName } from "../display-name.ts";
import { edgesAt } from "../store/graph-state.ts";
import { useSession } from "../store/stores.ts";
import { careRank, toneOf } from "../tone.ts";
import { ContactList } from "./ContactList.tsx";
import { Fact, Mono, Numbers, Section } from "./details.tsx";
import styles from "./Inspector.module.css";
import { NameEvidenceList } from "./NameEvidenceList.tsx";
import { ReverseNames } from "./ReverseNames.tsx";
import { VerdictCard } from "./VerdictCard.tsx";

interface DestinationDetailsProps {
  readonly node: DestinationNode;
}

export function DestinationDetails({ node }: DestinationDetailsProps) {
  const graph = useSession((state) => state.graph);
  const edges = useMemo(
    () => edgesAt(graph, node.id).sort((a, b) => b.bytesSent + b.bytesReceived - a.bytesSent - a.bytesReceived),
    [graph, node.id],
  );
  const verdict = mostTelling(edges);
  return (
    <>
      <header className={styles.head}>
        <span className={styles.disc}>
          <VerdictDot tone={toneOf(node.category)} isSuspected={node.isSuspected} label={null} />
        </span>
        <div className={styles.headWords}>
          <h2 className={styles.title}>
            <bdi dir="ltr">
              <SoftBreaks text={nodeName(node)} />
            </bdi>{" "}
            <CopyButton text={node.label} label="Copy name" />
          </h2>
          <p className={styles.subtitle}>
            {categoryWords(node.category).plain}
            {node.isSuspected ? ", suspected" : ""} · {localityLabel(node.locality)}
          </p>
        </div>
      </header>
      <Numbers
        values={[
          ["Programs", groupDigits(node.programCount)],
          ["Sent to it", formatBytes(node.bytesSent), BYTES_WORDS],
          ["Received", formatBytes(node.bytesReceived), BYTES_WORDS],
        ]}
      />
      <Section title={`Contacted by (${edges.length})`}>
        <ContactList edges={edges} shows="program" />
      </Section>
      {verdict === null ? null : (
        <Section title="What it is for">
          <VerdictCard verdict={verdict} />
        </Section>
      )}
      <Section title="Identity">
        <dl className={styles.facts}>
          {node.owner === null ? null : <Fact name="Owner">{displayText(node.owner)}</Fact>}
          {node.addresses.map((address, index) => (
            <Fact key={address} name={index === 0 ? "Addresses" : ""} copy={address}>
              <Mono text={address} />
            </Fact>
          ))}
          <Fact name="First seen">
            <RelativeTime ns={node.firstSeenNs} />
          </Fact>
          <Fact name="Last seen">
            <RelativeTime ns={node.lastSeenNs} />
          </Fact>
          <Fact name="Connections">{groupDigits(node.flowCount)}</Fact>
        </dl>
      </Section>
      <Section title="How its name is known">
        <NameEvidenceList destination={node} edges={edges} />
        <ReverseNames node={node} />
      </Section>
    </>
  );
}

function mostTelling(edges: readonly GraphEdge[]): Verdict | null {
  const [first] = [...edges].sort((a, b) => careRank(a.verdict.category) - careRank(b.verdict.category));
  return first?.verdict ?? null;
}
