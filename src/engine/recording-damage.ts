/** What is wrong with a recording that could only be read in part. */
import type { Feature } from "../core/model/coverage.ts";
import type { ReplayEnd } from "./replay-recording.ts";

/** In words that follow "the recording is damaged: "; null: it was read whole, or not at all. */
export function damageOf(end: ReplayEnd): string | null {
  if (end.outcome === "broken") return end.reason;
  if (end.outcome === "ended" && end.isTruncated) return "it ends in the middle of a record";
  return null;
}

/** The window's banner knows this id. */
export const recordingGap = (damage: string): Feature => ({
  id: "recording",
  isAttached: false,
  reason: damage,
  unseen: "everything after the damaged place of the recording",
});
