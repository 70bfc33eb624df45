/** The line at the bottom: what is going on, and how much of it is seen. */
import { useMemo } from "react";
import type { SessionStatus } from "../../contract/ipc-schema.ts";
import { displayText } from "../../core/model/display-text.ts";
import { formatCount, formatDuration, groupDigits } from "../../core/model/format.ts";
import { baseName, coverageWords, modeLabel } from "../store/capture-words.ts";
import { useSession } from "../store/stores.ts";
import { CoveragePopover } from "./CoveragePopover.tsx";
import styles from "./StatusBar.module.css";

export function StatusBar() {
  const status = useSession((state) => state.status);
  if (status === null) return <footer className={styles.bar} data-testid="status-bar" />;
  const { capture, coverage } = status;
  const isRecording = capture.mode === "live" && capture.recordingFile !== null;
  const hasFacts = coverage.recordsSeen > 0 || capture.mode === "live";
  return (
    <footer className={styles.bar} data-testid="status-bar">
      <span className={styles.mode} data-mode={capture.mode}>
        <i aria-hidden="true" /> {modeLabel(capture)}
      </span>
      {isRecording ? (
        <span className={styles.fact} title={displayText(capture.recordingFile ?? "")}>
          Recording to {displayText(baseName(capture.recordingFile ?? ""))}
        </span>
      ) : null}
      {hasFacts ? (
        <>
          <CoveragePopover coverage={coverage} text={coverageWords(status)} kernelRelease={status.kernelRelease} />
          <span className={`${styles.fact} ${coverage.loss.total > 0 ? styles.strong : ""}`} data-testid="lost">
            {coverage.loss.total === 0 ? "Nothing lost" : `${formatCount(coverage.loss.total, "record")} lost`}
          </span>
        </>
      ) : null}
      <span className={styles.space} />
      {hasFacts ? <SessionFacts status={status} /> : null}
    </footer>
  );
}

interface SessionFactsProps {
  readonly status: SessionStatus;
}

function SessionFacts({ status }: SessionFactsProps) {
  const graph = useSession((state) => state.graph);
  const programs = useMemo(() => [...graph.nodes.values()].filter((node) => node.kind === "program").length, [graph]);
  const elapsedNs = status.startedAtNs > 0 ? status.nowNs - status.startedAtNs : 0;
  return (
    <>
      <span className={styles.fact}>
        {formatCount(programs, "program")}, {formatCount(graph.nodes.size - programs, "destination")}
      </span>
      {status.capture.mode === "live" ? (
        <span className={styles.fact} title="What the kernel tells: connections, names, bytes, processes">
          {groupDigits(Math.round(status.recordsPerSec))} records a second
        </span>
      ) : null}
      {elapsedNs >= 1e9 ? (
        <span className={styles.fact} title="How long this session is">
          Session {formatDuration(Math.floor(elapsedNs / 1e9) * 1e9)}
        </span>
      ) : null}
    </>
  );
}
