/**
 * The six things colour may say, and the shape that repeats each one. A
 * category belongs to exactly one tone.
 */
import { CATEGORIES, type Category } from "../core/model/verdict.ts";

export const TONES = ["telemetry", "analytics", "advertising", "updates", "ordinary", "infrastructure"] as const;
export type Tone = (typeof TONES)[number];

const TONE_OF_CATEGORY: Readonly<Record<Category, Tone>> = {
  telemetry: "telemetry",
  "crash-reporting": "telemetry",
  analytics: "analytics",
  monitoring: "analytics",
  "feature-flags": "analytics",
  advertising: "advertising",
  "update-check": "updates",
  "licence-check": "updates",
  content: "ordinary",
  unknown: "ordinary",
  infrastructure: "infrastructure",
};

export const toneOf = (category: Category): Tone => TONE_OF_CATEGORY[category];

export const TONE_LABELS: Readonly<Record<Tone, string>> = {
  telemetry: "Telemetry and crash reports",
  analytics: "Analytics and monitoring",
  advertising: "Advertising",
  updates: "Updates and licences",
  ordinary: "Ordinary",
  infrastructure: "Infrastructure",
};

/** Same name in the legend where space is short. */
export const TONE_SHORT_LABELS: Readonly<Record<Tone, string>> = {
  telemetry: "Telemetry",
  analytics: "Analytics",
  advertising: "Advertising",
  updates: "Updates",
  ordinary: "Ordinary",
  infrastructure: "Infrastructure",
};

/** How much a person would care: the lower, the more. */
export const careRank = (category: Category): number => CATEGORIES.indexOf(category);

/**
 * Shape of each tone in a box of 10 x 10, as polygon points; null is a disc.
 * Drawn by the verdict dot (SVG) and by the canvas, so both say the same.
 */
export const TONE_POLYGONS: Readonly<Record<Tone, readonly (readonly [number, number])[] | null>> = {
  telemetry: [
    [5, 0.6],
    [9.8, 9.2],
    [0.2, 9.2],
  ],
  analytics: [
    [5, 0],
    [10, 5],
    [5, 10],
    [0, 5],
  ],
  advertising: [
    [1, 1],
    [9, 1],
    [9, 9],
    [1, 9],
  ],
  updates: [
    [3.4, 0.4],
    [6.6, 0.4],
    [6.6, 4.6],
    [9.8, 4.6],
    [5, 9.8],
    [0.2, 4.6],
    [3.4, 4.6],
  ],
  ordinary: null,
  infrastructure: null,
};
