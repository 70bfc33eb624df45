/** Made-up lookups of a program, one of every kind. */
import type { Lookup } from "../../src/core/model/lookup.ts";

const ANSWERED: Omit<Lookup, "name" | "firstAskedAtNs" | "lastAskedAtNs"> = {
  process: null,
  via: "dns-udp",
  resolver: "192.168.1.1:53",
  types: ["A", "AAAA"],
  outcome: "answered",
  failure: null,
  addresses: ["203.0.113.9", "2001:db8::9"],
  count: 1,
  isFollowed: true,
  isForOthers: false,
};

type Made = Partial<Lookup> & Pick<Lookup, "name">;

const MADE: readonly Made[] = [
  {
    name: "wpad.corp.example",
    outcome: "no-such-name",
    failure: "NXDOMAIN",
    addresses: [],
    count: 4,
    isFollowed: false,
  },
  { name: "beacon.example.net", outcome: "failed", failure: "SERVFAIL", addresses: [], isFollowed: false },
  {
    name: "old-printer.local",
    via: "mdns",
    resolver: "224.0.0.251:5353",
    outcome: "unanswered",
    addresses: [],
    isFollowed: false,
  },
  { name: "v6only.example.org", outcome: "no-address", types: ["A"], addresses: [], isFollowed: false },
  {
    name: "db.internal.example",
    via: "libc",
    resolver: null,
    types: [],
    outcome: "failed",
    failure: "EAI_AGAIN",
    addresses: [],
    isFollowed: false,
  },
  { name: "prefetched.example.com", isFollowed: false },
  { name: "xn--mnchen-3ya.example.org", types: ["A", "AAAA", "HTTPS"], isFollowed: false, count: 12 },
  { name: "xn--80ak6aa92e.com", isFollowed: false },
  { name: `${"a-very-long-label-".repeat(3)}end.${"and-another-".repeat(4)}one.example.org`, isFollowed: false },
  { name: "pending.example.org", outcome: "pending", addresses: [], isFollowed: false },
  ...Array.from({ length: 22 }, (_, index): Made => ({ name: `host-${index}.example.com` })),
];

export const generateLookups = (nowNs: number): readonly Lookup[] =>
  MADE.map((made, index) => ({
    ...ANSWERED,
    firstAskedAtNs: nowNs - index * 31e9 - 2e9,
    lastAskedAtNs: nowNs - index * 31e9 - 2e9,
    ...made,
  }));
