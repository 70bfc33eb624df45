/**
 * DNS over TCP (RFC 1035 section 4.2.2): a 2-byte length, then the message,
 * cut anywhere. Pieces come with their offset in one direction of the stream.
 * A piece that is missing for good ends it: the framing cannot be found again.
 */
import { createStreamJoiner } from "../join-stream.ts";

export interface DnsStreamFramer {
  /** Messages completed by this piece. */
  readonly push: (streamOffset: number, data: Uint8Array) => readonly Uint8Array[];
  /** A piece was missing; nothing more can be read. */
  readonly isLost: () => boolean;
}

const LENGTH_BYTES = 2;

export function createDnsStreamFramer(): DnsStreamFramer {
  const joiner = createStreamJoiner();
  /** Length bytes and message read so far. A message is at most 64 KiB, so is this. */
  let pending = new Uint8Array(0);

  function append(data: Uint8Array): Uint8Array {
    if (pending.length === 0) return data;
    const joined = new Uint8Array(pending.length + data.length);
    joined.set(pending);
    joined.set(data, pending.length);
    return joined;
  }

  function push(streamOffset: number, data: Uint8Array): readonly Uint8Array[] {
    const bytes = append(joiner.push(streamOffset, data));
    const messages: Uint8Array[] = [];
    let at = 0;
    while (bytes.length - at >= LENGTH_BYTES) {
      const end = at + LENGTH_BYTES + (((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0));
      if (end > bytes.length) break;
      messages.push(bytes.slice(at + LENGTH_BYTES, end));
      at = end;
    }
    pending = bytes.slice(at); // a copy: the piece's memory is not ours
    return messages;
  }

  return { push, isLost: joiner.isLost };
}
