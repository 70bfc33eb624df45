/** What is being seen and what is not; loss and gaps are facts, never hidden. */
import { Popover } from "radix-ui";
import { useMemo } from "react";
import type { SessionStatus } from "../../contract/ipc-schema.ts";
import { BEYOND_OUR_PROBES, type Coverage, type Feature } from "../../core/model/coverage.ts";
import { displayText } from "../../core/model/display-text.ts";
import { formatCount, formatDuration, groupDigits } from "../../core/model/format.ts";
import { absentSources, missingFeatures } from "../../core/model/optional-sources.ts";
import { baseName, coverageWords, modeLabel } from "../store/capture-words.ts";
import { useSession } from "../store/stores.ts";
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

interface CoveragePopoverProps {
  readonly coverage: Coverage;
  readonly text: string;
  readonly kernelRelease: string | null;
}

function CoveragePopover({ coverage, text, kernelRelease }: CoveragePopoverProps) {
  const missing = missingFeatures(coverage);
  const absent = absentSources(coverage);
  const parts = coverage.features.length - absent.length;
  return (
    <Popover.Root>
      <Popover.Trigger
        className={`${styles.fact} ${styles.trigger} ${missing.length > 0 ? styles.strong : ""}`}
        data-testid="coverage"
      >
        {text}
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content className={styles.popover} side="top" align="start" sideOffset={8} collisionPadding={8}>
          <h2 className={styles.heading}>What is seen</h2>
          {missing.length === 0 ? null : <MissingFeatures features={missing} />}
          <dl className={styles.facts}>
            <Fact name="Parts attached" value={`${parts - missing.length} of ${parts}`} />
            <Fact name="Records seen" value={groupDigits(coverage.recordsSeen)} />
            <Fact name="Lost in the kernel" value={groupDigits(sum(coverage.loss.kernel))} />
            <Fact name="Not understood or no room" value={groupDigits(sum(coverage.loss.core))} />
            <Fact name="Connections older than this session" value={groupDigits(coverage.olderFlows)} />
            <Fact name="Connections without a known program" value={groupDigits(coverage.unattributedFlows)} />
            {kernelRelease === null ? null : <Fact name="Kernel" value={displayText(kernelRelease)} />}
          </dl>
          {absent.length === 0 ? null : <AbsentSources features={absent} />}
          <p className={styles.scope}>{BEYOND_OUR_PROBES}</p>
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}

const sum = (counts: Readonly<Record<string, number>>): number =>
  Object.values(counts).reduce((total, count) => total + count, 0);

function MissingFeatures({ features }: { readonly features: readonly Feature[] }) {
  return (
    <ul className={styles.missing}>
      {features.map((feature) => (
        <li key={feature.id}>
          <p>{displayText(feature.unseen)}</p>
          <p className={styles.reason}>
            {displayText(feature.id)}
            {feature.reason === null ? "" : `: ${displayText(feature.reason)}`}
          </p>
        </li>
      ))}
    </ul>
  );
}

/** Without the accent of what is missing: most systems lack one of these. */
function AbsentSources({ features }: { readonly features: readonly Feature[] }) {
  return (
    <p className={styles.scope} data-testid="absent-sources">
      Not used for names, which are known in other ways:{" "}
      {features.map((feature) => displayText(feature.unseen)).join("; ")}.
    </p>
  );
}

function Fact({ name, value }: { readonly name: string; readonly value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}
