/** The newest connections of a contact, each with how it went. */
import { useEffect, useState } from "react";
import type { GraphEdge } from "../../core/graph/graph.ts";
import { displayText } from "../../core/model/display-text.ts";
import type { Flow } from "../../core/model/flow.ts";
import { BYTES_WORDS, endLabel, formatBytes, formatCount, formatEndpoint } from "../../core/model/format.ts";
import { measuredTexts } from "../../core/model/measured-texts.ts";
import { openedByText, spokenText } from "../../core/model/socket-words.ts";
import { RelativeTime } from "../components/RelativeTime.tsx";
import { useCollaborators } from "../store/stores.ts";
import { Mono, Section } from "./details.tsx";
import styles from "./Inspector.module.css";

interface FlowListProps {
  readonly edge: GraphEdge;
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
/** No line begins with a dot. */
const SEPARATOR = "\u00a0· ";

/** Facts of one connection that a person looks for when something was slow or failed. */
function factsOf(flow: Flow): string {
  const packets = (flow.packetsSent ?? 0) + (flow.packetsReceived ?? 0);
  return [
    ...measuredTexts(flow),
    ...(packets === 0 ? [] : [formatCount(packets, "packet")]),
    ...(flow.openedBy === null ? [] : [openedByText(flow.openedBy)]),
  ].join(SEPARATOR);
}

/** Ports tell TCP and UDP apart well enough; what has none says what it is. */
const stateOf = (flow: Flow): string =>
  [
    flow.transport === "tcp" || flow.transport === "udp" ? null : spokenText(flow),
    endLabel(flow.state, flow.failure),
    flow.isOlderThanCapture ? "older than this session" : null,
  ]
    .filter((fact) => fact !== null)
    .join(SEPARATOR);

const fromText = ({ local, peer }: Flow): string =>
  `from ${formatEndpoint(local)}${peer === null ? "" : `, answered by process ${peer.pid}`}`;

export function FlowList({ edge }: FlowListProps) {
  const flows = useFlows(edge);
  if (flows.length === 0) return null;
  return (
    <Section title="Newest connections">
      <ul data-testid="flows">
        {flows.slice(0, SHOWN_FLOWS).map((flow) => (
          <FlowRow key={flow.key} flow={flow} />
        ))}
      </ul>
    </Section>
  );
}

function FlowRow({ flow }: { readonly flow: Flow }) {
  const facts = factsOf(flow);
  return (
    <li className={styles.flow} title={fromText(flow)}>
      <Mono text={formatEndpoint(flow.remote)} />
      <span title={BYTES_WORDS}>
        ↑ {formatBytes(flow.bytesSent)} ↓ {formatBytes(flow.bytesReceived)}
      </span>
      <small>{displayText(stateOf(flow))}</small>
      <small>
        <RelativeTime ns={flow.openedAtNs} />
      </small>
      {facts === "" ? null : <small className={styles.flowFacts}>{facts}</small>}
    </li>
  );
}
