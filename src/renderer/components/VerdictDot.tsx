/** The verdict in one glyph: colour and shape say the same; suspected is an outline. */
import { TONE_LABELS, TONE_POLYGONS, type Tone } from "../tone.ts";
import styles from "./VerdictDot.module.css";

interface VerdictDotProps {
  readonly tone: Tone;
  readonly isSuspected?: boolean;
  /** null: the text beside it already says it. */
  readonly label?: string | null;
}

export function VerdictDot({ tone, isSuspected = false, label }: VerdictDotProps) {
  const polygon = TONE_POLYGONS[tone];
  const text = label === undefined ? `${TONE_LABELS[tone]}${isSuspected ? ", suspected" : ""}` : label;
  const className = `${styles.dot} ${isSuspected ? styles.suspected : ""} ${tone === "infrastructure" ? styles.hollow : ""}`;
  const shape = polygon === null ? <circle cx="5" cy="5" r="4" /> : <polygon points={polygon.map(String).join(" ")} />;
  if (text === null) {
    return (
      <svg className={className} data-tone={tone} viewBox="-1 -1 12 12" aria-hidden="true">
        {shape}
      </svg>
    );
  }
  return (
    <svg className={className} data-tone={tone} viewBox="-1 -1 12 12" role="img" aria-label={text}>
      <title>{text}</title>
      {shape}
    </svg>
  );
}
