/** What is being seen and what is not, part by part; loss and gaps are facts, never hidden. */
import { Popover } from "radix-ui";
import { BEYOND_OUR_PROBES, type Coverage, type Feature } from "../../core/model/coverage.ts";
import { displayText } from "../../core/model/display-text.ts";
import { formatDuration, groupDigits } from "../../core/model/format.ts";
import { absentSources, missingFeatures } from "../../core/model/optional-sources.ts";
import styles from "./CoveragePopover.module.css";
import bar from "./StatusBar.module.css";

interface CoveragePopoverProps {
  readonly coverage: Coverage;
  readonly text: string;
  readonly kernelRelease: string | null;
}

export function CoveragePopover({ coverage, text, kernelRelease }: CoveragePopoverProps) {
  const missing = missingFeatures(coverage);
  const absent = absentSources(coverage);
  const parts = coverage.features.length - absent.length;
  return (
    <Popover.Root>
      <Popover.Trigger
        className={`${bar.fact} ${styles.trigger} ${missing.length > 0 ? bar.strong : ""}`}
        data-testid="coverage"
      >
        {text}
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content className={styles.popover} side="top" align="start" sideOffset={8} collisionPadding={8}>
          {missing.length === 0 ? null : <MissingFeatures features={missing} />}
          <h2 className={styles.heading}>What is seen</h2>
          <dl className={styles.facts}>
            <Fact name="Parts attached" value={`${parts - missing.length} of ${parts}`} />
            <Fact name="Records seen" value={groupDigits(coverage.recordsSeen)} />
            <Fact name="Lost in the kernel" value={groupDigits(sum(coverage.loss.kernel))} />
            <Fact name="Not understood or no room" value={groupDigits(sum(coverage.loss.core))} />
            <Fact name="Connections older than this session" value={groupDigits(coverage.olderFlows)} />
            <Fact name="Connections without a known program" value={groupDigits(coverage.unattributedFlows)} />
            {coverage.cost === undefined ? null : (
              <Fact
                name="Loaded and attached in"
                value={formatDuration((coverage.cost.loadMs + coverage.cost.attachMs) * 1e6)}
              />
            )}
            {kernelRelease === null ? null : <Fact name="Kernel" value={displayText(kernelRelease)} />}
          </dl>
          {absent.length === 0 ? null : <AbsentSources features={absent} />}
          <Hooks features={coverage.features.filter(({ isAttached }) => isAttached)} />
          <p className={styles.scope}>{BEYOND_OUR_PROBES}</p>
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}

/** What is attached; the missing stands on top. Fallbacks first. */
function Hooks({ features }: { readonly features: readonly Feature[] }) {
  if (features.length === 0) return null;
  const sorted = [...features].sort((a, b) => Number(a.fallback === undefined) - Number(b.fallback === undefined));
  return (
    <>
      <h3 className={styles.subheading}>Part by part: what each lets Telltale see</h3>
      <ul className={styles.hooks} data-testid="hooks">
        {sorted.map((feature) => (
          <Hook key={feature.id} feature={feature} />
        ))}
      </ul>
    </>
  );
}

function Hook({ feature: { id, unseen, fallback } }: { readonly feature: Feature }) {
  const lacks = fallback?.lacks ?? null;
  const [mark, word] = fallback === undefined ? ["✓", "attached"] : ["~", "attached in a simpler way"];
  return (
    <li data-hook={id} data-state={word}>
      <span aria-hidden="true">{mark}</span>
      <div>
        <p>{sentence(unseen)}</p>
        {lacks === null ? null : <p className={styles.lacks}>Not seen: {displayText(lacks)}</p>}
        <p className={styles.reason}>
          {displayText(id)}
          <span className="visually-hidden">, {word}</span>
          {fallback === undefined ? "" : `: ${displayText(fallback.refusal)}`}
        </p>
      </div>
    </li>
  );
}

const sentence = (text: string): string => displayText(`${text.charAt(0).toUpperCase()}${text.slice(1)}`);

const sum = (counts: Readonly<Record<string, number>>): number =>
  Object.values(counts).reduce((total, count) => total + count, 0);

function MissingFeatures({ features }: { readonly features: readonly Feature[] }) {
  return (
    <>
      <h2 className={styles.heading}>What is not seen</h2>
      <ul className={styles.missing}>
        {features.map((feature) => (
          <li key={feature.id}>
            <p>{sentence(feature.unseen)}</p>
            <p className={styles.reason}>
              {displayText(feature.id)}
              {feature.reason === null ? "" : `: ${displayText(feature.reason)}`}
            </p>
          </li>
        ))}
      </ul>
    </>
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
