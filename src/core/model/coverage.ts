/** What is being seen and what is not. Loss and gaps are data, shown to the user. */

export interface Feature {
  /** Stable id: "connect4", "sock-state", "payload-egress", "existing-flows" ... */
  readonly id: string;
  readonly isAttached: boolean;
  /** Why not, as the kernel said it; null when attached. */
  readonly reason: string | null;
  /** What is unseen without it, in plain words. */
  readonly unseen: string;
  /** The kernel refused the first choice, and a simpler one is attached; absent: the first choice is, or none. */
  readonly fallback?: Fallback;
}

export interface Fallback {
  /** Why the first choice was refused, as the kernel said it. */
  readonly refusal: string;
  /** What is not seen with it, in plain words; null: nothing, it only takes longer. */
  readonly lacks: string | null;
}

/** What watching costs to begin with. */
export interface CaptureCost {
  readonly loadMs: number;
  readonly attachMs: number;
  readonly programs: readonly {
    readonly name: string;
    /** As the kernel runs them. */
    readonly instructions: number;
    /** Those the verifier walked through; null: this kernel does not tell. */
    readonly verifiedInstructions: number | null;
  }[];
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
  /** What loading them took; absent: not told. */
  readonly cost?: CaptureCost;
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
