/** One contact: both ends, the verdict, how the name is known, and the newest connections behind it. */
import type { EdgePeer, GraphEdge } from "../../core/graph/graph.ts";
import { displayDomain } from "../../core/model/display-domain.ts";
import { displayText } from "../../core/model/display-text.ts";
import {
  BYTES_WORDS,
  directionLabel,
  formatBytes,
  formatRoundTrip,
  groupDigits,
  serviceLabel,
} from "../../core/model/format.ts";
import type { NodeId } from "../../core/model/ids.ts";
import { Button } from "../components/Button.tsx";
import { RelativeTime } from "../components/RelativeTime.tsx";
import { SoftBreaks } from "../components/SoftBreaks.tsx";
import { nameDirection, nodeName } from "../display-name.ts";
import { peerSentence } from "../graph/describe.ts";
import { select } from "../store/actions.ts";
import { useCollaborators, useSession } from "../store/stores.ts";
import { Fact, Mono, Numbers, Section } from "./details.tsx";
import { FlowList } from "./FlowList.tsx";
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
          ["Sent", formatBytes(edge.bytesSent), BYTES_WORDS],
          ["Received", formatBytes(edge.bytesReceived), BYTES_WORDS],
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
      {destination?.kind === "destination" ? (
        <Section title="How the name is known">
          <NameEvidenceList destination={destination} edges={[edge]} />
          {edge.answeredBy === null ? null : (
            <p className={styles.sentence} data-testid="answered-by">
              Answered by {displayText(edge.answeredBy)}, on this machine.
            </p>
          )}
        </Section>
      ) : null}
      {edge.peer === null ? null : <PeerFacts edge={edge} peer={edge.peer} />}
      <Section title="State">
        <dl className={styles.facts}>
          <Fact name="Open now">{groupDigits(edge.openCount)}</Fact>
          <Fact name="Failed">
            {groupDigits(edge.failedCount)}
            {edge.lastFailure === null ? "" : `, last: ${displayText(edge.lastFailure)}`}
          </Fact>
          {edge.brokenCount === 0 ? null : <Fact name="Broke off">{groupDigits(edge.brokenCount)}</Fact>}
          <Measured edge={edge} />
          <Fact name="First seen">
            <RelativeTime ns={edge.firstSeenNs} />
          </Fact>
          <Fact name="Last seen">
            <RelativeTime ns={edge.lastSeenNs} />
          </Fact>
        </dl>
      </Section>
      <FlowList edge={edge} />
    </>
  );
}

/** How the other program is reached; who it is needs no name. */
function PeerFacts({ edge, peer }: { readonly edge: GraphEdge; readonly peer: EdgePeer }) {
  const sentence = useSession((state) => peerSentence(state.graph, edge));
  return (
    <Section title="On this machine">
      <p className={styles.sentence} data-testid="peer">
        {sentence}.
      </p>
      <dl className={styles.facts}>
        {peer.name === null ? null : (
          <Fact name="Called" copy={peer.name}>
            <bdi dir="ltr">{displayDomain(peer.name)}</bdi>
          </Fact>
        )}
        {peer.addresses.map((address, index) => (
          <Fact key={address} name={index === 0 ? "At" : ""} copy={address}>
            <Mono text={address} />
          </Fact>
        ))}
      </dl>
    </Section>
  );
}

const HANDSHAKE_WORDS = "From the program's connect() to the established connection, of the newest TCP connection";
const ROUND_TRIP_WORDS = "The kernel's smoothed round trip time, of the newest TCP connection that told it";
const REPEATS_WORDS = "TCP segments sent again because no answer came, over all connections";

/** What TCP measured; nothing for datagrams. */
function Measured({ edge: { handshakeNs, rttUs, retransmits } }: EdgeDetailsProps) {
  return (
    <>
      {handshakeNs === null ? null : (
        <Fact name="Set up in">
          <span title={HANDSHAKE_WORDS}>{formatRoundTrip(handshakeNs / 1e3)}</span>
        </Fact>
      )}
      {rttUs === null ? null : (
        <Fact name="Round trip">
          <span title={ROUND_TRIP_WORDS}>{formatRoundTrip(rttUs)}</span>
        </Fact>
      )}
      {retransmits === 0 ? null : (
        <Fact name="Sent again">
          <span title={REPEATS_WORDS}>{groupDigits(retransmits)}</span>
        </Fact>
      )}
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
