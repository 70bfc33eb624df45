/** What the centre shows while there is nothing to draw: first run, waiting, problems, nothing yet. */
import { FolderOpen, LoaderCircle, Play, Sparkles, TriangleAlert } from "lucide-react";
import { Button } from "../components/Button.tsx";
import { CopyButton } from "../components/CopyButton.tsx";
import { Logo } from "../components/Logo.tsx";
import { command, open } from "../store/actions.ts";
import type { CaptureWords } from "../store/capture-words.ts";
import { useCollaborators } from "../store/stores.ts";
import styles from "./CaptureScreen.module.css";

interface CaptureScreenProps {
  readonly words: CaptureWords;
}

export function CaptureScreen({ words }: CaptureScreenProps) {
  return (
    <section className={styles.screen} aria-live="polite" data-testid="capture-screen">
      <div className={styles.card}>
        <ScreenIcon words={words} />
        <h1 className={styles.title}>{words.title}</h1>
        <p className={styles.text}>{words.text}</p>
        {words.command === null ? null : (
          <p className={styles.command}>
            <code>{words.command}</code>
            <CopyButton text={words.command} label="Copy command" />
          </p>
        )}
        {words.detail === null ? null : <p className={styles.detail}>{words.detail}</p>}
        <Steps words={words} />
      </div>
    </section>
  );
}

function ScreenIcon({ words }: CaptureScreenProps) {
  if (words.isBusy) return <LoaderCircle className={styles.spinner} size={32} strokeWidth={1.5} aria-hidden="true" />;
  if (words.isProblem) return <TriangleAlert className={styles.icon} size={32} strokeWidth={1.5} aria-hidden="true" />;
  return <Logo size={44} />;
}

function Steps({ words }: CaptureScreenProps) {
  const collaborators = useCollaborators();
  if (words.steps.length === 0) return null;
  return (
    <div className={styles.steps}>
      {words.steps.includes("start") ? (
        <Button
          isPrimary
          icon={Play}
          onClick={() => void command(collaborators, "startCapture")}
          data-testid="start-capture"
        >
          {words.startLabel}
        </Button>
      ) : null}
      {words.steps.includes("demo") ? (
        <Button icon={Sparkles} onClick={() => void open(collaborators, "openDemo")} data-testid="open-demo">
          Look at the demo
        </Button>
      ) : null}
      {words.steps.includes("open") ? (
        <Button icon={FolderOpen} onClick={() => void open(collaborators, "openRecording")}>
          Open a recording
        </Button>
      ) : null}
    </div>
  );
}
