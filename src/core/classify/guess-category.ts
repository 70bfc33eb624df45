/** What a name no rule knows may be for, judged by its labels. Always shown as suspected. */
import type { Category } from "../model/verdict.ts";

const WORDS: readonly (readonly [Category, ReadonlySet<string>])[] = [
  [
    "crash-reporting",
    new Set(["crash", "crashes", "crashreport", "crashreports", "crashreporter", "sentry", "bugsnag"]),
  ],
  ["telemetry", new Set(["telemetry", "telemetries", "usagestats", "phonehome"])],
  ["analytics", new Set(["analytics", "posthog", "matomo", "snowplow", "umami", "plausible", "segment", "mixpanel"])],
  ["advertising", new Set(["ads", "adserver", "adservice", "adserver"])],
  ["monitoring", new Set(["metrics", "stats", "statsd", "otel", "otlp", "rum"])],
];

export interface CategoryGuess {
  readonly category: Category;
  /** The label part that led to the guess. */
  readonly word: string;
}

/** Looks at each label but the last, split at hyphens; the first label that says something decides. */
export function guessCategory(name: string): CategoryGuess | null {
  const labels = name.split(".").slice(0, -1);
  for (const label of labels) {
    for (const word of label.split("-")) {
      const known = WORDS.find(([, words]) => words.has(word));
      if (known !== undefined) return { category: known[0], word };
    }
  }
  return null;
}
