/** What TCP measured of a connection, in words; window, terminal and reports say the same. */
import { formatCount, formatRoundTrip } from "./format.ts";

interface Measured {
  readonly handshakeNs: number | null;
  readonly rttUs: number | null;
  readonly retransmits: number | null;
}

/** `set up in 14 ms`, `round trip 13 ms`, `2 segments sent again`: those that were told. */
export const measuredTexts = ({ handshakeNs, rttUs, retransmits }: Measured): readonly string[] => [
  ...(handshakeNs === null ? [] : [`set up in ${formatRoundTrip(handshakeNs / 1e3)}`]),
  ...(rttUs === null ? [] : [`round trip ${formatRoundTrip(rttUs)}`]),
  ...(retransmits === null || retransmits === 0 ? [] : [`${formatCount(retransmits, "segment")} sent again`]),
];
