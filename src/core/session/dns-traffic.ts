/**
 * DNS payloads of all sockets -> what programs asked and were told. Only
 * answers somebody asked for count: a forged one must not name another's
 * traffic. What a local DNS server sends out is not evidence for the server.
 */
import type { PayloadEvent } from "../event/kernel-event.ts";
import type { LookupOutcome, LookupVia } from "../model/lookup.ts";
import { type OldestFirst, oldestFirst } from "../model/oldest-first.ts";
import { createDnsStreamFramer, type DnsStreamFramer } from "../protocol/dns/frame-stream.ts";
import { responseCodeName } from "../protocol/dns/name-codes.ts";
import { DNS_TYPE, type DnsMessage, parseMessage } from "../protocol/dns/parse-message.ts";
import type { Question } from "../protocol/dns/read-name.ts";
import { type ResolvedName, resolveName, resolveUnasked } from "../protocol/dns/resolve-answer.ts";
import type { FlowEntry } from "./entries.ts";
import type { AnsweredName, AskedName } from "./lookups.ts";

export interface DnsCounters {
  /** Not DNS, though the port says so. */
  malformed: number;
  /** Answers to questions this socket did not ask. */
  unasked: number;
  /** TCP directions given up after a missing piece. */
  lostStreams: number;
  evicted: number;
}

/** Who is told what the payloads of a flow say. */
export interface DnsListener {
  readonly onAsked: (flow: FlowEntry, asked: AskedName) => void;
  readonly onAnswered: (flow: FlowEntry, answered: AnsweredName) => void;
  /** A multicast answer: for everyone who asked. False: of no use. */
  readonly onOverheard: (flow: FlowEntry, resolved: ResolvedName, timeNs: number) => boolean;
  readonly onResolved: (flow: FlowEntry, resolved: ResolvedName, timeNs: number) => void;
  /** It was asked by somebody: a DNS server. */
  readonly onServed: (flow: FlowEntry) => void;
}

export interface DnsTraffic {
  readonly ingest: (event: PayloadEvent, flow: FlowEntry, listener: DnsListener) => void;
  readonly forget: (flow: FlowEntry) => void;
  readonly expire: (nowNs: number) => void;
  readonly counters: Readonly<DnsCounters>;
}

/** glibc gives up after 2 x 5 s, others within 30 s. */
const QUESTION_LIFETIME_NS = 30e9;
/** A crawler's 500 lookups a second for 30 s. */
const MAX_QUESTIONS = 16_384;
/** The same crawler's sockets for the 5 minutes they are remembered: two numbers each. */
const MAX_ASKERS = 196_608;
/** Each may hold one unfinished message of 64 KiB: 32 MB in all. */
const MAX_STREAMS = 512;

const PORT = { dns: 53, mdns: 5353, llmnr: 5355 } as const;
const RESOLVER_PORTS: ReadonlySet<number> = new Set(Object.values(PORT));
const NXDOMAIN = 3;
/** QTYPEs that ask for an address; ANY (255) asks for all. */
const ADDRESS_TYPES: ReadonlySet<number> = new Set([DNS_TYPE.a, DNS_TYPE.aaaa, DNS_TYPE.svcb, DNS_TYPE.https, 255]);

/** Oldest first, with a cap. */
interface Table<K, V> {
  readonly map: Map<K, V>;
  readonly byAge: OldestFirst<K>;
  readonly limit: number;
}

interface State {
  /** Without an answer so far: when asked, by socket, id, type and name. */
  readonly questions: Table<string, number>;
  /** Sockets that asked, and when last. */
  readonly askers: Table<number, number>;
  readonly streams: Table<string, DnsStreamFramer>;
  readonly counters: DnsCounters;
}

