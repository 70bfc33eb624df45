/** Why we say so, and how to switch it off. */
import { displayText } from "../../core/model/display-text.ts";
import { categoryWords, confidenceWords } from "../../core/model/format.ts";
import type { OptOut, Verdict } from "../../core/model/verdict.ts";
import { CopyButton } from "../components/CopyButton.tsx";
import { VerdictDot } from "../components/VerdictDot.tsx";
import { toneOf } from "../tone.ts";
import styles from "./Inspector.module.css";

interface VerdictCardProps {
  readonly verdict: Verdict;
}

export function VerdictCard({ verdict }: VerdictCardProps) {
  const words = categoryWords(verdict.category);
  const confidence = confidenceWords(verdict.confidence);
  const vendor = verdict.vendor ?? verdict.owner;
  return (
    <div className={styles.verdict} data-testid="verdict">
      <p className={styles.verdictHead} title={words.exact}>
        <VerdictDot tone={toneOf(verdict.category)} isSuspected={verdict.confidence === "suspected"} label={null} />
        <span>
          {words.plain}
          {vendor === null ? "" : ` · ${displayText(vendor)}`}
        </span>
        <span title={confidence.exact}>{confidence.plain}</span>
      </p>
      <p>{displayText(verdict.evidence)}</p>
      {verdict.source === null ? null : <p className={styles.quiet}>Source: {displayText(verdict.source)}</p>}
      {verdict.optOuts.map((optOut) => (
        <SwitchOff key={`${optOut.app} ${optOut.instruction}`} optOut={optOut} />
      ))}
    </div>
  );
}

function SwitchOff({ optOut }: { readonly optOut: OptOut }) {
  const isTyped = optOut.kind !== "ui";
  return (
    <div className={styles.optOut}>
      <h4>Switch off in {displayText(optOut.app)}</h4>
      <div className={styles.instruction}>
        {isTyped ? <code>{displayText(optOut.instruction)}</code> : <span>{displayText(optOut.instruction)}</span>}
        {isTyped ? <CopyButton text={optOut.instruction} label="Copy" /> : null}
      </div>
      {optOut.source === null ? null : <p className={styles.quiet}>Source: {displayText(optOut.source)}</p>}
    </div>
  );
}
