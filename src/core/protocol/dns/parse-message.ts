/**
 * DNS messages (RFC 1035) -> what naming needs: the question and the addresses
 * that answer it. Our own parser, not dns-packet: that one needs Buffer, which
 * the pure core does not have, throws on hostile bytes, and follows what it
 * decodes into objects for record types nobody asks about here. dns-packet
 * checks this one in the tests.
 *
 * Only the question and answer sections are read: authority and additional
 * sections (EDNS, glue) say nothing about the name that was asked for.
 */
import { formatIpv6 } from "../../event/decode-text.ts";
import { type ByteCursor, createCursor, readBlock, readUint, remaining } from "../byte-cursor.ts";
import { parseEchConfigs } from "../tls/parse-ech-configs.ts";
import { type Question, readName, readQuestion } from "./read-name.ts";

export const DNS_TYPE = { a: 1, cname: 5, ptr: 12, aaaa: 28, svcb: 64, https: 65 } as const;

export type DnsRecord =
  | { readonly kind: "address"; readonly name: string; readonly ttlSec: number; readonly address: string }
  | { readonly kind: "cname"; readonly name: string; readonly ttlSec: number; readonly target: string }
  | { readonly kind: "ptr"; readonly name: string; readonly ttlSec: number; readonly target: string }
  | {
      readonly kind: "service"; // SVCB and HTTPS, RFC 9460
      readonly name: string;
      readonly ttlSec: number;
      /** "." stands for the owner itself. */
      readonly target: string;
      readonly addressHints: readonly string[];
      /** Public names of its ECH configurations (RFC 9848): what a hello for this service shows instead of its own name. */
      readonly echPublicNames: readonly string[];
    };

export interface DnsMessage {
  readonly id: number;
  readonly isResponse: boolean;
  readonly opcode: number;
  readonly isTruncated: boolean;
  readonly responseCode: number;
  readonly questions: readonly Question[];
  /** Records of the answer section of the kinds above. */
  readonly answers: readonly DnsRecord[];
}

/** More than one question is not in use (RFC 9619); mDNS asks a few at once. */
const MAX_QUESTIONS = 32;
/** A 64 KiB message holds 4,096 A records; real answers have tens. */
const MAX_ANSWERS = 4096;
/** SvcParams beyond the few defined ones are not for us. */
const MAX_SERVICE_PARAMETERS = 64;
const CLASS_IN = 1;
/** mDNS uses the top bit of the class to flush caches (RFC 6762 section 10.2). */
const CLASS_MASK = 0x7fff;

const ipv4At = ({ bytes, offset }: ByteCursor): string =>
  `${bytes[offset]}.${bytes[offset + 1]}.${bytes[offset + 2]}.${bytes[offset + 3]}`;

const SERVICE_PARAMETER = { ipv4hint: 4, ech: 5, ipv6hint: 6 } as const;

interface ServiceParameters {
  readonly addressHints: string[];
  readonly echPublicNames: string[];
}

function readServiceParameter(
  { addressHints, echPublicNames }: ServiceParameters,
  key: number,
  value: ByteCursor,
): void {
  switch (key) {
    // RFC 9460 section 7.3: arrays of addresses.
    case SERVICE_PARAMETER.ipv4hint:
      for (; remaining(value) >= 4; value.offset += 4) addressHints.push(ipv4At(value));
      break;
    case SERVICE_PARAMETER.ipv6hint:
      for (; remaining(value) >= 16; value.offset += 16) addressHints.push(formatIpv6(value.bytes, value.offset));
      break;
    // RFC 9848 section 3
    case SERVICE_PARAMETER.ech:
      echPublicNames.push(...(parseEchConfigs(value.bytes.subarray(value.offset, value.end)) ?? []));
      break;
    default:
  }
}

function readServiceParameters(data: ByteCursor): ServiceParameters {
  const found: ServiceParameters = { addressHints: [], echPublicNames: [] };
  for (let count = 0; count < MAX_SERVICE_PARAMETERS && remaining(data) > 0; count += 1) {
    const key = readUint(data, 2);
    const value = readBlock(data, 2);
    if (key === undefined || value === undefined) return found;
    readServiceParameter(found, key, value);
  }
  return found;
}

/** SVCB and HTTPS, RFC 9460 section 2.2. undefined: malformed. */
function readService(name: string, ttlSec: number, data: ByteCursor): DnsRecord | undefined {
  const priority = readUint(data, 2);
  const target = readName(data);
  if (priority === undefined || target === undefined) return undefined;
  // Section 2.4.2: priority 0 is an alias, whose parameters must not be used.
  const parameters = priority === 0 ? { addressHints: [], echPublicNames: [] } : readServiceParameters(data);
  return { kind: "service", name, ttlSec, target, ...parameters };
}

