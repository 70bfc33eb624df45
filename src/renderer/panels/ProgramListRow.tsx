import { memo } from "react";
import type { DestinationNode, ProgramNode } from "../../core/graph/graph.ts";
import { displayText } from "../../core/model/display-text.ts";
import { formatCount, localityLabel } from "../../core/model/format.ts";
import { Sparkline } from "../components/Sparkline.tsx";
import { Tile } from "../components/Tile.tsx";
import { VerdictDot } from "../components/VerdictDot.tsx";
import { displayName, nodeName } from "../display-name.ts";
import { select } from "../store/actions.ts";
import { SPARK_SLOT_NS, sparkValues } from "../store/activity.ts";
import { useCollaborators, useSession } from "../store/stores.ts";
import { toneOf } from "../tone.ts";
import styles from "./ProgramListRow.module.css";

interface ListRowProps<Node> {
  readonly node: Node;
  readonly elementId: string;
  readonly isActive: boolean;
  readonly isSelected: boolean;
}

const rowClass = (isActive: boolean): string => `${styles.row} ${isActive ? styles.active : ""}`;

export const ProgramListRow = memo(function ProgramListRow(props: ListRowProps<ProgramNode>) {
  const { node, elementId, isActive, isSelected } = props;
  const collaborators = useCollaborators();
  return (
    <div
      id={elementId}
      className={rowClass(isActive)}
      role="option"
      aria-selected={isSelected}
      tabIndex={-1}
      data-testid="program-row"
      data-label={node.label}
      title={displayText(node.script ?? node.exe ?? node.label)}
      onPointerDown={(event) => event.preventDefault()}
      onClick={() => select(collaborators, { kind: "node", id: node.id })}
      onKeyDown={() => undefined}
    >
      <Tile label={node.label} isQuiet={!node.isRunning} />
      <span className={styles.words}>
        <bdi className={styles.label}>{displayName(node.label)}</bdi>
        <span className={styles.caption}>
          {formatCount(node.destinationCount, "destination")}
          {node.isRunning ? "" : ", ended"}
          {node.encryptedDns.length === 0 ? "" : ", encrypted lookups"}
          {node.isExeDeleted ? ", file replaced" : ""}
        </span>
      </span>
      {node.isRunning ? <ProgramSpark node={node} /> : null}
      <VerdictDot tone={toneOf(node.category)} isSuspected={node.isSuspected} />
    </div>
  );
});

function ProgramSpark({ node }: { readonly node: ProgramNode }) {
  const spark = useSession((state) => state.sparks.get(node.id));
  const slot = useSession((state) => Math.floor((state.status?.nowNs ?? 0) / SPARK_SLOT_NS));
  return spark === undefined ? null : <Sparkline values={sparkValues(spark, slot)} />;
}

export const DestinationListRow = memo(function DestinationListRow(props: ListRowProps<DestinationNode>) {
  const { node, elementId, isActive, isSelected } = props;
  const collaborators = useCollaborators();
  return (
    <div
      id={elementId}
      className={rowClass(isActive)}
      role="option"
      aria-selected={isSelected}
      tabIndex={-1}
      data-testid="destination-row"
      data-label={node.label}
      title={nodeName(node)}
      onPointerDown={(event) => event.preventDefault()}
      onClick={() => select(collaborators, { kind: "node", id: node.id })}
      onKeyDown={() => undefined}
    >
      <span className={styles.disc} aria-hidden="true" />
      <span className={styles.words}>
        <bdi dir="ltr" className={styles.label}>
          {nodeName(node)}
        </bdi>
        <span className={styles.caption}>
          {formatCount(node.programCount, "program")},{" "}
          {node.owner === null ? localityLabel(node.locality) : displayText(node.owner)}
        </span>
      </span>
      <VerdictDot tone={toneOf(node.category)} isSuspected={node.isSuspected} />
    </div>
  );
});
