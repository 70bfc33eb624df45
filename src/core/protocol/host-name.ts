/**
 * Host names that programs write as text (SNI, Host, getaddrinfo, hosts files)
 * -> the form that names from DNS have: lower case, no trailing dot, every
 * other byte escaped.
 */
import { pushNameByte } from "./dns/read-name.ts";

/** RFC 1035 section 2.3.4, as text without the trailing dot. */
const MAX_NAME_BYTES = 253;
const MAX_LABEL_BYTES = 63;
const DOT = 0x2e;
const COLON = 0x3a;

/**
 * A name whose last label is a number is an address in some spelling ("127.1",
 * "0x7f.1"): inet_aton(3) and browsers take it for one, and no top-level
 * domain is a number (RFC 3696 section 2).
 */
export const endsInNumber = (name: string): boolean => /(?:^|\.)(?:\d+|0x[0-9a-f]*)$/.test(name);

/** bytes[start..end) as a name; null: an address or nothing. undefined: cannot be a name (length, empty label). */
export function readHostName(bytes: Uint8Array, start: number, end: number): string | null | undefined {
  const last = end > start && bytes[end - 1] === DOT ? end - 1 : end;
  if (last === start) return null;
  if (last - start > MAX_NAME_BYTES) return undefined;
  const codes: number[] = []; // at most 4 for each of 253 bytes
  let labelBytes = 0;
  let hasColon = false;
  for (let index = start; index < last; index += 1) {
    const byte = bytes[index] ?? 0;
    if (byte === DOT) {
      if (labelBytes === 0) return undefined;
      labelBytes = 0;
      codes.push(DOT);
      continue;
    }
    labelBytes += 1;
    if (labelBytes > MAX_LABEL_BYTES) return undefined;
    if (byte === COLON) hasColon = true;
    pushNameByte(codes, byte);
  }
  if (labelBytes === 0) return undefined;
  const name = String.fromCharCode(...codes);
  // A colon stands in no name; it is what makes an IPv6 address.
  return hasColon || endsInNumber(name) ? null : name;
}
