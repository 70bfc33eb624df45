import { describe, expect, it } from "vitest";
import type { Lookup } from "../../../../src/core/model/lookup.ts";
import { lookupFate, lookupOutcomeText, lookupResolverText } from "../../../../src/core/model/lookup-words.ts";

const answered = {
  outcome: "answered",
  failure: null,
  addresses: ["192.0.2.1"],
  isFollowed: false,
  isForOthers: false,
} as const;

describe("what came of a lookup", () => {
  it.each<[string, Pick<Lookup, "outcome" | "failure" | "addresses" | "isFollowed" | "isForOthers">, string, string]>([
    ["an answer nobody followed", answered, "unfollowed", "answered, never contacted"],
    ["an answer that was followed", { ...answered, isFollowed: true }, "done", "answered"],
    ["an answer that a DNS server hands on", { ...answered, isForOthers: true }, "done", "answered"],
    ["an answer without addresses (TXT)", { ...answered, addresses: [] }, "done", "answered"],
    [
      "a name that does not exist",
      { ...answered, outcome: "no-such-name", failure: "NXDOMAIN" },
      "failed",
      "no such name",
    ],
    ["an error", { ...answered, outcome: "failed", failure: "SERVFAIL" }, "failed", "failed (SERVFAIL)"],
    [
      "an error with a hostile name",
      { ...answered, outcome: "failed", failure: "\u001b[2J" },
      "failed",
      "failed (\\x1b[2J)",
    ],
    ["silence", { ...answered, outcome: "unanswered" }, "failed", "nobody answered"],
    ["a name without addresses", { ...answered, outcome: "no-address" }, "failed", "has no address"],
    ["a question just asked", { ...answered, outcome: "pending" }, "pending", "no answer yet"],
  ])("%s", (_what, lookup, fate, words) => {
    expect(lookupFate(lookup)).toBe(fate);
    expect(lookupOutcomeText(lookup)).toBe(words);
  });

  it("names the resolver, or the system where the C library was asked", () => {
    expect(lookupResolverText({ resolver: "192.0.2.53:53", via: "dns-udp" })).toBe("192.0.2.53:53");
    expect(lookupResolverText({ resolver: null, via: "libc" })).toBe("through the system");
  });
});
