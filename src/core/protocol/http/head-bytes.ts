/** Bytes of an HTTP head: parts of it, and what they may be made of (RFC 9110 section 5.6.2). */

/** bytes[start..end) of the head. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** The characters of a token beside letters and digits. */
const TOKEN_MARKS: ReadonlySet<number> = new Set([..."!#$%&'*+-.^_`|~"].map((mark) => mark.charCodeAt(0)));

export const isDigit = (byte: number): boolean => byte >= 0x30 && byte <= 0x39;
export const isLetter = (byte: number): boolean => (byte >= 0x41 && byte <= 0x5a) || (byte >= 0x61 && byte <= 0x7a);
export const isToken = (byte: number): boolean => isLetter(byte) || isDigit(byte) || TOKEN_MARKS.has(byte);

export function everyByte(bytes: Uint8Array, { start, end }: Span, holds: (byte: number) => boolean): boolean {
  for (let index = start; index < end; index += 1) if (!holds(bytes[index] ?? 0)) return false;
  return true;
}

export function indexOf(bytes: Uint8Array, wanted: number, { start, end }: Span): number {
  const at = bytes.indexOf(wanted, start);
  return at >= 0 && at < end ? at : -1;
}

/** Each byte as one character: to compare, and for tokens; never shown raw. */
export function textOf(bytes: Uint8Array, { start, end }: Span): string {
  let text = "";
  for (let index = start; index < end; index += 1) text += String.fromCharCode(bytes[index] ?? 0);
  return text;
}
