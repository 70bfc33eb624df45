/** What it is and how to stop it, at a glance; then why we say so. */
import { useState } from "react";
import { displayDomain } from "../../core/model/display-domain.ts";
import { displayText } from "../../core/model/display-text.ts";
import { categoryWords, confidenceWords } from "../../core/model/format.ts";
import { type OptOut, REPORTED_CATEGORIES, type Verdict } from "../../core/model/verdict.ts";
import { Button } from "../components/Button.tsx";
import { CopyButton } from "../components/CopyButton.tsx";
import { VerdictDot } from "../components/VerdictDot.tsx";
import { displayName } from "../display-name.ts";
import { toneOf } from "../tone.ts";
import styles from "./VerdictCard.module.css";

interface VerdictCardProps {
  readonly verdict: Verdict;
  /** Labels of who talks and to whom, where the heading above does not say it already. */
  readonly program?: string;
  readonly destinations?: readonly string[];
}

export function VerdictCard({ verdict, program, destinations }: VerdictCardProps) {
  const words = categoryWords(verdict.category);
  const confidence = confidenceWords(verdict.confidence);
  const vendor = verdict.vendor ?? verdict.owner;
  const isReported = REPORTED_CATEGORIES.has(verdict.category);
  return (
    <div className={styles.verdict} data-testid="verdict" data-tone={toneOf(verdict.category)}>
      <div className={styles.head} title={words.exact}>
        <VerdictDot tone={toneOf(verdict.category)} isSuspected={verdict.confidence === "suspected"} label={null} />
        <strong>{words.plain}</strong>
        <span className={styles.chip} title={confidence.exact}>
          {confidence.plain}
        </span>
      </div>
      {program === undefined || destinations === undefined ? null : (
        <p className={styles.contact}>
          <bdi>{displayName(program)}</bdi> <span>→</span> <Destinations labels={destinations} />
        </p>
      )}
      {vendor === null ? null : <p className={styles.vendor}>Goes to {displayText(vendor)}</p>}
      {isReported || verdict.optOuts.length > 0 ? <SwitchOff optOuts={verdict.optOuts} /> : null}
      <div className={styles.part}>
        {verdict.confidence === "none" ? null : <h4>Why we say so</h4>}
        <p>{displayText(verdict.evidence)}</p>
        {verdict.source === null ? null : <Source text={verdict.source} />}
      </div>
    </div>
  );
}

const MAX_NAMED = 3;

function Destinations({ labels }: { readonly labels: readonly string[] }) {
  const more = labels.length - MAX_NAMED;
  return (
    <>
      {labels.slice(0, MAX_NAMED).map((label, index) => (
        <bdi key={label}>
          {index === 0 ? "" : ", "}
          {displayDomain(label)}
        </bdi>
      ))}
      {more > 0 ? ` and ${more} more` : ""}
    </>
  );
}

/** A vendor's many switches would push the evidence out of sight. */
const FIRST_SHOWN = 3;

function SwitchOff({ optOuts }: { readonly optOuts: readonly OptOut[] }) {
  const [isWhole, setWhole] = useState(false);
  const shown = isWhole ? optOuts : optOuts.slice(0, FIRST_SHOWN);
  return (
    <div className={styles.part} data-testid="switch-off">
      <h4>How to switch it off</h4>
      {optOuts.length === 0 ? <p>No setting that switches this off is known.</p> : null}
      {shown.map((optOut) => (
        <Instruction key={`${optOut.app} ${optOut.instruction}`} optOut={optOut} />
      ))}
      {shown.length === optOuts.length ? null : (
        <Button className={styles.more ?? ""} onClick={() => setWhole(true)}>{`Show all ${optOuts.length}`}</Button>
      )}
    </div>
  );
}

const WHERE: Readonly<Record<OptOut["kind"], string>> = {
  env: "Environment variable for",
  command: "Command for",
  config: "Setting file of",
  ui: "In the settings of",
};

function Instruction({ optOut }: { readonly optOut: OptOut }) {
  return (
    <div className={styles.instruction}>
      <div className={styles.typed}>
        <code>{displayText(optOut.instruction)}</code>
        <CopyButton text={optOut.instruction} label="Copy" />
      </div>
      <p className={styles.caption}>
        {WHERE[optOut.kind]} {displayText(optOut.app)}
      </p>
      {optOut.source === null ? null : <Source text={optOut.source} />}
    </div>
  );
}

/** One line; the whole of it on hover. */
function Source({ text }: { readonly text: string }) {
  const shown = displayText(text);
  return (
    <p className={styles.source} title={shown}>
      Source: {shown.replace(/^https?:\/\/(www\.)?/, "")}
    </p>
  );
}
