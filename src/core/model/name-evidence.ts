/**
 * How a flow got its name. Listed strongest first: stronger evidence is never
 * overwritten by weaker, and names that disagree are kept as evidence.
 */
export const NAME_SOURCES = [
  "server-name", // the program's own TLS ClientHello, over TCP or QUIC (RFC 6066 section 3)
  "connect-target", // what the program asked a proxy for (RFC 9110 section 9.3.6)
  "http-host", // the program's own plain HTTP request (RFC 9110 section 7.2)
  "own-answer", // a resolver answer this process received
  "own-lookup", // what the C library answered this process, whoever sent the packets
  "inherited-answer", // an answer or lookup of a parent before fork or exec
  "cgroup-answer", // of another process of the same cgroup
  "host-answer", // of any other process of this machine
  "hosts-file", // the address stands in /etc/hosts, and nobody was seen asking
  "reverse-dns", // a reverse lookup the user asked for: the address's owner chose it, the program did not
] as const;

export type NameSource = (typeof NAME_SOURCES)[number];

export interface NameEvidence {
  /** Lower-case ASCII (A-label) name without trailing dot; safe to print. */
  readonly name: string;
  readonly source: NameSource;
  /** When the evidence was seen, ns of CLOCK_BOOTTIME. Its age for a flow is the flow's openedAtNs minus this. */
  readonly observedAtNs: number;
}

/**
 * The ClientHello had an encrypted part (RFC 9849). offered: nothing says
 * whether it was real; browsers send decoys. outer-name: the name is the public
 * one its provider gives for many sites, and the real name is hidden.
 */
export type EchState = "offered" | "outer-name";

/** The flow ends at a proxy; its name is what the program asked the proxy for. */
export interface Hop {
  readonly kind: "http-proxy";
  /** What the proxy itself is called; null: only its address is known, which is the flow's remote. */
  readonly name: string | null;
}

/** All that is known about the name of one flow. */
export interface Naming {
  /** Best name, or null: then there are candidates, or the address is the destination. */
  readonly name: string | null;
  readonly source: NameSource | null;
  /** Every distinct name with its best evidence, strongest first. */
  readonly evidence: readonly NameEvidence[];
  /** Names the best source gives and that cannot be told apart for this flow, likeliest first; empty when there is a name. */
  readonly candidates: readonly string[];
  /** The program's own sources disagree (its TLS name was not the name it looked up). */
  readonly isContradicted: boolean;
  readonly ech: EchState | null;
  readonly hop: Hop | null;
}

/** A program sends its lookups encrypted to a resolver of its own choice (RFC 7858, RFC 8484, RFC 9250). */
export interface EncryptedDns {
  readonly protocol: "dot" | "doh" | "doq";
  /** Name of the resolver, or its address. */
  readonly resolver: string;
}
