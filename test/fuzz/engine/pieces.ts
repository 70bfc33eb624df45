/**
 * Fuzzer bytes -> pieces of a stream. The lowest bit of the first byte chooses:
 * 0: hostile pieces, each with any offset and its own bytes. 1: pieces cut from
 * one stream, in any order, repeated and overlapping, and at last all of it.
 */
export interface Piece {
  readonly offset: number;
  readonly data: Uint8Array;
}

export interface PieceInput {
  readonly pieces: readonly Piece[];
  /** What the pieces are cut from; null: they contradict each other, or leave holes. */
  readonly stream: Uint8Array | null;
}

const MAX_CUTS = 24;
/** So often is the data of a large piece repeated, to reach caps with few bytes. */
const LARGE_FACTOR = 64;

function cutStream(input: Uint8Array): PieceInput {
  const cuts = ((input[0] ?? 0) >> 1) % (MAX_CUTS + 1);
  const plan = input.subarray(1, 1 + cuts * 2);
  const stream = input.subarray(1 + plan.length);
  const pieces: Piece[] = [];
  for (let index = 0; index + 1 < plan.length; index += 2) {
    const offset = Math.floor(((plan[index] ?? 0) * stream.length) / 256);
    pieces.push({ offset, data: stream.subarray(offset, offset + (plan[index + 1] ?? 0)) });
  }
  return { pieces: [...pieces, { offset: 0, data: stream }], stream };
}

function repeat(data: Uint8Array): Uint8Array {
  const long = new Uint8Array(data.length * LARGE_FACTOR);
  for (let at = 0; at < long.length; at += data.length) long.set(data, at);
  return long;
}

/** Each piece is a control byte, a length byte, its data; some have an offset of four bytes in front of it. */
function hostilePieces(input: Uint8Array): PieceInput {
  const view = new DataView(input.buffer, input.byteOffset, input.byteLength);
  const pieces: Piece[] = [];
  let expected = 0;
  let at = 1;
  while (at + 2 <= input.length) {
    const control = input[at] ?? 0;
    const length = input[at + 1] ?? 0;
    at += 2;
    const distance = control >> 3;
    let offset = expected;
    if ((control & 3) === 1) offset = expected + distance;
    if ((control & 3) === 2) offset = Math.max(0, expected - distance);
    if ((control & 3) === 3 && at + 4 <= input.length) {
      offset = view.getUint32(at);
      at += 4;
    }
    const part = input.subarray(at, at + length);
    const data = (control & 4) === 0 ? part : repeat(part);
    at += length;
    pieces.push({ offset, data });
    if ((control & 3) === 0) expected += data.length;
  }
  return { pieces, stream: null };
}

export const readPieces = (input: Uint8Array): PieceInput =>
  ((input[0] ?? 0) & 1) === 1 ? cutStream(input) : hostilePieces(input);

/** A seed: `stream` cut at a few places. */
export function cutSeed(stream: Uint8Array, plan: readonly (readonly [number, number])[] = []): Uint8Array {
  return new Uint8Array([(plan.length << 1) | 1, ...plan.flat(), ...stream]);
}

/** A seed: `stream` in pieces of at most 255 bytes, in order. */
export function inOrderSeed(stream: Uint8Array, size = 255): Uint8Array {
  const bytes = [0];
  for (let at = 0; at < stream.length; at += size) {
    const data = stream.subarray(at, at + size);
    bytes.push(0, data.length, ...data);
  }
  return new Uint8Array(bytes);
}
