/** The small mark for how a name is known; hovering says it in words. Drawn, because fonts differ in these glyphs. */
import { nameMark, nameSourceWords, type Words } from "../../core/model/format.ts";
import type { NameSource } from "../../core/model/name-evidence.ts";
import styles from "./NameMark.module.css";

interface NameMarkProps {
  readonly source: NameSource | null;
  readonly isContradicted: boolean;
  /** Names that cannot be told apart; 0 where there is one name or none. */
  readonly candidateCount?: number;
  /** The other end is a program of this machine: no name is needed to know it. */
  readonly isPeer?: boolean;
}

const PEER_WORDS: Words = {
  plain: "a program on this machine",
  exact: "Both ends of the connection were seen in the kernel, each with the program it belongs to",
};

export function nameMarkWords({ source, isContradicted, candidateCount = 0, isPeer = false }: NameMarkProps): Words {
  if (isPeer) return PEER_WORDS;
  const words = nameSourceWords(source);
  if (candidateCount > 1) {
    return {
      plain: `one of ${candidateCount} names that share its address`,
      exact: `${words.exact}; nothing on the connection says which of the names it was`,
    };
  }
  if (!isContradicted) return words;
  return {
    plain: "its sources disagree",
    exact: `${words.exact}; the program's TLS name is not the name it looked up`,
  };
}

const SHAPES = {
  "●": <circle cx="6" cy="6" r="3.6" fill="currentColor" />,
  "○": <circle cx="6" cy="6" r="3.2" fill="none" stroke="currentColor" strokeWidth="1.3" />,
  "◌": <circle cx="6" cy="6" r="3.3" fill="none" stroke="currentColor" strokeWidth="1.4" strokeDasharray="1.3 1.29" />,
  "?": (
    <g fill="none" stroke="currentColor" strokeWidth="1.4" strokeLinecap="round">
      <path d="M3.9 4.2a2.1 2.1 0 1 1 3.2 1.8Q6 6.7 6 7.6" />
      <path d="M6 10v.01" strokeWidth="1.7" />
    </g>
  ),
  "△": <path d="M6 2.4 10 9.4H2z" fill="none" stroke="currentColor" strokeWidth="1.3" strokeLinejoin="round" />,
  /* a program, as the graph draws them */
  "▢": <rect x="2.4" y="2.4" width="7.2" height="7.2" rx="2" fill="none" stroke="currentColor" strokeWidth="1.3" />,
  "–": <path d="M3 6h6" stroke="currentColor" strokeWidth="1.3" strokeLinecap="round" />,
} as const;

export function NameMark(props: NameMarkProps) {
  const words = nameMarkWords(props);
  const mark = props.isPeer === true ? "▢" : nameMark(props.source, props.isContradicted, props.candidateCount);
  return (
    <span className={styles.mark} data-mark={mark} title={`${words.plain}\n${words.exact}`}>
      <svg width="12" height="12" viewBox="0 0 12 12" role="img" aria-label={words.plain}>
        {SHAPES[mark]}
      </svg>
    </span>
  );
}
