/** Reads untrusted bytes front to back. Past the end everything reads as undefined, and stays so. */
export interface ByteCursor {
  readonly bytes: Uint8Array;
  offset: number;
  readonly end: number;
}

export const createCursor = (bytes: Uint8Array, offset = 0, end = bytes.length): ByteCursor => ({
  bytes,
  offset,
  end: Math.min(end, bytes.length),
});

/** Bytes left. */
export const remaining = (cursor: ByteCursor): number => cursor.end - cursor.offset;

/** Big-endian unsigned integer of 1 to 4 bytes. */
export function readUint(cursor: ByteCursor, byteCount: 1 | 2 | 3 | 4): number | undefined {
  if (remaining(cursor) < byteCount) return undefined;
  let value = 0;
  for (let index = 0; index < byteCount; index += 1) value = value * 256 + (cursor.bytes[cursor.offset + index] ?? 0);
  cursor.offset += byteCount;
  return value;
}

export function skip(cursor: ByteCursor, byteCount: number): true | undefined {
  if (remaining(cursor) < byteCount) return undefined;
  cursor.offset += byteCount;
  return true;
}

/** A part of its own: a length field of `lengthBytes`, then that many bytes (TLS vectors, DNS RDATA). */
export function readBlock(cursor: ByteCursor, lengthBytes: 1 | 2 | 3): ByteCursor | undefined {
  const length = readUint(cursor, lengthBytes);
  if (length === undefined || remaining(cursor) < length) return undefined;
  const block = createCursor(cursor.bytes, cursor.offset, cursor.offset + length);
  cursor.offset += length;
  return block;
}
