/** What a program's own first bytes on a flow say: TLS or QUIC hello, HTTP request, a TLS hello later in the stream. */
import type { PayloadEvent } from "../event/kernel-event.ts";
import type { ProcessKey } from "../model/ids.ts";
import type { NameEvidence, NameSource } from "../model/name-evidence.ts";
import type { SpokenNames } from "../naming/name-flow.ts";
import { parseRequestHead } from "../protocol/http/parse-request-head.ts";
import {
  createRequestReader,
  MAX_REQUEST_BYTES,
  type RequestReader,
  type RequestResult,
} from "../protocol/http/read-request.ts";
import type { InitialCiphers } from "../protocol/quic/initial-ciphers.ts";
import { createInitialReader, type InitialReader, type QuicResult } from "../protocol/quic/read-initial.ts";
import {
  createHelloAssembler,
  type HelloAssembler,
  type HelloResult,
  readHello,
} from "../protocol/tls/assemble-hello.ts";
import type { ClientHello } from "../protocol/tls/parse-client-hello.ts";
import type { DecryptionBudget } from "./decryption-budget.ts";

type Reader =
  | { readonly kind: "hello"; readonly reader: HelloAssembler }
  | { readonly kind: "request"; readonly reader: RequestReader }
  | { readonly kind: "initial"; readonly reader: InitialReader };

/** Readers of one flow; each is dropped when it has read what it can. */
export interface Speech {
  readonly start: Reader | "done" | null;
  readonly upgrade: Reader | "done" | null;
}

/** Most flows have said all with their first piece. */
const STARTED: Speech = { start: "done", upgrade: null };

function withReader(before: Speech | null, place: keyof Speech, reader: Reader | "done"): Speech {
  if (place === "start" && reader === "done" && before === null) return STARTED;
  return { start: before?.start ?? null, upgrade: before?.upgrade ?? null, [place]: reader };
}

/** Of a flow what hearing reads and writes. */
export interface Speaker {
  readonly process: { readonly key: ProcessKey } | null;
  spoken: SpokenNames;
  speech: Speech | null;
}

/** Payloads that told no name, by what was wrong with them. */
export interface SpeechCounters {
  lostHellos: number;
  malformedHellos: number;
  lostRequests: number;
  malformedRequests: number;
  malformedQuic: number;
  undecryptableQuic: number;
  /** Datagrams left unread because reading them would have cost too much. */
  unaffordableQuic: number;
}

/** What hearing needs beside the flow. */
export interface Listening {
  readonly counters: SpeechCounters;
  readonly decryption: DecryptionBudget;
  readonly ciphers: InitialCiphers;
}

export const createSpeechCounters = (): SpeechCounters => ({
  lostHellos: 0,
  malformedHellos: 0,
  lostRequests: 0,
  malformedRequests: 0,
  malformedQuic: 0,
  undecryptableQuic: 0,
  unaffordableQuic: 0,
});

const TLS_HANDSHAKE = 22;

/** By the first piece. One that is not the stream's first waits for that: most streams that are copied begin with TLS. */
function kindOf({ kind, data, streamOffset }: PayloadEvent): Reader["kind"] {
  if (kind === "datagram") return "initial";
  return kind === "stream-upgrade" || streamOffset !== 0 || data[0] === TLS_HANDSHAKE ? "hello" : "request";
}

function createReader(kind: Reader["kind"], ciphers: InitialCiphers): Reader {
  switch (kind) {
    case "initial":
      return { kind, reader: createInitialReader(ciphers) };
    case "hello":
      return { kind, reader: createHelloAssembler() };
    case "request":
      return { kind, reader: createRequestReader() };
  }
}

type Result = HelloResult | RequestResult | QuicResult;

const MORE: Result = { status: "more" };

function push(reader: Reader, { streamOffset, data, isCut }: PayloadEvent): Result {
  return reader.kind === "initial" ? reader.reader.push(data, isCut) : reader.reader.push(streamOffset, data);
}

