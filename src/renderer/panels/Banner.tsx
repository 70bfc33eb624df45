/** At most one line above the graph: a problem, or a gap in what is seen. */
import { CircleAlert, EyeOff, X } from "lucide-react";
import { useState } from "react";
import { Button } from "../components/Button.tsx";
import { IconButton } from "../components/IconButton.tsx";
import { command } from "../store/actions.ts";
import { bannerWords } from "../store/capture-words.ts";
import { useCollaborators, useSession } from "../store/stores.ts";
import styles from "./Banner.module.css";

export function Banner() {
  const collaborators = useCollaborators();
  const status = useSession((state) => state.status);
  const isEmpty = useSession((state) => state.graph.nodes.size === 0);
  const [dismissed, setDismissed] = useState<string | null>(null);
  const words = status === null || isEmpty ? null : bannerWords(status);
  if (words === null || words.title + words.text === dismissed) return null;
  const Icon = words.tone === "problem" ? CircleAlert : EyeOff;
  const { startLabel } = words;
  return (
    <div className={styles.banner} data-tone={words.tone} role="status" data-testid="banner">
      <Icon size={16} strokeWidth={1.9} aria-hidden="true" />
      <p className={styles.text} title={words.text}>
        <strong>{words.title}.</strong> {words.text}
      </p>
      {startLabel === null ? (
        <IconButton icon={X} label="Hide" onClick={() => setDismissed(words.title + words.text)} />
      ) : (
        <Button isPrimary onClick={() => void command(collaborators, "startCapture")}>
          {startLabel}
        </Button>
      )}
    </div>
  );
}
