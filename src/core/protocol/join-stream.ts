/**
 * Pieces of one direction of a TCP stream -> its bytes in order. Pieces may
 * repeat or overlap, and a few may overtake others: networks reorder. A piece
 * that never comes (a lost record) shows by those behind it piling up.
 */
export interface StreamJoiner {
  /** The bytes that continue what was returned before; empty while one in front of them is missing. */
  readonly push: (streamOffset: number, data: Uint8Array) => Uint8Array;
  /** A piece is missing for good; nothing more will come out. */
  readonly isLost: () => boolean;
}

/** A reordered segment arrives within a few others; more than this behind a hole means that it was lost. */
const MAX_AHEAD_BYTES = 16 * 1024;
const MAX_AHEAD_PIECES = 16;
const NOTHING = new Uint8Array(0);

interface Piece {
  readonly offset: number;
  readonly data: Uint8Array;
}

function concatenate(parts: readonly Uint8Array[]): Uint8Array {
  const [only] = parts;
  if (only === undefined) return NOTHING;
  if (parts.length === 1) return only;
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

export function createStreamJoiner(): StreamJoiner {
  let expected = 0;
  /** In order of their offset. */
  let ahead: Piece[] = [];
  let isLost = false;

  function keepAhead(piece: Piece): void {
    ahead.push({ offset: piece.offset, data: piece.data.slice() }); // the piece's memory is not ours
    ahead.sort((a, b) => a.offset - b.offset);
    const bytes = ahead.reduce((sum, { data }) => sum + data.length, 0);
    if (ahead.length <= MAX_AHEAD_PIECES && bytes <= MAX_AHEAD_BYTES) return;
    isLost = true;
    ahead = [];
  }

  /** The part of a piece that is new; undefined: there is a hole in front of it. */
  function advance({ offset, data }: Piece): Uint8Array | undefined {
    if (offset > expected) return undefined;
    const fresh = data.subarray(Math.min(expected - offset, data.length));
    expected += fresh.length;
    return fresh;
  }

  function push(streamOffset: number, data: Uint8Array): Uint8Array {
    if (isLost || data.length === 0) return NOTHING;
    const first = advance({ offset: streamOffset, data });
    if (first === undefined) {
      keepAhead({ offset: streamOffset, data });
      return NOTHING;
    }
    const parts = [first];
    for (let next = ahead[0]; next !== undefined; next = ahead[0]) {
      const fresh = advance(next);
      if (fresh === undefined) break;
      ahead.shift();
      parts.push(fresh);
    }
    return concatenate(parts);
  }

  return { push, isLost: () => isLost };
}
