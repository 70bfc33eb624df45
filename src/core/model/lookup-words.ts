/** What came of a lookup, in the words window, terminal and reports share. */
import { displayText } from "./display-text.ts";
import type { Words } from "./format.ts";
import type { Lookup, LookupOutcome, LookupVia } from "./lookup.ts";

type LookupEnd = Pick<Lookup, "outcome" | "isFollowed" | "isForOthers" | "addresses">;

/** unfollowed: answered with addresses that nobody connected to, though the program itself wanted them. done: everything else that was answered. */
export type LookupFate = "failed" | "unfollowed" | "pending" | "done";

export function lookupFate({ outcome, isFollowed, isForOthers, addresses }: LookupEnd): LookupFate {
  if (outcome === "pending") return "pending";
  if (outcome !== "answered") return "failed";
  return isFollowed || isForOthers || addresses.length === 0 ? "done" : "unfollowed";
}

const OUTCOME_WORDS: Readonly<Record<LookupOutcome, string>> = {
  pending: "no answer yet",
  answered: "answered",
  "no-such-name": "no such name",
  "no-address": "has no address",
  failed: "failed",
  unanswered: "nobody answered",
};

/** `no such name`, `failed (SERVFAIL)`. */
export function outcomeText({ outcome, failure }: Pick<Lookup, "outcome" | "failure">): string {
  const words = OUTCOME_WORDS[outcome];
  // NXDOMAIN says nothing that "no such name" does not; other errors do.
  return failure === null || outcome === "no-such-name" ? words : `${words} (${displayText(failure)})`;
}

/** The same, and `answered, never contacted`. */
export const lookupOutcomeText = (lookup: LookupEnd & Pick<Lookup, "failure">): string =>
  lookupFate(lookup) === "unfollowed" ? "answered, never contacted" : outcomeText(lookup);

const VIA_WORDS: Readonly<Record<LookupVia, Words>> = {
  "dns-udp": { plain: "DNS", exact: "DNS over UDP" },
  "dns-tcp": { plain: "DNS", exact: "DNS over TCP" },
  mdns: { plain: "local network", exact: "Multicast DNS (RFC 6762)" },
  llmnr: { plain: "local network", exact: "Link-local multicast name resolution (RFC 4795)" },
  libc: { plain: "through the system", exact: "A call of the C library; another process may have sent the packets" },
};

export const lookupViaWords = (via: LookupVia): Words => VIA_WORDS[via];

/** Who was asked: `192.0.2.53:53`, or `through the system` for a call of the C library. */
export const lookupResolverText = ({ resolver, via }: Pick<Lookup, "resolver" | "via">): string =>
  resolver === null ? VIA_WORDS[via].plain : displayText(resolver);
