/** A small card beside the pointer: what is under it, before any click. */
import { shortenMiddle } from "../../core/model/display-text.ts";
import { categoryWords, formatBytes, formatCount } from "../../core/model/format.ts";
import { nameMarkWords } from "../components/NameMark.tsx";
import { nameDirection, nodeName } from "../display-name.ts";
import type { Point } from "../graph/camera.ts";
import { callersText, describeEdge } from "../graph/describe.ts";
import type { Hit } from "../graph/graph-view.ts";
import { strongest } from "../graph/scene.ts";
import { edgesAt } from "../store/graph-state.ts";
import { useSession } from "../store/stores.ts";
import styles from "./HoverCard.module.css";

export interface Hover {
  readonly hit: Hit;
  readonly at: Point;
}

interface HoverCardProps {
  readonly hover: Hover;
}

const TITLE_CHARACTERS = 64;

export function HoverCard({ hover }: HoverCardProps) {
  const lines = useSession((state) => {
    const { node: nodeId, edge: edgeId } = hover.hit;
    const node = nodeId === null ? undefined : state.graph.nodes.get(nodeId);
    const edge = edgeId === null ? undefined : state.graph.edges.get(edgeId);
    if (edge !== undefined) return describeEdge(state.graph, edge);
    if (node === undefined) return "";
    const title = shortenMiddle(nodeName(node), TITLE_CHARACTERS);
    const verdict = `${categoryWords(node.category).plain}${node.isSuspected ? ", suspected" : ""}`;
    const bytes = `${formatBytes(node.bytesSent)} sent, ${formatBytes(node.bytesReceived)} received`;
    if (node.kind === "program") {
      const contacts = `${verdict} · ${formatCount(node.destinationCount, "destination")}`;
      return [title, contacts, ...callersText(node), bytes].join("\n");
    }
    const edges = edgesAt(state.graph, node.id);
    const known = nameMarkWords({
      source: strongest(edges.map((each) => each.nameSource)),
      isContradicted: edges.some((each) => each.isContradicted),
      candidateCount: node.candidates.length,
    }).plain;
    return [title, `${verdict} · ${formatCount(node.programCount, "program")}`, known, bytes].join("\n");
  });
  const direction = useSession((state) =>
    nameDirection(hover.hit.node === null ? undefined : state.graph.nodes.get(hover.hit.node)),
  );
  if (lines === "") return null;
  const [title, ...rest] = lines.split("\n");
  const style = { transform: `translate(${Math.round(hover.at.x + 14)}px, ${Math.round(hover.at.y + 14)}px)` };
  return (
    <div className={styles.card} style={style} role="presentation">
      <strong>
        <bdi dir={direction}>{title}</bdi>
      </strong>
      {rest.map((line) => (
        <span key={line}>{line}</span>
      ))}
    </div>
  );
}
