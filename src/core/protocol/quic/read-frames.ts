/** Frames of an Initial packet (RFC 9000 sections 12.4 and 19) -> its CRYPTO data. */
import { type ByteCursor, createCursor, remaining, skip } from "../byte-cursor.ts";
import { readVarint } from "./read-varint.ts";

export interface CryptoPiece {
  readonly offset: number;
  readonly data: Uint8Array;
}

const FRAME = { padding: 0x00, ping: 0x01, ack: 0x02, ackEcn: 0x03, crypto: 0x06, connectionClose: 0x1c } as const;

function skipVarints(cursor: ByteCursor, count: number): true | undefined {
  for (let index = 0; index < count; index += 1) if (readVarint(cursor) === undefined) return undefined;
  return true;
}

/** Section 19.3: largest, delay, how many ranges, the first range; then two numbers a range, and three counts for ECN. */
function skipAck(cursor: ByteCursor, hasEcn: boolean): true | undefined {
  if (skipVarints(cursor, 2) === undefined) return undefined;
  const ranges = readVarint(cursor);
  // Two bytes a range at least: the packet's size bounds the loop.
  if (ranges === undefined || ranges * 2 > remaining(cursor)) return undefined;
  return skipVarints(cursor, 1 + ranges * 2 + (hasEcn ? 3 : 0));
}

/** Section 19.19: error code, frame type, and a reason with its length. */
function skipClose(cursor: ByteCursor): true | undefined {
  if (skipVarints(cursor, 2) === undefined) return undefined;
  const reasonBytes = readVarint(cursor);
  return reasonBytes === undefined ? undefined : skip(cursor, reasonBytes);
}

function readCrypto(cursor: ByteCursor): CryptoPiece | undefined {
  const offset = readVarint(cursor);
  const length = readVarint(cursor);
  if (offset === undefined || length === undefined || length > remaining(cursor)) return undefined;
  const data = cursor.bytes.subarray(cursor.offset, cursor.offset + length);
  cursor.offset += length;
  return { offset, data };
}

/** All CRYPTO frames in their order. undefined: malformed, or a frame that may not stand here (section 12.5). */
export function readCryptoFrames(frames: Uint8Array): readonly CryptoPiece[] | undefined {
  const cursor = createCursor(frames);
  const pieces: CryptoPiece[] = [];
  // Every turn reads at least the type byte.
  while (remaining(cursor) > 0) {
    const type = readVarint(cursor);
    switch (type) {
      case FRAME.padding:
      case FRAME.ping:
        break;
      case FRAME.ack:
      case FRAME.ackEcn:
        if (skipAck(cursor, type === FRAME.ackEcn) === undefined) return undefined;
        break;
      case FRAME.connectionClose:
        if (skipClose(cursor) === undefined) return undefined;
        break;
      case FRAME.crypto: {
        const piece = readCrypto(cursor);
        if (piece === undefined) return undefined;
        pieces.push(piece);
        break;
      }
      default:
        return undefined;
    }
  }
  return pieces;
}
