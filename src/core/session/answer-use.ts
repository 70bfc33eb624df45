/** What flows do to the answers that may have named them. */
import type { OnUsed } from "../naming/find-names.ts";
import type { Lookups } from "./lookups.ts";

const earlier = (before: number | null, timeNs: number): number => Math.min(before ?? timeNs, timeNs);

/** What a contact may have used is used up, and its lookup led somewhere. */
export const createAnswerUse =
  (lookups: Lookups): OnUsed =>
  (answer, use, openedAtNs) => {
    if (use.isOwnLine && !answer.isFollowed && answer.process !== null) {
      answer.isFollowed = true;
      lookups.follow(answer.process, answer.name);
    }
    if (!use.isDeciding || answer.observedAtNs > openedAtNs) return;
    if (use.isOwnLine) answer.consumedAtNs = earlier(answer.consumedAtNs, openedAtNs);
    else answer.borrowedAtNs = earlier(answer.borrowedAtNs, openedAtNs);
  };