/** RDATA of one record; null: a kind we do not need; undefined: malformed. */
function readData(name: string, type: number, ttlSec: number, data: ByteCursor): DnsRecord | null | undefined {
  switch (type) {
    case DNS_TYPE.a:
      return remaining(data) === 4 ? { kind: "address", name, ttlSec, address: ipv4At(data) } : undefined;
    case DNS_TYPE.aaaa:
      return remaining(data) === 16
        ? { kind: "address", name, ttlSec, address: formatIpv6(data.bytes, data.offset) }
        : undefined;
    case DNS_TYPE.cname:
    case DNS_TYPE.ptr: {
      const target = readName(data);
      return target === undefined ? undefined : { kind: type === DNS_TYPE.ptr ? "ptr" : "cname", name, ttlSec, target };
    }
    case DNS_TYPE.svcb:
    case DNS_TYPE.https:
      return readService(name, ttlSec, data);
    default:
      return null;
  }
}

/** RFC 2181 section 8: with the top bit set it counts as 0. */
const validTtl = (ttlSec: number): number => (ttlSec > 0x7fffffff ? 0 : ttlSec);

/** RFC 1035 section 4.1.4: a pointer to byte 12, where the first question stands behind the header. */
const QUESTION_POINTER = [0xc0, 12] as const;

/** The owner of nearly every answer is the name that was asked for: it is not read again. */
function readOwner(cursor: ByteCursor, asked: string | null): string | undefined {
  const { bytes, offset } = cursor;
  const isAsked = bytes[offset] === QUESTION_POINTER[0] && bytes[offset + 1] === QUESTION_POINTER[1];
  if (asked === null || !isAsked || remaining(cursor) < 2) return readName(cursor);
  cursor.offset += 2;
  return asked;
}

/** RFC 1035 section 4.1.3. null: a kind we do not need; undefined: malformed. */
export function readRecord(cursor: ByteCursor, asked: string | null = null): DnsRecord | null | undefined {
  const name = readOwner(cursor, asked);
  const type = readUint(cursor, 2);
  const recordClass = readUint(cursor, 2);
  const ttlSec = readUint(cursor, 4);
  const data = readBlock(cursor, 2);
  if (name === undefined || type === undefined || recordClass === undefined || ttlSec === undefined) return undefined;
  if (data === undefined) return undefined;
  return (recordClass & CLASS_MASK) === CLASS_IN ? readData(name, type, validTtl(ttlSec), data) : null;
}

/** The answer section; with `isCut` what is whole of it. undefined: malformed. */
function readAnswers(cursor: ByteCursor, count: number, isCut: boolean, asked: string | null): DnsRecord[] | undefined {
  const answers: DnsRecord[] = [];
  for (let index = 0; index < Math.min(count, MAX_ANSWERS); index += 1) {
    const record = readRecord(cursor, asked);
    if (record === undefined) return isCut ? answers : undefined;
    if (record !== null) answers.push(record);
  }
  return answers;
}

/**
 * One message without the TCP length. undefined: not a DNS message. `isCut`:
 * the capture kept only the front of it, so answers may end in the middle.
 */
export function parseMessage(bytes: Uint8Array, isCut = false): DnsMessage | undefined {
  const cursor = createCursor(bytes);
  // RFC 1035 section 4.1.1: six fields of 16 bits.
  const id = readUint(cursor, 2);
  const flags = readUint(cursor, 2);
  const questionCount = readUint(cursor, 2);
  const answerCount = readUint(cursor, 2);
  const others = readUint(cursor, 4); // authority and additional counts
  if (id === undefined || flags === undefined || questionCount === undefined) return undefined;
  if (answerCount === undefined || others === undefined || questionCount > MAX_QUESTIONS) return undefined;
  const questions: Question[] = [];
  for (let index = 0; index < questionCount; index += 1) {
    const question = readQuestion(cursor);
    if (question === undefined) return undefined;
    questions.push(question);
  }
  const answers = readAnswers(cursor, answerCount, isCut, questions[0]?.name ?? null);
  if (answers === undefined) return undefined;
  return {
    id,
    isResponse: (flags & 0x8000) !== 0,
    opcode: (flags >> 11) & 0xf,
    isTruncated: (flags & 0x0200) !== 0,
    responseCode: flags & 0xf,
    questions,
    answers,
  };
}
