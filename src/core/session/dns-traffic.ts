/**
 * DNS payloads of all sockets -> answers that programs received. Only answers
 * somebody asked for count: a forged one must not name another's traffic.
 * What a local DNS server sends out is not evidence for the server.
 */
import type { PayloadEvent } from "../event/kernel-event.ts";
import { type OldestFirst, oldestFirst } from "../model/oldest-first.ts";
import type { Asker } from "../naming/resolver-answers.ts";
import { createDnsStreamFramer, type DnsStreamFramer } from "../protocol/dns/frame-stream.ts";
import { type DnsMessage, parseMessage } from "../protocol/dns/parse-message.ts";
import { type ResolvedName, resolveName, resolveUnasked } from "../protocol/dns/resolve-answer.ts";
import type { FlowEntry } from "./entries.ts";

export interface DnsCounters {
  /** Not DNS, though the port says so. */
  malformed: number;
  /** Answers to questions this socket did not ask. */
  unasked: number;
  /** TCP directions given up after a missing piece. */
  lostStreams: number;
  evicted: number;
}

export interface DnsTraffic {
  /** Answers in this payload that its receiver had asked for. */
  readonly ingest: (event: PayloadEvent, flow: FlowEntry) => readonly ResolvedName[];
  readonly forget: (flow: FlowEntry) => void;
  readonly expire: (nowNs: number) => void;
  readonly counters: Readonly<DnsCounters>;
}

/** glibc gives up after 2 x 5 s, others within 30 s. */
const QUESTION_LIFETIME_NS = 30e9;
/** A crawler's 500 lookups a second for 30 s. */
const MAX_QUESTIONS = 16_384;
/** Each may hold one unfinished message of 64 KiB: 32 MB in all. */
const MAX_STREAMS = 512;

const PORT = { dns: 53, mdns: 5353, llmnr: 5355 } as const;
const RESOLVER_PORTS: ReadonlySet<number> = new Set(Object.values(PORT));

interface AskedQuestion {
  readonly askedAtNs: number;
  isAnswered: boolean;
}

/** Oldest first, with a cap. */
interface Table<K, V> {
  readonly map: Map<K, V>;
  readonly byAge: OldestFirst<K>;
  readonly limit: number;
}

interface State {
  /** By socket, id and name. */
  readonly questions: Table<string, AskedQuestion>;
  /** Sockets that asked, and when last. */
  readonly askers: Table<number, number>;
  readonly streams: Table<string, DnsStreamFramer>;
  readonly counters: DnsCounters;
}

function createTable<K, V>(limit: number): Table<K, V> {
  const map = new Map<K, V>();
  return { map, byAge: oldestFirst(map), limit };
}

function setNewest<K, V>({ map, byAge, limit }: Table<K, V>, key: K, value: V, counters: DnsCounters): void {
  map.delete(key);
  map.set(key, value);
  if (map.size <= limit) return;
  const oldest = byAge.next();
  if (oldest === undefined) return;
  map.delete(oldest);
  counters.evicted += 1;
}

const questionKey = (flow: FlowEntry, id: number, name: string): string => `${flow.cookie} ${id} ${name}`;

function noteQuestion(state: State, flow: FlowEntry, message: DnsMessage, timeNs: number): void {
  for (const { name } of message.questions) {
    const question = { askedAtNs: timeNs, isAnswered: false };
    setNewest(state.questions, questionKey(flow, message.id, name), question, state.counters);
  }
  setNewest(state.askers, flow.cookie, timeNs, state.counters);
}

/** mDNS answers come unasked and without question; what they may name is .local (RFC 6762 section 3). */
function multicastAnswers(state: State, message: DnsMessage): readonly ResolvedName[] {
  const names = resolveUnasked(message);
  const local = names.filter(({ name }) => name.endsWith(".local"));
  state.counters.unasked += names.length - local.length;
  return local;
}

/**
 * Was this asked? A socket whose questions were not seen (it is older than we
 * are, or records were lost) gets the benefit of the doubt if it spoke first.
 */
