/** Domain names on the wire (RFC 1035 sections 3.1 and 4.1.4) -> safe text. */
import { type ByteCursor, readUint } from "../byte-cursor.ts";

/** RFC 1035 section 2.3.4: 255 bytes with length bytes; so no name has more labels than 127. */
const MAX_NAME_BYTES = 255;
const MAX_LABEL_BYTES = 63;
const POINTER_BITS = 0xc0;

const DOT = 0x2e;

/** Letters, digits, hyphen, and the underscore of service labels (RFC 8552). */
const PLAIN = "abcdefghijklmnopqrstuvwxyz0123456789-_";

/** Text of each byte. Tables, because every byte of every name passes here. */
const TEXT_OF_BYTE: readonly string[] = Array.from({ length: 256 }, (_, byte) => {
  const lower = String.fromCharCode(byte).toLowerCase();
  return byte < 0x80 && PLAIN.includes(lower) ? lower : `\\${String(byte).padStart(3, "0")}`;
});

/** Character code of each byte that is one character; 0: it is written as several. */
const CODE_OF_BYTE = Uint8Array.from(TEXT_OF_BYTE, (text) => (text.length === 1 ? text.charCodeAt(0) : 0));

/**
 * One byte of a label as text. Upper case becomes lower case (names compare
 * case-insensitively, RFC 4343). Anything beyond letters, digits, hyphen and
 * underscore could drive a terminal or fake a dot: it stays `\ddd`
 * (RFC 1035 section 5.1).
 */
export const escapeNameByte = (byte: number): string => TEXT_OF_BYTE[byte] ?? "";

/** The same, as character codes behind others: one string made at the end is twice as fast as many joined. */
export function pushNameByte(codes: number[], byte: number): void {
  const code = CODE_OF_BYTE[byte] ?? 0;
  if (code !== 0) codes.push(code);
  else for (const character of escapeNameByte(byte)) codes.push(character.charCodeAt(0));
}

/**
 * The name at the cursor, which moves behind it: lower case, without trailing
 * dot; the root is ".". undefined: malformed. Pointers may lead backward only,
 * each further back than all before, so a loop is impossible and the number of
 * jumps is bounded by the message; the label count is bounded by the name's length.
 */
export function readName(cursor: ByteCursor): string | undefined {
  const { bytes } = cursor;
  const codes: number[] = []; // at most 4 for each of 255 bytes
  let nameBytes = 1; // the root's own length byte
  let at = cursor.offset;
  let earliest = cursor.offset; // of the part being read: a pointer must lead before it
  let isJumped = false;
  for (;;) {
    const length = at < cursor.end || isJumped ? bytes[at] : undefined;
    if (length === undefined) return undefined;
    if (length === 0) {
      if (!isJumped) cursor.offset = at + 1;
      return codes.length === 0 ? "." : String.fromCharCode(...codes);
    }
    if ((length & POINTER_BITS) === POINTER_BITS) {
      const low = bytes[at + 1];
      if (low === undefined || (!isJumped && at + 2 > cursor.end)) return undefined;
      const target = ((length & 0x3f) << 8) | low;
      if (target >= earliest) return undefined;
      if (!isJumped) cursor.offset = at + 2;
      isJumped = true;
      earliest = target;
      at = target;
      continue;
    }
    if (length > MAX_LABEL_BYTES) return undefined; // 01 and 10 are reserved (RFC 6891 section 5)
    nameBytes += length + 1;
    const end = at + 1 + length;
    if (nameBytes > MAX_NAME_BYTES || end > (isJumped ? bytes.length : cursor.end)) return undefined;
    if (codes.length > 0) codes.push(DOT);
    for (let index = at + 1; index < end; index += 1) pushNameByte(codes, bytes[index] ?? 0);
    at = end;
  }
}

export interface Question {
  readonly name: string;
  /** QTYPE. */
  readonly type: number;
}

/** RFC 1035 section 4.1.2. */
export function readQuestion(cursor: ByteCursor): Question | undefined {
  const name = readName(cursor);
  const type = readUint(cursor, 2);
  const questionClass = readUint(cursor, 2);
  return name === undefined || type === undefined || questionClass === undefined ? undefined : { name, type };
}
