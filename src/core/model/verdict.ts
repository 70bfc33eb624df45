import type { RuleId } from "./ids.ts";

/** What a contact is for. Ordered by how much a person would care; the first that applies colours a program. */
export const CATEGORIES = [
  "telemetry",
  "crash-reporting",
  "analytics",
  "advertising",
  "monitoring",
  "feature-flags",
  "update-check",
  "licence-check",
  "content",
  "infrastructure",
  "unknown",
] as const;

export type Category = (typeof CATEGORIES)[number];

/** The categories a telemetry report lists. */
export const REPORTED_CATEGORIES: ReadonlySet<Category> = new Set([
  "telemetry",
  "crash-reporting",
  "analytics",
  "advertising",
  "monitoring",
]);

export interface OptOut {
  /** The application it is for. */
  readonly app: string;
  readonly kind: "env" | "command" | "config" | "ui";
  /** What to do, in one line: `export X=1`, a command, a setting. */
  readonly instruction: string;
  readonly source: string | null;
}

export interface Verdict {
  readonly category: Category;
  /** Who receives it: "Segment", or null when only the category is known. */
  readonly vendor: string | null;
  /** Owner of the registrable domain ("Twilio"), or null. */
  readonly owner: string | null;
  /** null when no rule matched (then the category is "unknown", or "infrastructure" by protocol). */
  readonly ruleId: RuleId | null;
  /** "confirmed": a curated rule names this host. "suspected": a guess by name pattern. */
  readonly confidence: "confirmed" | "suspected" | "none";
  /** One sentence: why we say so. */
  readonly evidence: string;
  /** Where the rule's fact comes from, or null. */
  readonly source: string | null;
  readonly optOuts: readonly OptOut[];
}