/** One payload on its way through. */
interface Packet {
  readonly event: PayloadEvent;
  readonly flow: FlowEntry;
  readonly listener: DnsListener;
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

const questionKey = (flow: FlowEntry, id: number, { name, type }: Question): string =>
  `${flow.cookie} ${id} ${type} ${name}`;

function viaOf({ event, flow }: Packet): LookupVia {
  if (flow.remote.port === PORT.mdns) return "mdns";
  if (flow.remote.port === PORT.llmnr) return "llmnr";
  return event.kind === "dns-stream" ? "dns-tcp" : "dns-udp";
}

function noteQuestions(state: State, packet: Packet, message: DnsMessage): void {
  const { event, flow, listener } = packet;
  const { timeNs } = event;
  const via = viaOf(packet);
  for (const question of message.questions) {
    // Services browse the link all day (PTR, SRV): those are no names a program wants to reach.
    if (via === "mdns" && !ADDRESS_TYPES.has(question.type)) continue;
    const key = questionKey(flow, message.id, question);
    const isRepeated = state.questions.map.has(key);
    setNewest(state.questions, key, timeNs, state.counters);
    const { name, type } = question;
    listener.onAsked(flow, { name, type, via, resolver: flow.remote, timeNs, isRepeated });
  }
  setNewest(state.askers, flow.cookie, timeNs, state.counters);
}

/**
 * mDNS answers come without question; what they may name is .local (RFC 6762
 * section 3). Anyone may send one to any socket, from a port 5353 of his own.
 */
function acceptMulticast(state: State, { event, flow, listener }: Packet, message: DnsMessage): void {
  for (const resolved of resolveUnasked(message)) {
    if (!resolved.name.endsWith(".local") || !listener.onOverheard(flow, resolved, event.timeNs))
      state.counters.unasked += 1;
  }
}

/**
 * Was this asked? A socket whose questions were not seen (it is older than we
 * are, or records were lost) gets the benefit of the doubt if it spoke first.
 */
function isAsked(state: State, flow: FlowEntry, id: number, asked: Question): boolean {
  // The resolver takes the first answer; a second one is a retransmission or a forgery.
  if (state.questions.map.delete(questionKey(flow, id, asked))) return true;
  return !state.askers.map.has(flow.cookie) && (flow.direction === "outbound" || flow.isOlderThanCapture);
}

function outcomeOf({ responseCode }: DnsMessage, type: number, resolved: ResolvedName): LookupOutcome {
  if (responseCode === NXDOMAIN) return "no-such-name";
  if (responseCode !== 0) return "failed";
  return resolved.addresses.length === 0 && ADDRESS_TYPES.has(type) ? "no-address" : "answered";
}

function acceptAnswer(state: State, packet: Packet, message: DnsMessage): void {
  const { event, flow, listener } = packet;
  if (message.isTruncated) return; // asked again over TCP
  const via = viaOf(packet);
  const resolvedNames = new Map<string, ResolvedName>();
  for (const question of message.questions) {
    if (!isAsked(state, flow, message.id, question)) {
      state.counters.unasked += 1;
      continue;
    }
    const known = resolvedNames.get(question.name);
    const resolved = known ?? resolveName(question.name, message.answers);
    resolvedNames.set(question.name, resolved);
    const outcome = outcomeOf(message, question.type, resolved);
    const hasFailed = outcome === "failed" || outcome === "no-such-name";
    const failure = hasFailed ? responseCodeName(message.responseCode) : null;
    const addresses = hasFailed ? [] : resolved.addresses;
    const { name, type } = question;
    const answered = { name, type, via, resolver: flow.remote, timeNs: event.timeNs, outcome, failure, addresses };
    listener.onAnswered(flow, answered);
    if (known === undefined && !hasFailed) listener.onResolved(flow, resolved, event.timeNs);
  }
}

function ingestMessage(state: State, packet: Packet, bytes: Uint8Array): void {
  const { event, flow } = packet;
  const message = parseMessage(bytes, event.isCut && event.kind === "dns-datagram");
  if (message === undefined) {
    state.counters.malformed += 1;
    return;
  }
  if (event.direction === "out" && !message.isResponse) noteQuestions(state, packet, message);
  if (event.direction === "in" && message.isResponse) {
    if (flow.remote.port === PORT.mdns) acceptMulticast(state, packet, message);
    else acceptAnswer(state, packet, message);
  }
}

const streamKey = (flow: FlowEntry, direction: PayloadEvent["direction"]): string => `${flow.cookie} ${direction}`;

function ingestStream(state: State, packet: Packet): void {
  const { event, flow } = packet;
  const key = streamKey(flow, event.direction);
  let framer = state.streams.map.get(key);
  if (framer === undefined) {
    framer = createDnsStreamFramer();
    setNewest(state.streams, key, framer, state.counters);
  }
  if (framer.isLost()) return;
  const messages = framer.push(event.streamOffset, event.data);
  if (framer.isLost()) state.counters.lostStreams += 1;
  for (const bytes of messages) ingestMessage(state, packet, bytes);
}

function expire(state: State, nowNs: number): void {
  for (const { byAge } of [state.questions, state.askers, state.streams]) byAge.rest();
  const oldestNs = nowNs - QUESTION_LIFETIME_NS;
  for (const [key, askedAtNs] of state.questions.map) {
    if (askedAtNs > oldestNs) break;
    state.questions.map.delete(key);
  }
  // Remembered longer than the questions: a late forgery must not find a socket that never asked.
  for (const [cookie, askedAtNs] of state.askers.map) {
    if (askedAtNs > oldestNs - QUESTION_LIFETIME_NS * 10) break;
    state.askers.map.delete(cookie);
  }
}

/** RFC 1035 section 4.1.1: 12 bytes of header, whose QR bit is 0 in questions. */
const isQuestion = ({ direction, data }: PayloadEvent): boolean =>
  direction === "in" && data.length > 12 && ((data[2] ?? 0) & 0x80) === 0;

export function createDnsTraffic(): DnsTraffic {
  const state: State = {
    questions: createTable(MAX_QUESTIONS),
    askers: createTable(MAX_ASKERS),
    streams: createTable(MAX_STREAMS),
    counters: { malformed: 0, unasked: 0, lostStreams: 0, evicted: 0 },
  };
  return {
    ingest: (event, flow, listener) => {
      if (!RESOLVER_PORTS.has(flow.remote.port)) {
        if (flow.direction === "inbound" && flow.local.port === PORT.dns && isQuestion(event)) listener.onServed(flow);
        return;
      }
      const packet = { event, flow, listener };
      if (event.kind === "dns-stream") ingestStream(state, packet);
      else ingestMessage(state, packet, event.data);
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
