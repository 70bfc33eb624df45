/** What is being seen and what is not. Loss and gaps are data, shown to the user. */

export interface Feature {
  /** Stable id: "connect4", "sock-state", "payload-egress", "existing-flows" ... */
  readonly id: string;
  readonly isAttached: boolean;
  /** Why not, as the kernel said it; null when attached. */
  readonly reason: string | null;
  /** What is unseen without it, in plain words. */
  readonly unseen: string;
}

export interface Loss {
  /** Records the kernel had no room for, by record type name. */
  readonly kernel: Readonly<Record<string, number>>;
  /** Records that could not be decoded or whose tables were full. */
  readonly core: Readonly<Record<string, number>>;
  readonly total: number;
}

export interface Coverage {
  readonly features: readonly Feature[];
  readonly loss: Loss;
  /** Seen and deliberately not used, by reason: answers nobody asked for, payloads that are not what their port says. */
  readonly ignored?: Readonly<Record<string, number>>;
  readonly recordsSeen: number;
  /** Flows that were there before the capture. */
  readonly olderFlows: number;
  /** Flows whose owner is not known. */
  readonly unattributedFlows: number;
}

/** True of this version whatever the kernel allows, so it is said wherever coverage is. */
export const BEYOND_OUR_PROBES =
  "What packet sockets only hear, packets that pass the kernel's queues by (AF_XDP, PACKET_QDISC_BYPASS) and sockets that are not of the Internet (Bluetooth, VSOCK) are not seen.";
