/**
 * CRYPTO pieces in any order, overlapping -> the handshake bytes from offset 0.
 * Browsers cut their hello into many pieces on purpose and shuffle them.
 */
import type { CryptoPiece } from "./read-frames.ts";

export interface CryptoStream {
  /** malformed: other bytes for a place already filled (RFC 9000 section 2.2 forbids it). too-long: beyond the cap. */
  readonly add: (piece: CryptoPiece) => "added" | "malformed" | "too-long";
  /** All bytes in front of the first hole. */
  readonly front: () => Uint8Array;
}

/** A hello of one TLS record, as over TCP. */
export const MAX_CRYPTO_BYTES = 16 * 1024;
/** Grown by doubling: an ordinary hello has 300 to 1,800 bytes. */
const FIRST_SIZE = 2048;

export function createCryptoStream(): CryptoStream {
  let bytes = new Uint8Array(FIRST_SIZE);
  let isFilled = new Uint8Array(FIRST_SIZE);
  let frontBytes = 0;

  function grow(needed: number): void {
    let size = bytes.length;
    while (size < needed) size *= 2;
    if (size === bytes.length) return;
    const larger = new Uint8Array(size);
    larger.set(bytes);
    bytes = larger;
    const largerFilled = new Uint8Array(size);
    largerFilled.set(isFilled);
    isFilled = largerFilled;
  }

  function add({ offset, data }: CryptoPiece): "added" | "malformed" | "too-long" {
    const end = offset + data.length;
    if (end > MAX_CRYPTO_BYTES) return "too-long";
    grow(end);
    for (let index = 0; index < data.length; index += 1) {
      const at = offset + index;
      if (isFilled[at] === 1 && bytes[at] !== data[index]) return "malformed";
      bytes[at] = data[index] ?? 0;
      isFilled[at] = 1;
    }
    while (isFilled[frontBytes] === 1) frontBytes += 1;
    return "added";
  }

  return { add, front: () => bytes.subarray(0, frontBytes) };
}
