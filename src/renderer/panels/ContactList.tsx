/** Edges as a list of buttons: the other end, how its name is known, ports, bytes, state. */
import { useState } from "react";
import type { GraphEdge, GraphNode } from "../../core/graph/graph.ts";
import { displayText } from "../../core/model/display-text.ts";
import { categoryWords, formatBytes, serviceLabel } from "../../core/model/format.ts";
import { Button } from "../components/Button.tsx";
import { NameMark, nameMarkWords } from "../components/NameMark.tsx";
import { localTime, RelativeTime } from "../components/RelativeTime.tsx";
import { VerdictDot } from "../components/VerdictDot.tsx";
import { nameDirection, nodeName } from "../display-name.ts";
import { select } from "../store/actions.ts";
import { edgeNameKnown, edgeState } from "../store/edge-rows.ts";
import { type Selection, useCollaborators, useSession } from "../store/stores.ts";
import { toneOf } from "../tone.ts";
import styles from "./Inspector.module.css";

interface ContactListProps {
  readonly edges: readonly GraphEdge[];
  /** Which end of the edge is named. */
  readonly shows: "destination" | "program" | "both";
}

/** What follows the list must stay within reach. */
const FIRST_SHOWN = 20;

export function ContactList({ edges, shows }: ContactListProps) {
  const [isWhole, setWhole] = useState(false);
  const shown = isWhole ? edges : edges.slice(0, FIRST_SHOWN);
  return (
    <>
      <ul className={styles.list}>
        {shown.map((edge) => (
          <li key={edge.id}>
            <Contact edge={edge} shows={shows} />
          </li>
        ))}
      </ul>
      {shown.length === edges.length ? null : (
        <Button className={styles.more ?? ""} onClick={() => setWhole(true)}>{`Show all ${edges.length}`}</Button>
      )}
    </>
  );
}

const ROW_IDS: Readonly<Record<ContactListProps["shows"], string>> = {
  destination: "destination-row",
  program: "program-contact",
  both: "contact-row",
};

/** From a program on to the destination, where all who contact it are listed; else to the contact itself. */
const selectionOf = (edge: GraphEdge, shows: ContactListProps["shows"]): Selection =>
  shows === "destination" ? { kind: "node", id: edge.target } : { kind: "edge", id: edge.id };

const labelOf = (node: GraphNode | undefined): string => (node === undefined ? "no longer known" : nodeName(node));

function Contact({ edge, shows }: { readonly edge: GraphEdge; readonly shows: ContactListProps["shows"] }) {
  const collaborators = useCollaborators();
  const program = useSession((state) => state.graph.nodes.get(edge.source));
  const destination = useSession((state) => state.graph.nodes.get(edge.target));
  const bootWallMs = useSession((state) => state.status?.bootWallMs ?? 0);
  const { verdict } = edge;
  const known = edgeNameKnown(edge, destination);
  const named = shows === "program" ? program : destination;
  const services = edge.services.map((service) => serviceLabel(service.transport, service.port)).join(", ");
  const facts = [
    shows === "both" ? `from ${labelOf(program)}` : null,
    shows === "both" ? categoryWords(verdict.category).plain : null,
    services === "" || shows === "both" ? null : services,
    shows === "both" ? null : edgeState(edge),
    edge.encryptedDns === null ? null : "encrypted lookups",
    // A name that the proxy was asked for says it already.
    edge.hops.length === 0 || edge.nameSource === "connect-target" ? null : "through a proxy",
  ].filter((fact) => fact !== null);
  const first = `First seen ${localTime(bootWallMs, edge.firstSeenNs)}`;
  return (
    <button
      type="button"
      className={styles.contact}
      data-testid={ROW_IDS[shows]}
      data-label={named?.label}
      title={`${labelOf(named)}\n${first}`}
      onClick={() => select(collaborators, selectionOf(edge, shows))}
    >
      <VerdictDot tone={toneOf(verdict.category)} isSuspected={verdict.confidence === "suspected"} />
      <span className={styles.contactLine}>
        <span className={styles.contactName}>
          {shows === "program" ? null : <NameMark {...known} />}
          <bdi dir={nameDirection(named)}>{labelOf(named)}</bdi>
        </span>
        <span className={styles.contactAside}>
          <RelativeTime ns={edge.lastSeenNs} />
        </span>
      </span>
      <span className={styles.contactLine}>
        <span className={styles.contactCaption}>{displayText(facts.join(" · "))}</span>
        <span className={styles.contactAside}>
          ↑ {formatBytes(edge.bytesSent)} ↓ {formatBytes(edge.bytesReceived)}
        </span>
      </span>
      {shows === "destination" ? <span className={styles.contactCaption}>{nameMarkWords(known).plain}</span> : null}
    </button>
  );
}