const attemptsOf = (reader: Reader): number => (reader.kind === "initial" ? reader.reader.attempts() : 0);

/** Nearly every hello and request comes in one piece, and then needs no reader. "more": it does not. */
function readWhole(kind: Reader["kind"], { data, streamOffset }: PayloadEvent): Result {
  if (kind === "initial" || streamOffset !== 0) return MORE;
  if (kind === "hello") return readHello(data);
  const request = parseRequestHead(data, data.length >= MAX_REQUEST_BYTES);
  if (request === "more") return MORE;
  return typeof request === "string" ? { status: "failed", reason: request } : { status: "complete", request };
}

function countFailure(kind: Reader["kind"], reason: string, counters: SpeechCounters): void {
  if (reason === "not-tls" || reason === "not-http" || reason === "not-quic" || reason === "no-host") return;
  if (kind === "initial") {
    if (reason === "undecryptable" || reason === "unknown-version") counters.undecryptableQuic += 1;
    else counters.malformedQuic += 1;
  } else if (kind === "request") {
    if (reason === "lost") counters.lostRequests += 1;
    else counters.malformedRequests += 1;
  } else if (reason === "lost") counters.lostHellos += 1;
  else counters.malformedHellos += 1;
}

function noteHello(flow: Speaker, { serverName, hasEch, ech, alpn }: ClientHello, timeNs: number): void {
  flow.spoken = {
    ...flow.spoken,
    serverName: serverName === null ? flow.spoken.serverName : evidence(serverName, "server-name", timeNs),
    hasEch: flow.spoken.hasEch || (hasEch && ech !== "inner"),
    offersDns: dnsProtocolOf(alpn),
  };
}

/** RFC 7858 has no protocol name of its own; "dot" is registered for it, "doq" by RFC 9250 section 4.1. */
function dnsProtocolOf(alpn: readonly string[]): SpokenNames["offersDns"] {
  if (alpn.includes("doq")) return "doq";
  return alpn.includes("dot") ? "dot" : null;
}

const evidence = (name: string, source: NameSource, observedAtNs: number): NameEvidence => ({
  name,
  source,
  observedAtNs,
});

function noteRequest(flow: Speaker, result: Extract<RequestResult, { status: "complete" }>, timeNs: number): void {
  const { form, host } = result.request;
  if (form === "authority" || form === "absolute") {
    flow.spoken = {
      ...flow.spoken,
      isProxied: true,
      connectTarget: host === null ? null : evidence(host, "connect-target", timeNs),
    };
  } else if (host !== null) flow.spoken = { ...flow.spoken, httpHost: evidence(host, "http-host", timeNs) };
}

/** Reads on; true: it learnt something about `flow.spoken`. */
export function hear(flow: Speaker, event: PayloadEvent, { counters, decryption, ciphers }: Listening): boolean {
  if (event.kind === "datagram" && !decryption.canAfford(flow.process?.key ?? null, event.timeNs)) {
    if (flow.speech?.start !== "done") counters.unaffordableQuic += 1;
    return false;
  }
  const place = event.kind === "stream-upgrade" ? "upgrade" : "start";
  const before = flow.speech?.[place] ?? null;
  if (before === "done") return false;
  const kind = before?.kind ?? kindOf(event);
  let result = before === null ? readWhole(kind, event) : MORE;
  if (result.status === "more") {
    const reader = before ?? createReader(kind, ciphers);
    flow.speech = withReader(flow.speech, place, reader);
    const attemptsBefore = attemptsOf(reader);
    result = push(reader, event);
    decryption.spend(flow.process?.key ?? null, attemptsOf(reader) - attemptsBefore);
    if (result.status === "more") return false;
  }
  flow.speech = withReader(flow.speech, place, "done");
  if (result.status === "failed") countFailure(kind, result.reason, counters);
  else if ("hello" in result) noteHello(flow, result.hello, event.timeNs);
  else if ("request" in result) noteRequest(flow, result, event.timeNs);
  return result.status === "complete";
}
