/** The session in short: what kinds of contact, and who a person may want to look at first. */
import { useMemo } from "react";
import { formatBytes, formatCount, groupDigits } from "../../core/model/format.ts";
import { REPORTED_CATEGORIES } from "../../core/model/verdict.ts";
import { VerdictDot } from "../components/VerdictDot.tsx";
import { useSession } from "../store/stores.ts";
import { careRank, TONE_LABELS, TONES, toneOf } from "../tone.ts";
import { ContactList } from "./ContactList.tsx";
import { Numbers, Section } from "./details.tsx";
import styles from "./Inspector.module.css";

const MAX_WORTH_A_LOOK = 8;

export function Overview() {
  const graph = useSession((state) => state.graph);
  const summary = useMemo(() => {
    const programs = [...graph.nodes.values()].filter((node) => node.kind === "program");
    const edges = [...graph.edges.values()];
    const reported = edges
      .filter((edge) => REPORTED_CATEGORIES.has(edge.verdict.category))
      .sort((a, b) => careRank(a.verdict.category) - careRank(b.verdict.category) || b.bytesSent - a.bytesSent);
    return {
      programs: programs.length,
      destinations: graph.nodes.size - programs.length,
      bytes: edges.reduce((total, edge) => total + edge.bytesSent + edge.bytesReceived, 0),
      reported,
      reporting: new Set(reported.map((edge) => edge.source)).size,
      tones: TONES.map((tone) => ({
        tone,
        count: edges.filter((edge) => toneOf(edge.verdict.category) === tone).length,
      })),
    };
  }, [graph]);
  if (graph.nodes.size === 0) return null;
  return (
    <>
      <h2 className={styles.title}>This session</h2>
      <p className={styles.subtitle}>
        {summary.reported.length === 0
          ? "No program was seen sending telemetry."
          : `${formatCount(summary.reporting, "program")} sent telemetry, analytics or advertising data.`}
      </p>
      <Numbers
        values={[
          ["Programs", groupDigits(summary.programs)],
          ["Destinations", groupDigits(summary.destinations)],
          ["Moved", formatBytes(summary.bytes)],
        ]}
      />
      <Section title="Kinds of contact">
        {summary.tones
          .filter(({ count }) => count > 0)
          .map(({ tone, count }) => (
            <p key={tone} className={styles.overviewRow}>
              <VerdictDot tone={tone} label={null} />
              <span>{TONE_LABELS[tone]}</span>
              <span>{groupDigits(count)}</span>
            </p>
          ))}
      </Section>
      {summary.reported.length === 0 ? null : (
        <Section title="Worth a look">
          <ContactList edges={summary.reported.slice(0, MAX_WORTH_A_LOOK)} shows="both" />
        </Section>
      )}
    </>
  );
}
