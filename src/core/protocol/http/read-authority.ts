/** Host and port as URIs and Host fields write them (RFC 3986 section 3.2). */
import { readHostName } from "../host-name.ts";
import { everyByte, indexOf, isDigit, isLetter, type Span, textOf } from "./head-bytes.ts";

const SPACE = 0x20;
const COLON = 0x3a;
const SLASH = 0x2f;
const OPEN_BRACKET = 0x5b;
const AT = 0x40;
const MAX_PORT = 65_535;

export interface Authority {
  readonly host: string | null;
  readonly port: number | null;
}

/** RFC 3986 sections 3.2.2 and 3.2.3, without userinfo. undefined: malformed. */
export function readAuthority(bytes: Uint8Array, { start, end }: Span): Authority | undefined {
  let hostEnd = end;
  if (bytes[start] === OPEN_BRACKET) {
    const close = bytes.indexOf(0x5d, start);
    if (close < 0 || close >= end) return undefined;
    hostEnd = close + 1;
  } else {
    const colon = indexOf(bytes, COLON, { start, end });
    if (colon >= 0) hostEnd = colon;
  }
  // RFC 9110 section 4.2.1: an empty host is invalid.
  if (hostEnd === start || (hostEnd < end && bytes[hostEnd] !== COLON)) return undefined;
  const digits = { start: Math.min(hostEnd + 1, end), end };
  if (digits.end - digits.start > 5 || !everyByte(bytes, digits, isDigit)) return undefined;
  const port = digits.end === digits.start ? null : Number(textOf(bytes, digits));
  if (port !== null && port > MAX_PORT) return undefined;
  if (bytes[start] === OPEN_BRACKET) return { host: null, port };
  if (!everyByte(bytes, { start, end: hostEnd }, (byte) => byte > SPACE && byte !== 0x7f)) return undefined;
  const host = readHostName(bytes, start, hostEnd);
  return host === undefined ? undefined : { host, port };
}

/** The part of an absolute URI between `//` and its path, without userinfo; undefined: no absolute URI. */
export function authorityPart(bytes: Uint8Array, target: Span): Span | undefined {
  const colon = indexOf(bytes, COLON, target);
  if (colon <= target.start || bytes[colon + 1] !== SLASH || bytes[colon + 2] !== SLASH) return undefined;
  const isScheme = everyByte(
    bytes,
    { start: target.start, end: colon },
    (byte) => isLetter(byte) || isDigit(byte) || byte === 0x2b || byte === 0x2d || byte === 0x2e,
  );
  if (!isScheme) return undefined;
  const start = colon + 3;
  let end = start;
  while (end < target.end && bytes[end] !== SLASH && bytes[end] !== 0x3f && bytes[end] !== 0x23) end += 1;
  if (end === start) return undefined;
  const userEnd = bytes.lastIndexOf(AT, end - 1);
  return userEnd >= start ? { start: userEnd + 1, end } : { start, end };
}
