/** Recent rate as small bars; decoration beside numbers, so hidden from screen readers. */
import styles from "./Sparkline.module.css";

interface SparklineProps {
  readonly values: readonly number[];
}

const HEIGHT = 14;
const STEP = 1.6;

export function Sparkline({ values }: SparklineProps) {
  const most = Math.max(...values, 1);
  if (!values.some((value) => value > 0)) return <span className={styles.empty} />;
  // The logarithm keeps a quiet program's bytes visible beside one big download.
  const heights = values.map((value) =>
    value <= 0 ? 0 : Math.max(1.5, (Math.log1p(value) / Math.log1p(most)) * HEIGHT),
  );
  const path = heights
    .map((height, index) => (height === 0 ? "" : `M${(index * STEP + 0.6).toFixed(1)} ${HEIGHT}v-${height.toFixed(1)}`))
    .join("");
  return (
    <svg className={styles.spark} viewBox={`0 0 ${values.length * STEP} ${HEIGHT}`} aria-hidden="true">
      <path className={styles.ground} d={`M0 ${HEIGHT - 0.5}H${values.length * STEP}`} />
      <path d={path} />
    </svg>
  );
}
