/** Request line and Host of an HTTP/1 request (RFC 9112 sections 2 to 5). */
import { everyByte, indexOf, isToken, type Span, textOf } from "./head-bytes.ts";
import { authorityPart, readAuthority } from "./read-authority.ts";

export interface HttpRequest {
  /** A token of RFC 9110 section 9.1: printable ASCII without spaces. */
  readonly method: string;
  /** RFC 9112 section 3.2. */
  readonly form: "origin" | "absolute" | "authority" | "asterisk";
  /** Lower case, without port and trailing dot; null: an address literal. */
  readonly host: string | null;
  /** As written; null: not written. */
  readonly port: number | null;
}

export type HeadFailure = "not-http" | "malformed" | "too-long" | "no-host";

const LF = 0x0a;
const CR = 0x0d;
const SPACE = 0x20;
const TAB = 0x09;
const COLON = 0x3a;
const SLASH = 0x2f;
/** The longest registered method has 17 letters (UPDATEREDIRECTREF). */
const MAX_METHOD_BYTES = 24;

/** RFC 9112 section 2.2: a line ends in CRLF; LF alone is taken too. null: no end in sight. */
function lineAt(bytes: Uint8Array, start: number): Span | null {
  const end = bytes.indexOf(LF, start);
  if (end < 0) return null;
  return { start, end: end > start && bytes[end - 1] === CR ? end - 1 : end };
}

const nextLineStart = (bytes: Uint8Array, { end }: Span): number => (bytes[end] === CR ? end + 2 : end + 1);

interface RequestLine {
  readonly method: string;
  readonly target: Span;
}

/** RFC 9112 section 3: method SP request-target SP HTTP-version. */
function readRequestLine(bytes: Uint8Array, line: Span): RequestLine | "not-http" {
  const first = indexOf(bytes, SPACE, line);
  const last = bytes.lastIndexOf(SPACE, line.end - 1);
  if (first <= line.start || last <= first + 1) return "not-http";
  const version = textOf(bytes, { start: last + 1, end: line.end });
  if (!/^HTTP\/1\.\d$/.test(version)) return "not-http"; // HTTP/2's preface begins like a request, too
  return { method: textOf(bytes, { start: line.start, end: first }), target: { start: first + 1, end: last } };
}

interface Fields {
  /** undefined: no Host field. */
  readonly host: Span | undefined;
  readonly isEnded: boolean;
}

const isHostName = (bytes: Uint8Array, name: Span): boolean =>
  name.end - name.start === 4 && textOf(bytes, name).toLowerCase() === "host";

function trim(bytes: Uint8Array, { start, end }: Span): Span {
  let from = start;
  let to = end;
  while (from < to && (bytes[from] === SPACE || bytes[from] === TAB)) from += 1;
  while (to > from && (bytes[to - 1] === SPACE || bytes[to - 1] === TAB)) to -= 1;
  return { start: from, end: to };
}

/** Header fields (RFC 9112 section 5) as far as they came. */
function readFields(bytes: Uint8Array, start: number): Fields | "malformed" {
  let host: Span | undefined;
  // Every turn passes a line feed.
  for (let line = lineAt(bytes, start); line !== null; line = lineAt(bytes, nextLineStart(bytes, line))) {
    if (line.end === line.start) return { host, isEnded: true };
    // Section 5.2: folded lines must be refused; section 5.1: no space in front of the colon.
    const colon = indexOf(bytes, COLON, line);
    const name = { start: line.start, end: colon };
    if (colon <= line.start || !everyByte(bytes, name, isToken)) return "malformed";
    if (!isHostName(bytes, name)) continue;
    const value = trim(bytes, { start: colon + 1, end: line.end });
    // Section 3.2: more than one Host is refused by servers; the same one twice misleads nobody.
    if (host !== undefined && textOf(bytes, host) !== textOf(bytes, value)) return "malformed";
    host = value;
  }
  return { host, isEnded: false };
}

type Form = HttpRequest["form"];

function formOf(
  bytes: Uint8Array,
  { method, target }: RequestLine,
): { form: Form; authority: Span | undefined } | undefined {
  if (method === "CONNECT") return { form: "authority", authority: target };
  if (bytes[target.start] === SLASH) return { form: "origin", authority: undefined };
  if (textOf(bytes, target) === "*") return { form: "asterisk", authority: undefined };
  const authority = authorityPart(bytes, target);
  return authority === undefined ? undefined : { form: "absolute", authority };
}

/** Is what came so far the front of a request line? RFC 9110 section 9.1 and what a line can hold. */
function couldBegin(bytes: Uint8Array, start: number): boolean {
  for (let index = start; index < bytes.length; index += 1) {
    const byte = bytes[index] ?? 0;
    if (byte === SPACE) return index > start;
    if (!isToken(byte) || index - start >= MAX_METHOD_BYTES) return false;
  }
  return true;
}

/** Section 2.2: empty lines in front of a request are passed over. */
function skipEmptyLines(bytes: Uint8Array): number {
  let at = 0;
  while (bytes[at] === CR || bytes[at] === LF) at += 1;
  return at;
}

function completeWith(
  { method }: RequestLine,
  form: Form,
  bytes: Uint8Array,
  authority: Span,
): HttpRequest | HeadFailure {
  const found = readAuthority(bytes, authority);
  if (found === undefined) return "malformed";
  if (form === "authority" && found.port === null) return "malformed"; // RFC 9110 section 9.3.6
  return { method, form, ...found };
}

/** `isCut`: nothing more will come. "more": what names the host may still come. */
export function parseRequestHead(bytes: Uint8Array, isCut: boolean): HttpRequest | HeadFailure | "more" {
  const start = skipEmptyLines(bytes);
  if (!couldBegin(bytes, start)) return "not-http";
  const line = lineAt(bytes, start);
  if (line === null) return isCut ? "too-long" : "more";
  const requestLine = readRequestLine(bytes, line);
  if (requestLine === "not-http") return "not-http";
  const target = formOf(bytes, requestLine);
  if (target === undefined) return "malformed";
  // RFC 9112 section 3.2.2: the target's own authority beats the Host field. And of a CONNECT the fields are not copied.
  if (target.authority !== undefined) return completeWith(requestLine, target.form, bytes, target.authority);
  const fields = readFields(bytes, nextLineStart(bytes, line));
  if (fields === "malformed") return "malformed";
  if (!fields.isEnded && !isCut) return "more";
  if (fields.host === undefined) return fields.isEnded ? "no-host" : "too-long";
  if (fields.host.end === fields.host.start) return "no-host"; // section 3.2: of a target without authority
  return completeWith(requestLine, target.form, bytes, fields.host);
}
