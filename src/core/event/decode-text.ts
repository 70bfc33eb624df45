/** UTF-8 and addresses from raw bytes; core has no TextDecoder. */
import { FAMILY } from "./layout.ts";

const REPLACEMENT = "\ufffd";

/** Length of the sequence a lead byte starts, 0 for a byte that cannot lead (Unicode 15, table 3-7). */
function sequenceLength(lead: number): number {
  if (lead >= 0xc2 && lead <= 0xdf) return 2;
  if (lead >= 0xe0 && lead <= 0xef) return 3;
  if (lead >= 0xf0 && lead <= 0xf4) return 4;
  return 0;
}

/** The second byte has a narrower range after some leads: no overlong forms, surrogates or values above 10FFFF. */
function isSecondByte(lead: number, byte: number): boolean {
  if (lead === 0xe0) return byte >= 0xa0 && byte <= 0xbf;
  if (lead === 0xed) return byte >= 0x80 && byte <= 0x9f;
  if (lead === 0xf0) return byte >= 0x90 && byte <= 0xbf;
  if (lead === 0xf4) return byte >= 0x80 && byte <= 0x8f;
  return byte >= 0x80 && byte <= 0xbf;
}

/** Bytes of `bytes[start..end)` that form a well-formed prefix of one sequence, at least 1. */
function wellFormedLength(bytes: Uint8Array, start: number, end: number, length: number): number {
  const lead = bytes[start] ?? 0;
  let good = 1;
  while (good < length && start + good < end) {
    const byte = bytes[start + good] ?? 0;
    const isGood = good === 1 ? isSecondByte(lead, byte) : byte >= 0x80 && byte <= 0xbf;
    if (!isGood) break;
    good += 1;
  }
  return good;
}

/**
 * bytes[start..end) as text. Each maximal ill-formed part becomes one U+FFFD,
 * as the WHATWG decoder does it, so that no byte can swallow a neighbour.
 */
export function decodeUtf8(bytes: Uint8Array, start: number, end: number): string {
  let text = "";
  let index = start;
  while (index < end) {
    const lead = bytes[index] ?? 0;
    if (lead < 0x80) {
      text += String.fromCharCode(lead);
      index += 1;
      continue;
    }
    const length = sequenceLength(lead);
    const good = length === 0 ? 1 : wellFormedLength(bytes, index, end, length);
    if (length === 0 || good < length) text += REPLACEMENT;
    else {
      let codePoint = lead & (0xff >> (length + 1));
      for (let offset = 1; offset < length; offset += 1) {
        codePoint = (codePoint << 6) | ((bytes[index + offset] ?? 0) & 0x3f);
      }
      text += String.fromCodePoint(codePoint);
    }
    index += good;
  }
  return text;
}

/** A C string in a fixed field: up to its NUL. */
export function decodeCString(bytes: Uint8Array, start: number, maxLength: number): string {
  let end = start;
  while (end < start + maxLength && bytes[end] !== 0) end += 1;
  return decodeUtf8(bytes, start, end);
}

/** NUL-terminated strings in a row; a last one without its NUL (cut) counts too. */
export function decodeStrings(bytes: Uint8Array, start: number, length: number): string[] {
  const strings: string[] = [];
  const end = start + length;
  let from = start;
  for (let index = start; index < end; index += 1) {
    if (bytes[index] !== 0) continue;
    strings.push(decodeUtf8(bytes, from, index));
    from = index + 1;
  }
  if (from < end) strings.push(decodeUtf8(bytes, from, end));
  return strings;
}

const formatIpv4 = (bytes: Uint8Array, offset: number): string =>
  `${bytes[offset]}.${bytes[offset + 1]}.${bytes[offset + 2]}.${bytes[offset + 3]}`;

/** RFC 4291 section 2.5.5.2: ::ffff:a.b.c.d is the IPv4 node a.b.c.d. */
function isIpv4Mapped(bytes: Uint8Array, offset: number): boolean {
  for (let index = 0; index < 10; index += 1) if (bytes[offset + index] !== 0) return false;
  return bytes[offset + 10] === 0xff && bytes[offset + 11] === 0xff;
}

/** RFC 5952 section 4: lower case, no leading zeros, the first longest run of two or more zero groups as `::`. */
export function formatIpv6(bytes: Uint8Array, offset: number): string {
  if (isIpv4Mapped(bytes, offset)) return formatIpv4(bytes, offset + 12);
  const groups: number[] = [];
  let bestStart = -1;
  let bestLength = 1;
  let runStart = -1;
  for (let index = 0; index < 8; index += 1) {
    const group = ((bytes[offset + index * 2] ?? 0) << 8) | (bytes[offset + index * 2 + 1] ?? 0);
    groups.push(group);
    if (group !== 0) runStart = -1;
    else if (runStart < 0) runStart = index;
    if (runStart >= 0 && index - runStart + 1 > bestLength) {
      bestStart = runStart;
      bestLength = index - runStart + 1;
    }
  }
  const hex = groups.map((group) => group.toString(16));
  if (bestStart < 0) return hex.join(":");
  return `${hex.slice(0, bestStart).join(":")}::${hex.slice(bestStart + bestLength).join(":")}`;
}

const ETHERNET_BYTES = 6;

/** An Ethernet address as people write it: "01:80:c2:00:00:0e". */
function formatEthernet(bytes: Uint8Array, offset: number): string {
  const parts: string[] = [];
  for (const byte of bytes.subarray(offset, offset + ETHERNET_BYTES)) parts.push(byte.toString(16).padStart(2, "0"));
  return parts.join(":");
}

/** The 16 bytes of an event.h address as text; IPv4-mapped IPv6 is given as IPv4. */
export function formatAddress(bytes: Uint8Array, offset: number, family: number): string {
  if (family === FAMILY.packet) return formatEthernet(bytes, offset);
  return family === FAMILY.inet6 ? formatIpv6(bytes, offset) : formatIpv4(bytes, offset);
}
