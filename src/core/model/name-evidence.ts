/**
 * How a flow got its name. Listed strongest first: stronger evidence is never
 * overwritten by weaker, and candidates that disagree are kept.
 */
export const NAME_SOURCES = [
  "server-name", // the program's own TLS ClientHello (RFC 6066 section 3)
  "own-answer", // a resolver answer this process received
  "inherited-answer", // received by a parent before fork or exec
  "cgroup-answer", // received by another process of the same cgroup
  "host-answer", // received by any other process of this machine
] as const;

export type NameSource = (typeof NAME_SOURCES)[number];

export interface NameEvidence {
  /** Lower-case ASCII (A-label) name without trailing dot; safe to print. */
  readonly name: string;
  readonly source: NameSource;
  /** When the evidence was seen, ns of CLOCK_BOOTTIME. */
  readonly observedAtNs: number;
}

/** All that is known about the name of one flow. */
export interface Naming {
  /** Best name, or null: then the address is the destination. */
  readonly name: string | null;
  readonly source: NameSource | null;
  /** Every distinct name with its best evidence, strongest first. */
  readonly evidence: readonly NameEvidence[];
  /** The program's own sources disagree (its TLS name was not the name it looked up). */
  readonly isContradicted: boolean;
}
