/** One name a process asked for, over all its tries, and what came of it. */
import type { ProcessKey } from "./ids.ts";

export type LookupVia = "dns-udp" | "dns-tcp" | "mdns" | "llmnr" | "libc";

/**
 * no-such-name: the resolver says it does not exist. no-address: it exists,
 * without an address of the asked kind. failed: another error. unanswered:
 * nobody answered in time.
 */
export type LookupOutcome = "pending" | "answered" | "no-such-name" | "no-address" | "failed" | "unanswered";

export interface Lookup {
  /** null: the kernel did not tell whose socket asked. */
  readonly process: ProcessKey | null;
  /** Lower-case ASCII, without trailing dot; safe to print. */
  readonly name: string;
  readonly via: LookupVia;
  /** `address:port` of the resolver asked last; null for the C library. */
  readonly resolver: string | null;
  /** Record types asked for ("A", "AAAA", "HTTPS", "TYPE257"); empty for the C library. */
  readonly types: readonly string[];
  readonly outcome: LookupOutcome;
  /** The error's own name ("NXDOMAIN", "SERVFAIL", "EAI_AGAIN"), or null. */
  readonly failure: string | null;
  /** First eight of the answers. */
  readonly addresses: readonly string[];
  readonly firstAskedAtNs: number;
  readonly lastAskedAtNs: number;
  readonly count: number;
  /** A connection or datagram of the same process, or of one it started, went to one of the addresses. */
  readonly isFollowed: boolean;
  /** Asked by a DNS server, which asks what others want to know. */
  readonly isForOthers: boolean;
}
