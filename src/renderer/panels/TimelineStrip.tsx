/** Activity over the session, one bar a time slice. Drag over it to look at a part; Escape or a click ends that. */
import { X } from "lucide-react";
import { type PointerEvent, useMemo, useRef, useState } from "react";
import { formatCount, formatDuration } from "../../core/model/format.ts";
import type { EdgeId } from "../../core/model/ids.ts";
import { REPORTED_CATEGORIES } from "../../core/model/verdict.ts";
import { IconButton } from "../components/IconButton.tsx";
import type { Timeline } from "../store/activity.ts";
import type { GraphState } from "../store/graph-state.ts";
import { type TimeRange, useCollaborators, useSession, useView } from "../store/stores.ts";
import { TONES, type Tone, toneOf } from "../tone.ts";
import styles from "./TimelineStrip.module.css";

const HEIGHT = 36;
/** Bars never get wider than a minute of them would be; a short recording may fill the strip with fewer. */
const MIN_BARS = 60;
const MIN_BARS_ENDED = 24;
const MIN_BRUSH = 0.01;
const HINT =
  "How many contacts were active in each slice of time; the coloured part reported something. Drag over it to look at a part of the session.";

const REPORTED_TONES: readonly Tone[] = ["telemetry", "analytics", "advertising"];

interface Bar {
  readonly slice: number;
  readonly all: number;
  readonly reported: number;
  /** The most telling of what was reported; null when nothing was. */
  readonly tone: Tone | null;
}

export function countBars(timeline: Timeline, graph: GraphState): Bar[] {
  const reportedTone = (id: EdgeId): Tone | undefined => {
    const category = graph.edges.get(id)?.verdict.category;
    return category !== undefined && REPORTED_CATEGORIES.has(category) ? toneOf(category) : undefined;
  };
  return [...timeline.slices].map(([slice, active]) => {
    const tones = [...active].map(reportedTone).filter((tone) => tone !== undefined);
    const tone = TONES.find((each) => tones.includes(each)) ?? null;
    return { slice, all: active.size, reported: tones.length, tone };
  });
}

export function TimelineStrip() {
  const { view } = useCollaborators();
  const timeline = useSession((state) => state.timeline);
  const graph = useSession((state) => state.graph);
  const brush = useView((state) => state.brush);
  const bars = useMemo(() => countBars(timeline, graph), [timeline, graph]);
  const isGrowing = useSession((state) => state.status?.capture.mode === "live");
  const count = Math.max(isGrowing ? MIN_BARS : MIN_BARS_ENDED, timeline.lastSlice + 1);
  const spanNs = count * timeline.sliceNs;
  const strip = useRef<HTMLDivElement>(null);
  const [drag, setDrag] = useState<{ from: number; to: number } | null>(null);
  const shareAt = (event: PointerEvent): number => {
    const box = strip.current?.getBoundingClientRect();
    return box === undefined ? 0 : Math.min(1, Math.max(0, (event.clientX - box.left) / box.width));
  };
  const finish = (): void => {
    if (drag === null) return;
    const [from, to] = [Math.min(drag.from, drag.to), Math.max(drag.from, drag.to)];
    const range = { fromNs: timeline.originNs + from * spanNs, toNs: timeline.originNs + to * spanNs };
    view.setState({ brush: to - from < MIN_BRUSH ? null : range });
    setDrag(null);
  };
  const shown = drag === null ? brushShare(brush, timeline.originNs, spanNs) : drag;
  return (
    <div className={styles.strip} data-testid="timeline">
      <div
        ref={strip}
        className={styles.area}
        role="img"
        aria-label={`Activity over ${formatDuration(timeline.lastSlice * timeline.sliceNs)}: ${formatCount(graph.edges.size, "connection")}`}
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          setDrag({ from: shareAt(event), to: shareAt(event) });
        }}
        onPointerMove={(event) => {
          if (drag !== null) setDrag({ from: drag.from, to: shareAt(event) });
        }}
        onPointerUp={finish}
        onPointerCancel={() => setDrag(null)}
      >
        <Bars bars={bars} count={count} />
        {shown === null ? null : (
          <div
            className={styles.brush}
            style={{
              left: `${Math.min(shown.from, shown.to) * 100}%`,
              width: `${Math.abs(shown.to - shown.from) * 100}%`,
            }}
          />
        )}
      </div>
      <div className={styles.foot}>
        {brush === null ? (
          <span title={HINT}>Activity, {formatDuration(timeline.sliceNs)} a bar</span>
        ) : (
          <span className={styles.range}>
            {formatDuration(Math.max(0, brush.fromNs - timeline.originNs))} to{" "}
            {formatDuration(brush.toNs - timeline.originNs)}
          </span>
        )}
        {brush === null ? null : (
          <IconButton icon={X} label="Show all time" onClick={() => view.setState({ brush: null })} />
        )}
      </div>
    </div>
  );
}

const brushShare = (brush: TimeRange | null, originNs: number, spanNs: number): { from: number; to: number } | null =>
  brush === null ? null : { from: (brush.fromNs - originNs) / spanNs, to: (brush.toNs - originNs) / spanNs };

function Bars({ bars, count }: { readonly bars: readonly Bar[]; readonly count: number }) {
  const most = Math.max(1, ...bars.map((bar) => bar.all));
  const path = (pick: (bar: Bar) => number): string =>
    bars
      .filter((bar) => pick(bar) > 0)
      .map(
        (bar) =>
          `M${bar.slice + 0.5} ${HEIGHT}v-${Math.max(1.5, (Math.sqrt(pick(bar)) / Math.sqrt(most)) * (HEIGHT - 4)).toFixed(1)}`,
      )
      .join("");
  return (
    <svg className={styles.bars} viewBox={`0 0 ${count} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
      <path d={path((bar) => bar.all)} className={styles.all} />
      {REPORTED_TONES.map((tone) => (
        <path
          key={tone}
          d={path((bar) => (bar.tone === tone ? bar.reported : 0))}
          style={{ stroke: `var(--tone-${tone})` }}
        />
      ))}
    </svg>
  );
}
