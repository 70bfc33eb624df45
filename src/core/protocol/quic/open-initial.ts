/** One Initial packet and its keys -> its frames, authenticated (RFC 9001 section 5). */
import type { InitialCiphers } from "./initial-ciphers.ts";
import type { InitialKeys } from "./initial-keys.ts";
import type { LongHeader } from "./read-long-header.ts";

export interface OpenedPacket {
  readonly packetNumber: number;
  readonly frames: Uint8Array;
}

const SAMPLE_BYTES = 16;
const TAG_BYTES = 16;
/** RFC 9001 section 5.4.2: the sample begins as if the packet number had four bytes. */
const SAMPLE_DISTANCE = 4;

/** RFC 9000 appendix A.3: the number nearest to the one expected next that ends in these bytes. */
export function expandPacketNumber(truncated: number, numberBytes: number, largest: number): number {
  const window = 256 ** numberBytes;
  const expected = largest + 1;
  const candidate = expected - (expected % window) + truncated;
  if (candidate <= expected - window / 2) return candidate + window;
  if (candidate > expected + window / 2 && candidate >= window) return candidate - window;
  return candidate;
}

/** RFC 9001 section 5.3: the IV with the packet number laid over its end. */
function nonceOf(iv: Uint8Array, packetNumber: number): Uint8Array {
  const nonce = iv.slice();
  let rest = packetNumber;
  for (let index = nonce.length - 1; rest > 0 && index >= 0; index -= 1) {
    nonce[index] = (nonce[index] ?? 0) ^ (rest % 256);
    rest = Math.floor(rest / 256);
  }
  return nonce;
}

/** undefined: these are not its keys, or it was damaged. `largest`: the highest packet number opened so far, -1 for none. */
export function openInitial(
  ciphers: InitialCiphers,
  datagram: Uint8Array,
  header: LongHeader,
  keys: InitialKeys,
  largest: number,
): OpenedPacket | undefined {
  const sampleAt = header.numberOffset + SAMPLE_DISTANCE;
  if (sampleAt + SAMPLE_BYTES > header.end || header.end > datagram.length) return undefined;
  const sample = datagram.subarray(sampleAt, sampleAt + SAMPLE_BYTES);
  const mask = ciphers.encryptAes128Block(keys.headerProtection, sample);
  const firstByte = (datagram[header.start] ?? 0) ^ ((mask[0] ?? 0) & 0x0f);
  const numberBytes = (firstByte & 0b11) + 1;
  const associated = datagram.slice(header.start, header.numberOffset + numberBytes);
  associated[0] = firstByte;
  let truncated = 0;
  for (let index = 0; index < numberBytes; index += 1) {
    const at = header.numberOffset - header.start + index;
    const byte = (associated[at] ?? 0) ^ (mask[1 + index] ?? 0);
    associated[at] = byte;
    truncated = truncated * 256 + byte;
  }
  const sealed = datagram.subarray(header.numberOffset + numberBytes, header.end);
  if (sealed.length < TAG_BYTES) return undefined;
  const packetNumber = expandPacketNumber(truncated, numberBytes, largest);
  const frames = ciphers.openAes128Gcm(keys.key, nonceOf(keys.iv, packetNumber), associated, sealed);
  return frames === undefined ? undefined : { packetNumber, frames };
}
