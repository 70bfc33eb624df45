/** What flows do to the answers that may have named them. */
import type { OnUsed } from "../naming/find-names.ts";
import type { Lookups } from "./lookups.ts";

/** What a contact may have used is used up, and its lookup led somewhere. */
export const createAnswerUse =
  (lookups: Lookups): OnUsed =>
  (answer, use, openedAtNs) => {
    if (use.isOwnLine && !answer.isFollowed && answer.process !== null) {
      answer.isFollowed = true;
      lookups.follow(answer.process, answer.name);
    }
    if (!use.isDeciding || answer.observedAtNs > openedAtNs) return;
    if (use.isOwnLine) answer.consumedAtNs = Math.min(answer.consumedAtNs, openedAtNs);
    else answer.borrowedAtNs = Math.min(answer.borrowedAtNs, openedAtNs);
  };
