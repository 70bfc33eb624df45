/** Right pane: who or what is selected; without a selection, the session in short. */
import { X } from "lucide-react";
import { IconButton } from "../components/IconButton.tsx";
import { select } from "../store/actions.ts";
import { useCollaborators, useSession, useView } from "../store/stores.ts";
import { DestinationDetails } from "./DestinationDetails.tsx";
import { EdgeDetails } from "./EdgeDetails.tsx";
import styles from "./Inspector.module.css";
import { Overview } from "./Overview.tsx";
import { ProgramDetails } from "./ProgramDetails.tsx";

export function Inspector() {
  const collaborators = useCollaborators();
  const hasSelection = useView((state) => state.selection !== null);
  return (
    <aside className={styles.inspector} aria-label="Details" data-testid="inspector">
      {hasSelection ? (
        <IconButton
          className={styles.close ?? ""}
          icon={X}
          label="Close (Esc)"
          onClick={() => select(collaborators, null)}
        />
      ) : null}
      <Selected />
    </aside>
  );
}

function Selected() {
  const selection = useView((state) => state.selection);
  const node = useSession((state) => (selection?.kind === "node" ? state.graph.nodes.get(selection.id) : undefined));
  const edge = useSession((state) => (selection?.kind === "edge" ? state.graph.edges.get(selection.id) : undefined));
  if (edge !== undefined) return <EdgeDetails key={edge.id} edge={edge} />;
  if (node === undefined) return <Overview />;
  return node.kind === "program" ? (
    <ProgramDetails key={node.id} node={node} />
  ) : (
    <DestinationDetails key={node.id} node={node} />
  );
}
