/** One end of a flow. `address` is canonical text (RFC 5952 for IPv6); IPv4-mapped IPv6 is given as IPv4. */
export interface Endpoint {
  readonly address: string;
  /** 0 when not bound yet, or for protocols without ports. */
  readonly port: number;
}

export type Transport = "tcp" | "udp" | "icmp" | "other";

/** Where an address lives, as seen from this machine. */
export type Locality = "loopback" | "private" | "link-local" | "multicast" | "internet";
