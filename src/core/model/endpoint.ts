/** One end of a flow. `address` is canonical text (RFC 5952 for IPv6); IPv4-mapped IPv6 is given as IPv4. Of frames that are not IP: Ethernet's. */
export interface Endpoint {
  readonly address: string;
  /** 0 when not bound yet, or for protocols without ports. */
  readonly port: number;
}

/**
 * raw: an IP protocol the program writes by itself. packet: whole packets or
 * frames, past the kernel's IP. other: a transport of the kernel's we know no more of.
 */
export type Transport = "tcp" | "udp" | "icmp" | "sctp" | "raw" | "packet" | "other";

/** Where an address lives, as seen from this machine. */
export type Locality = "loopback" | "private" | "link-local" | "multicast" | "internet";
