/** One contact: both ends, the verdict, how the name is known, and the newest connections behind it. */
import { useEffect, useState } from "react";
import type { GraphEdge } from "../../core/graph/graph.ts";
import { displayText } from "../../core/model/display-text.ts";
import type { Flow } from "../../core/model/flow.ts";
import {
  directionLabel,
  formatBytes,
  formatEndpoint,
  groupDigits,
  serviceLabel,
  stateLabel,
} from "../../core/model/format.ts";
import type { NodeId } from "../../core/model/ids.ts";
import { openedByText } from "../../core/model/socket-words.ts";
import { Button } from "../components/Button.tsx";
import { RelativeTime } from "../components/RelativeTime.tsx";
import { SoftBreaks } from "../components/SoftBreaks.tsx";
import { nameDirection, nodeName } from "../display-name.ts";
import { select } from "../store/actions.ts";
import { useCollaborators, useSession } from "../store/stores.ts";
import { Fact, Mono, Numbers, Section } from "./details.tsx";
import styles from "./Inspector.module.css";
import { NameEvidenceList } from "./NameEvidenceList.tsx";
import { VerdictCard } from "./VerdictCard.tsx";

interface EdgeDetailsProps {
  readonly edge: GraphEdge;
}

export function EdgeDetails({ edge }: EdgeDetailsProps) {
  const destination = useSession((state) => state.graph.nodes.get(edge.target));
  const services = edge.services.map((service) => serviceLabel(service.transport, service.port)).join(", ");
  return (
    <>
      <header className={styles.head}>
        <div className={styles.headWords}>
          <h2 className={styles.title}>
            <EndName id={edge.source} /> <span className={styles.quiet}>→</span> <EndName id={edge.target} />
          </h2>
          <p className={styles.subtitle}>
            {services === "" ? "no service known" : services} · {directionLabel(edge.direction)}
          </p>
        </div>
      </header>
      <Numbers
        values={[
          ["Connections", groupDigits(edge.flowCount)],
          ["Sent", formatBytes(edge.bytesSent)],
          ["Received", formatBytes(edge.bytesReceived)],
        ]}
      />
      <Section title="What it is for">
        <VerdictCard verdict={edge.verdict} />
      </Section>
      <Section title="Ends">
        <div className={styles.ends}>
          <EndButton id={edge.source} />
          <EndButton id={edge.target} />
        </div>
      </Section>
      <Section title="How the name is known">
        {destination?.kind === "destination" ? <NameEvidenceList destination={destination} edges={[edge]} /> : null}
      </Section>
      <Section title="State">
        <dl className={styles.facts}>
          <Fact name="Open now">{groupDigits(edge.openCount)}</Fact>
          <Fact name="Failed">
            {groupDigits(edge.failedCount)}
            {edge.lastFailure === null ? "" : `, last: ${displayText(edge.lastFailure)}`}
          </Fact>
          <Fact name="First seen">
            <RelativeTime ns={edge.firstSeenNs} />
          </Fact>
          <Fact name="Last seen">
            <RelativeTime ns={edge.lastSeenNs} />
          </Fact>
        </dl>
      </Section>
      <Flows edge={edge} />
    </>
  );
}

function EndName({ id }: { readonly id: NodeId }) {
  const node = useSession((state) => state.graph.nodes.get(id));
  return (
    <bdi dir={nameDirection(node)}>
      <SoftBreaks text={node === undefined ? "no longer known" : nodeName(node)} />
    </bdi>
  );
}

function EndButton({ id }: { readonly id: NodeId }) {
  const collaborators = useCollaborators();
  const kind = useSession((state) => state.graph.nodes.get(id)?.kind);
  return (
    <Button onClick={() => select(collaborators, { kind: "node", id })}>
      {kind === "destination" ? "Who else contacts " : "All contacts of "}
      <EndName id={id} />
    </Button>
  );
}

interface Answer {
  readonly edge: GraphEdge;
  readonly flows: readonly Flow[];
}

/** Asked again whenever the edge is replaced; shows the older answer until the newer one is there. */
function useFlows(edge: GraphEdge): readonly Flow[] {
  const { api } = useCollaborators();
  const [answer, setAnswer] = useState<Answer | null>(null);
  useEffect(() => {
    let isCurrent = true;
    const show = (flows: readonly Flow[]): void => {
      if (isCurrent) setAnswer({ edge, flows });
    };
    // Without an answer the section stays away; everything else about the edge is already here.
    api.flowsOfEdge(edge.id).then(show, () => show([]));
    return () => {
      isCurrent = false;
    };
  }, [api, edge]);
  return answer?.edge.id === edge.id ? answer.flows : [];
}

const SHOWN_FLOWS = 50;

function Flows({ edge }: EdgeDetailsProps) {
  const flows = useFlows(edge);
  if (flows.length === 0) return null;
  return (
    <Section title="Newest connections">
      <ul data-testid="flows">
        {flows.slice(0, SHOWN_FLOWS).map((flow) => (
          <li key={flow.key} className={styles.flow}>
            <Mono text={formatEndpoint(flow.remote)} />
            <span>
              ↑ {formatBytes(flow.bytesSent)} ↓ {formatBytes(flow.bytesReceived)}
            </span>
            <small title={`from ${formatEndpoint(flow.local)}`}>
              {stateLabel(flow.state)}
              {flow.failure === null ? "" : `: ${displayText(flow.failure)}`}
              {flow.isOlderThanCapture ? ", older than this session" : ""}
              {flow.openedBy === null ? "" : `, ${openedByText(flow.openedBy)}`}
            </small>
            <small>
              <RelativeTime ns={flow.openedAtNs} />
            </small>
          </li>
        ))}
      </ul>
    </Section>
  );
}
