/** The newest connections of a contact, each with how it went. */
import { useEffect, useState } from "react";
import type { GraphEdge } from "../../core/graph/graph.ts";
import { displayText } from "../../core/model/display-text.ts";
import type { Flow } from "../../core/model/flow.ts";
import { BYTES_WORDS, endLabel, formatBytes, formatCount, formatEndpoint } from "../../core/model/format.ts";
import { measuredTexts } from "../../core/model/measured-texts.ts";
import { openedByText } from "../../core/model/socket-words.ts";
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

/** Facts of one connection that a person looks for when something was slow or failed. */
function factsOf(flow: Flow): string {
  const packets = (flow.packetsSent ?? 0) + (flow.packetsReceived ?? 0);
  return [...measuredTexts(flow), ...(packets === 0 ? [] : [formatCount(packets, "packet")])].join(", ");
}

const fromText = ({ local, peer }: Flow): string =>
  `from ${formatEndpoint(local)}${peer === null ? "" : `, answered by process ${peer.pid}`}`;

export function FlowList({ edge }: FlowListProps) {
  const flows = useFlows(edge);
  if (flows.length === 0) return null;
  return (
    <Section title="Newest connections">
      <ul data-testid="flows">
        {flows.slice(0, SHOWN_FLOWS).map((flow) => (
          <li key={flow.key} className={styles.flow}>
            <Mono text={formatEndpoint(flow.remote)} />
            <span title={BYTES_WORDS}>
              ↑ {formatBytes(flow.bytesSent)} ↓ {formatBytes(flow.bytesReceived)}
            </span>
            <small title={fromText(flow)}>
              {[displayText(endLabel(flow.state, flow.failure)), factsOf(flow)]
                .filter((fact) => fact !== "")
                .join(" · ")}
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
