/**
 * One reply of systemd-resolved's monitor, narrowed field by field. Its shape
 * is what systemd 252 sends, and what the interface descriptions of later ones
 * (`varlinkctl introspect`) promise. Records come twice: as JSON, without time
 * to live and without service records, and as `raw`, Base64 of the record as
 * it stood on the wire. `raw` is read.
 */
import { createCursor } from "../byte-cursor.ts";
import { responseCodeName } from "../dns/name-codes.ts";
import { type DnsRecord, readRecord } from "../dns/parse-message.ts";
import type { Question } from "../dns/read-name.ts";
import { parseLookupName } from "../lookup-name.ts";
import { decodeBase64 } from "./decode-base64.ts";

export interface MonitorAnswer {
  /** What was asked first, then what was asked on the way (after an alias, with search domains). */
  readonly questions: readonly Question[];
  readonly answers: readonly DnsRecord[];
  /** null: answered. "NXDOMAIN", or resolved's own word for it ("timeout", "no-servers"). */
  readonly failure: string | null;
}

/** As many as a DNS message of 64 KiB can hold. */
const MAX_RECORDS = 4096;
const MAX_QUESTIONS = 64;
const CLASS_IN = 1;

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

/** undefined: another class, or no name. */
function readQuestion(value: unknown): Question | undefined {
  if (!isObject(value) || value.class !== CLASS_IN) return undefined;
  const { type, name } = value;
  if (typeof type !== "number" || typeof name !== "string") return undefined;
  const parsed = parseLookupName(name);
  return parsed === null ? undefined : { name: parsed, type };
}

/** undefined: a kind nobody needs for names, or not as described. */
function readAnswer(value: unknown): DnsRecord | undefined {
  if (!isObject(value) || typeof value.raw !== "string") return undefined;
  const bytes = decodeBase64(value.raw);
  return (bytes && readRecord(createCursor(bytes))) ?? undefined;
}

/** resolved's words are plain; anything else could be made to drive a terminal. */
const isPlainWord = (word: string): boolean => /^[a-z0-9-]{1,40}$/.test(word);

function readFailure(state: string, rcode: unknown): string | null {
  if (state === "success") return null;
  if (state === "rcode-failure" && typeof rcode === "number" && Number.isInteger(rcode)) return responseCodeName(rcode);
  return state;
}

/** null: nothing to learn (the first reply only says that it listens). undefined: not as described. */
export function parseMonitorReply(text: string): MonitorAnswer | null | undefined {
  const message = parseJson(text);
  if (!isObject(message) || !isObject(message.parameters)) return undefined;
  const { state, rcode, question, collectedQuestions, answer } = message.parameters;
  if (state === undefined) return null;
  if (typeof state !== "string" || !isPlainWord(state)) return undefined;
  const questions = [...listOf(question, MAX_QUESTIONS), ...listOf(collectedQuestions, MAX_QUESTIONS)];
  return {
    questions: questions.flatMap((one) => readQuestion(one) ?? []),
    answers: listOf(answer, MAX_RECORDS).flatMap((one) => readAnswer(one) ?? []),
    failure: readFailure(state, rcode),
  };
}
