/** The columns of the table: one row each in this list, nothing else to edit. */
import type { ComponentType } from "react";
import { displayText } from "../../core/model/display-text.ts";
import {
  BYTES_WORDS,
  categoryWords,
  confidenceWords,
  formatBytes,
  formatRoundTrip,
  serviceLabel,
} from "../../core/model/format.ts";
import { NAME_SOURCES } from "../../core/model/name-evidence.ts";
import { nameKnownText } from "../../core/model/name-words.ts";
import { NameMark, nameMarkWords } from "../components/NameMark.tsx";
import { RelativeTime } from "../components/RelativeTime.tsx";
import { Tile } from "../components/Tile.tsx";
import { VerdictDot } from "../components/VerdictDot.tsx";
import { displayName, nameDirection, nodeName } from "../display-name.ts";
import { type EdgeRow, edgeNameKnown, edgeState } from "../store/edge-rows.ts";
import { nameNotes } from "../store/name-notes.ts";
import { careRank, toneOf } from "../tone.ts";
import styles from "./EdgeTable.module.css";

interface CellProps {
  readonly row: EdgeRow;
}

export interface EdgeColumn {
  readonly id: string;
  readonly header: string;
  readonly hint: string;
  readonly isNumber: boolean;
  readonly sortValue: (row: EdgeRow) => string | number;
  readonly Cell: ComponentType<CellProps>;
}

function ProgramCell({ row }: CellProps) {
  return (
    <span className={styles.named} title={displayName(row.program.label)}>
      <Tile label={row.program.label} />
      <bdi>{displayName(row.program.label)}</bdi>
    </span>
  );
}

function DestinationCell({ row }: CellProps) {
  const { destination } = row;
  const isBare = destination.kind === "destination" && !destination.isNamed;
  return (
    <span className={styles.named} title={nodeName(destination)}>
      <NameMark {...edgeNameKnown(row.edge, destination)} />
      <bdi dir={nameDirection(destination)} className={isBare ? styles.mono : ""}>
        {nodeName(destination)}
      </bdi>
    </span>
  );
}

function KnownCell({ row }: CellProps) {
  const { edge, destination } = row;
  const words = nameMarkWords(edgeNameKnown(edge, destination));
  const age = edge.nameAgeNs === null ? null : nameKnownText(edge.nameSource, edge.nameAgeNs);
  const notes = nameNotes(edge).map(({ plain }) => plain);
  return <span title={[words.exact, age, ...notes].filter((line) => line !== null).join("\n")}>{words.plain}</span>;
}

function ServiceCell({ row }: CellProps) {
  const all = row.edge.services.map((service) => serviceLabel(service.transport, service.port));
  const more = all.length > 1 ? ` +${all.length - 1}` : "";
  return <span title={all.join(", ")}>{`${all[0] ?? "–"}${more}`}</span>;
}

function VerdictCell({ row }: CellProps) {
  const { verdict } = row.edge;
  const isSuspected = verdict.confidence === "suspected";
  return (
    <span
      className={styles.named}
      title={`${displayText(verdict.evidence)}\n${confidenceWords(verdict.confidence).exact}`}
    >
      <VerdictDot tone={toneOf(verdict.category)} isSuspected={isSuspected} label={null} />
      <bdi>
        {categoryWords(verdict.category).plain}
        {isSuspected ? ", suspected" : ""}
      </bdi>
    </span>
  );
}

const sourceRank = (row: EdgeRow): number =>
  row.edge.nameSource === null ? NAME_SOURCES.length : NAME_SOURCES.indexOf(row.edge.nameSource);

export const EDGE_COLUMNS: readonly EdgeColumn[] = [
  {
    id: "program",
    header: "Program",
    hint: "Who is talking",
    isNumber: false,
    sortValue: (row) => row.program.label,
    Cell: ProgramCell,
  },
  {
    id: "destination",
    header: "Destination",
    hint: "To whom",
    isNumber: false,
    sortValue: (row) => row.destination.label,
    Cell: DestinationCell,
  },
  {
    id: "verdict",
    header: "Verdict",
    hint: "What the contact is for",
    isNumber: false,
    sortValue: (row) => careRank(row.edge.verdict.category),
    Cell: VerdictCell,
  },
  {
    id: "service",
    header: "Service",
    hint: "Protocol and port",
    isNumber: false,
    sortValue: (row) => row.edge.services[0]?.port ?? 0,
    Cell: ServiceCell,
  },
  {
    id: "sent",
    header: "Sent",
    hint: `Bytes sent by the program. ${BYTES_WORDS}`,
    isNumber: true,
    sortValue: (row) => row.edge.bytesSent,
    Cell: ({ row }) => formatBytes(row.edge.bytesSent),
  },
  {
    id: "received",
    header: "Received",
    hint: `Bytes received by the program. ${BYTES_WORDS}`,
    isNumber: true,
    sortValue: (row) => row.edge.bytesReceived,
    Cell: ({ row }) => formatBytes(row.edge.bytesReceived),
  },
  {
    id: "state",
    header: "State",
    hint: "Of the newest connections",
    isNumber: false,
    sortValue: (row) => edgeState(row.edge),
    Cell: ({ row }) => displayText(edgeState(row.edge)),
  },
  {
    id: "roundTrip",
    header: "Round trip",
    hint: "How far away the other end is: the kernel's smoothed round trip of the newest TCP connection",
    isNumber: true,
    sortValue: (row) => row.edge.rttUs ?? -1,
    Cell: ({ row }) => (row.edge.rttUs === null ? "–" : formatRoundTrip(row.edge.rttUs)),
  },
  {
    id: "lastSeen",
    header: "Last seen",
    hint: "Newest activity",
    isNumber: true,
    sortValue: (row) => row.edge.lastSeenNs,
    Cell: ({ row }) => <RelativeTime ns={row.edge.lastSeenNs} />,
  },
  {
    id: "firstSeen",
    header: "First seen",
    hint: "First contact in this session",
    isNumber: true,
    sortValue: (row) => row.edge.firstSeenNs,
    Cell: ({ row }) => <RelativeTime ns={row.edge.firstSeenNs} />,
  },
  {
    id: "known",
    header: "Name known",
    hint: "How the destination's name is known",
    isNumber: false,
    sortValue: sourceRank,
    Cell: KnownCell,
  },
];