function isAsked(state: State, flow: FlowEntry, id: number, name: string): boolean {
  const question = state.questions.map.get(questionKey(flow, id, name));
  if (question !== undefined) {
    // The resolver takes the first answer; a second one is a retransmission or a forgery.
    if (question.isAnswered) return false;
    question.isAnswered = true;
    return true;
  }
  return !state.askers.map.has(flow.cookie) && (flow.direction === "outbound" || flow.isOlderThanCapture);
}

function acceptAnswer(state: State, flow: FlowEntry, message: DnsMessage): readonly ResolvedName[] {
  if (flow.remote.port === PORT.mdns) return multicastAnswers(state, message);
  const question = message.questions[0];
  // Nothing to learn from errors, and a truncated answer is asked again over TCP.
  if (question === undefined || message.responseCode !== 0 || message.isTruncated) return [];
  if (!isAsked(state, flow, message.id, question.name)) {
    state.counters.unasked += 1;
    return [];
  }
  const resolved = resolveName(question.name, message.answers);
  return resolved.addresses.length === 0 ? [] : [resolved];
}

function ingestMessage(state: State, event: PayloadEvent, flow: FlowEntry, bytes: Uint8Array): readonly ResolvedName[] {
  const message = parseMessage(bytes, event.isCut && event.kind === "dns-datagram");
  if (message === undefined) {
    state.counters.malformed += 1;
    return [];
  }
  if (event.direction === "out" && !message.isResponse) noteQuestion(state, flow, message, event.timeNs);
  if (event.direction === "in" && message.isResponse) return acceptAnswer(state, flow, message);
  return [];
}

const streamKey = (flow: FlowEntry, direction: PayloadEvent["direction"]): string => `${flow.cookie} ${direction}`;

function ingestStream(state: State, event: PayloadEvent, flow: FlowEntry): readonly ResolvedName[] {
  const key = streamKey(flow, event.direction);
  let framer = state.streams.map.get(key);
  if (framer === undefined) {
    framer = createDnsStreamFramer();
    setNewest(state.streams, key, framer, state.counters);
  }
  if (framer.isLost()) return [];
  const messages = framer.push(event.streamOffset, event.data);
  if (framer.isLost()) state.counters.lostStreams += 1;
  return messages.flatMap((bytes) => ingestMessage(state, event, flow, bytes));
}

function expire(state: State, nowNs: number): void {
  for (const { byAge } of [state.questions, state.askers, state.streams]) byAge.rest();
  const oldestNs = nowNs - QUESTION_LIFETIME_NS;
  for (const [key, { askedAtNs }] of state.questions.map) {
    if (askedAtNs > oldestNs) break;
    state.questions.map.delete(key);
  }
  // Remembered longer than the questions: a late forgery must not find a socket that never asked.
  for (const [cookie, askedAtNs] of state.askers.map) {
    if (askedAtNs > oldestNs - QUESTION_LIFETIME_NS * 10) break;
    state.askers.map.delete(cookie);
  }
}

export function createDnsTraffic(): DnsTraffic {
  const state: State = {
    questions: createTable(MAX_QUESTIONS),
    askers: createTable(MAX_QUESTIONS),
    streams: createTable(MAX_STREAMS),
    counters: { malformed: 0, unasked: 0, lostStreams: 0, evicted: 0 },
  };
  return {
    ingest: (event, flow) => {
      if (!RESOLVER_PORTS.has(flow.remote.port)) return [];
      if (event.kind === "dns-stream") return ingestStream(state, event, flow);
      return ingestMessage(state, event, flow, event.data);
    },
    forget: (flow) => {
      if (flow.transport !== "tcp" || !RESOLVER_PORTS.has(flow.remote.port)) return;
      state.streams.map.delete(streamKey(flow, "in"));
      state.streams.map.delete(streamKey(flow, "out"));
    },
    expire: (nowNs) => expire(state, nowNs),
    counters: state.counters,
  };
}

/** Who learns from an answer that came in on this flow. */
export const askerOf = (flow: FlowEntry): Asker => ({
  process: flow.process?.key ?? null,
  cgroupId: flow.image?.cgroupId ?? 0,
});
