/** One reply of systemd-resolved's monitor, narrowed field by field. */
import { formatAddress } from "../../event/decode-text.ts";
import { responseCodeName } from "../dns/name-codes.ts";
import type { DnsRecord } from "../dns/parse-message.ts";
import { parseLookupName } from "../lookup-name.ts";

export interface MonitorQuestion {
  readonly name: string;
  /** QTYPE. */
  readonly type: number;
}

export interface MonitorAnswer {
  /** What was asked, and what was asked on the way (after a CNAME, with search domains); in order. */
  readonly questions: readonly MonitorQuestion[];
  /** Its address and alias records. The monitor tells no TTL: 0. */
  readonly answers: readonly DnsRecord[];
  /** null: answered. "NXDOMAIN", or resolved's own word for it ("timeout", "no-servers"). */
  readonly failure: string | null;
}

/** As many as a DNS message of 64 KiB can hold. */
const MAX_RECORDS = 4096;
const MAX_QUESTIONS = 64;
const CLASS_IN = 1;
const TYPE = { a: 1, cname: 5, aaaa: 28 } as const;
const AF = { inet: 2, inet6: 10 } as const;

type JsonObject = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const listOf = (value: unknown, limit: number): readonly unknown[] =>
  Array.isArray(value) ? value.slice(0, limit) : [];

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // what is no JSON is malformed, like anything else unexpected
  }
}

interface Key extends MonitorQuestion {
  readonly class: number;
}

function readKey(value: unknown): Key | undefined {
  if (!isObject(value)) return undefined;
  const { class: recordClass, type, name } = value;
  if (typeof recordClass !== "number" || typeof type !== "number" || typeof name !== "string") return undefined;
  const parsed = parseLookupName(name);
  return parsed === null ? undefined : { class: recordClass, type, name: parsed };
}

function readAddress(value: unknown, type: number): string | undefined {
  const length = type === TYPE.a ? 4 : 16;
  if (!Array.isArray(value) || value.length !== length) return undefined;
  const isByte = (one: unknown): one is number => Number.isInteger(one) && Number(one) >= 0 && Number(one) <= 255;
  if (!value.every(isByte)) return undefined;
  return formatAddress(Uint8Array.from(value), 0, type === TYPE.a ? AF.inet : AF.inet6);
}

/** `rr` of one answer; undefined: a kind nobody needs for names, or not as described. */
function readRecord(answer: unknown): DnsRecord | undefined {
  if (!isObject(answer) || !isObject(answer.rr)) return undefined;
  const { key: rawKey, address: rawAddress, name: rawTarget } = answer.rr;
  const key = readKey(rawKey);
  if (key === undefined || key.class !== CLASS_IN) return undefined;
  if (key.type === TYPE.a || key.type === TYPE.aaaa) {
    const address = readAddress(rawAddress, key.type);
    return address === undefined ? undefined : { kind: "address", name: key.name, ttlSec: 0, address };
  }
  if (key.type !== TYPE.cname || typeof rawTarget !== "string") return undefined;
  const target = parseLookupName(rawTarget);
  return target === null ? undefined : { kind: "cname", name: key.name, ttlSec: 0, target };
}

/** resolved's state words are plain; anything else could be made to drive a terminal. */
const isPlainWord = (word: string): boolean => /^[a-z0-9-]{1,40}$/.test(word);

function readFailure(state: string, rcode: unknown): string | null {
  if (state === "success") return null;
  if (state === "rcode-failure" && typeof rcode === "number") return responseCodeName(rcode);
  return state;
}

/** null: nothing to learn (the first reply only says that it listens). undefined: not as described. */
export function parseMonitorReply(text: string): MonitorAnswer | null | undefined {
  const message = parseJson(text);
  if (!isObject(message)) return undefined;
  const { parameters } = message;
  if (!isObject(parameters)) return undefined;
  const { state, rcode, question, collectedQuestions, answer } = parameters;
  if (state === undefined) return null;
  if (typeof state !== "string" || !isPlainWord(state)) return undefined;
  const questions = [...listOf(question, MAX_QUESTIONS), ...listOf(collectedQuestions, MAX_QUESTIONS)]
    .flatMap((key) => readKey(key) ?? [])
    .filter((key) => key.class === CLASS_IN)
    .map(({ name, type }) => ({ name, type }));
  const answers = listOf(answer, MAX_RECORDS).flatMap((one) => readRecord(one) ?? []);
  return { questions, answers, failure: readFailure(state, rcode) };
}
