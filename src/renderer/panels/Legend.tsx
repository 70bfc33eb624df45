/** What the colours and shapes mean; each is a switch that dims what it names. */

import { Popover } from "radix-ui";
import { useMemo } from "react";
import type { NameSource } from "../../core/model/name-evidence.ts";
import { NameMark } from "../components/NameMark.tsx";
import { VerdictDot } from "../components/VerdictDot.tsx";
import { useCollaborators, useSession, useView } from "../store/stores.ts";
import { TONE_LABELS, TONE_SHORT_LABELS, TONES, type Tone, toneOf } from "../tone.ts";
import styles from "./Legend.module.css";

/** So many chips leave room for a long word beside them. */
const FEW_TONES = 4;

export function Legend() {
  const { view } = useCollaborators();
  const graph = useSession((state) => state.graph);
  const hiddenTones = useView((state) => state.hiddenTones);
  const counts = useMemo(() => {
    const found = new Map<Tone, number>();
    for (const edge of graph.edges.values()) {
      const tone = toneOf(edge.verdict.category);
      found.set(tone, (found.get(tone) ?? 0) + 1);
    }
    return found;
  }, [graph]);
  const toggle = (tone: Tone): void => {
    const next = new Set(hiddenTones);
    if (!next.delete(tone)) next.add(tone);
    view.setState({ hiddenTones: next });
  };
  const tones = TONES.filter((tone) => counts.has(tone));
  return (
    <div className={styles.legend} role="toolbar" aria-label="Kinds of contact" data-crowded={tones.length > FEW_TONES}>
      {tones.map((tone) => (
        <button
          key={tone}
          type="button"
          className={styles.chip}
          aria-label={`${TONE_LABELS[tone]}, ${counts.get(tone)}`}
          aria-pressed={!hiddenTones.has(tone)}
          title={`${TONE_LABELS[tone]}: click to ${hiddenTones.has(tone) ? "show" : "dim"}`}
          onClick={() => toggle(tone)}
        >
          <VerdictDot tone={tone} label={null} />
          <span className={styles.name}>{TONE_SHORT_LABELS[tone]}</span>{" "}
          <span className={styles.count}>{counts.get(tone)}</span>
        </button>
      ))}
      <MarkHelp />
    </div>
  );
}

interface MarkLine {
  readonly source: NameSource | null;
  readonly isContradicted?: true;
  readonly candidateCount?: number;
  readonly words: string;
}

/** One line a mark; which source exactly is one hover away from each name. */
const MARK_LINES: readonly MarkLine[] = [
  { source: "server-name", words: "the program said the name on the connection" },
  { source: "own-answer", words: "the program asked for it" },
  { source: "host-answer", words: "somebody else asked for it, or /etc/hosts or a reverse lookup has it" },
  {
    source: "own-answer",
    candidateCount: 2,
    words: "one of several names that share the address; a double ring in the graph",
  },
  { source: "own-answer", isContradicted: true, words: "its sources disagree" },
  { source: null, words: "no name seen, only the address" },
];

function MarkHelp() {
  return (
    <Popover.Root>
      <Popover.Trigger className={`${styles.chip} ${styles.marks}`} title="How names are known">
        <NameMark source="own-answer" isContradicted={false} />
        <span className={styles.long}>How names are known</span>
        <span className={styles.short}>Name marks</span>
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content className={styles.help} side="top" align="end" sideOffset={8} collisionPadding={8}>
          <h2>How a name is known</h2>
          <dl>
            {MARK_LINES.map(({ words, isContradicted = false, ...known }) => (
              <div key={words}>
                <dt>
                  <NameMark {...known} isContradicted={isContradicted} />
                </dt>
                <dd>{words}</dd>
              </div>
            ))}
          </dl>
          <p>A dashed outline means suspected: a guess, not a known fact.</p>
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}
