/**
 * What Telltale's own parsers read in a recording's payloads, one JSON line a
 * message: the side of the comparison that tshark-facts.mjs is the other of.
 *
 * our-facts RECORDING NETNS...   the network namespaces whose packets tshark has, by inode
 */

import { readFileSync } from "node:fs";
import { createFrameDecoder } from "../../../src/contract/frame-decoder.ts";
import { decodeEvents } from "../../../src/core/event/decode-event.ts";
import type { PayloadEvent } from "../../../src/core/event/kernel-event.ts";
import type { Endpoint } from "../../../src/core/model/endpoint.ts";
import { createDnsStreamFramer, type DnsStreamFramer } from "../../../src/core/protocol/dns/frame-stream.ts";
import { responseCodeName, typeName } from "../../../src/core/protocol/dns/name-codes.ts";
import { type DnsRecord, parseMessage } from "../../../src/core/protocol/dns/parse-message.ts";
import { createRequestReader, type RequestReader } from "../../../src/core/protocol/http/read-request.ts";
import { createInitialReader, type InitialReader } from "../../../src/core/protocol/quic/read-initial.ts";
import { createHelloAssembler, type HelloAssembler } from "../../../src/core/protocol/tls/assemble-hello.ts";
import type { ClientHello } from "../../../src/core/protocol/tls/parse-client-hello.ts";
import { nodeCiphers } from "../../../src/engine/node-ciphers.ts";

const MDNS_PORT = 5353;
const TLS_HANDSHAKE = 22;

const framers = new Map<string, DnsStreamFramer>();
const readers = new Map<
  string,
  { hello: HelloAssembler } | { request: RequestReader } | { initial: InitialReader } | "done"
>();
let bootWallMs = 0;

const text = ({ address, port }: Endpoint): string => `${address}:${port}`;

/** Sender and receiver; of multicast messages only that they were. */
function way({ endpoints: { local, remote }, direction }: PayloadEvent): string {
  if (local.port === MDNS_PORT || remote.port === MDNS_PORT) return "mdns";
  return direction === "out" ? `${text(local)} > ${text(remote)}` : `${text(remote)} > ${text(local)}`;
}

function print(event: PayloadEvent, kind: string, facts: Readonly<Record<string, unknown>>): void {
  console.log(JSON.stringify({ kind, way: way(event), atMs: bootWallMs + event.timeNs / 1e6, facts }));
}

function recordText(record: DnsRecord): string {
  const { name, ttlSec } = record;
  switch (record.kind) {
    case "address":
      return `${name} ${ttlSec} ${record.address.includes(":") ? "AAAA" : "A"} ${record.address}`;
    case "service":
      return `${name} ${ttlSec} service ${[...record.addressHints].sort().join(",")}`;
    default:
      return `${name} ${ttlSec} ${record.kind.toUpperCase()} ${record.target}`;
  }
}

function readDns(event: PayloadEvent, bytes: Uint8Array): void {
  const message = parseMessage(bytes);
  if (message === undefined) {
    print(event, "dns", { isMalformed: true });
    return;
  }
  const { id, isResponse, responseCode, questions, answers } = message;
  print(event, "dns", {
    id,
    isResponse,
    responseCode: isResponse ? responseCodeName(responseCode) : "",
    questions: questions.map(({ name, type }) => `${name} ${typeName(type)}`),
    answers: answers.map(recordText),
  });
}

const helloFacts = ({ serverName, alpn, hasEch }: ClientHello): Readonly<Record<string, unknown>> => ({
  serverName,
  alpn,
  hasEch,
});

function newReader({ kind, data }: PayloadEvent): Exclude<ReturnType<typeof readers.get>, undefined> {
  if (kind === "datagram") return { initial: createInitialReader(nodeCiphers) };
  const isTls = kind === "stream-upgrade" || data[0] === TLS_HANDSHAKE;
  return isTls ? { hello: createHelloAssembler() } : { request: createRequestReader() };
}

/** First words of a client, TLS over TCP, QUIC or HTTP. */
function readSpeech(event: PayloadEvent): void {
  const key = `${event.cookie} ${event.kind} ${text(event.endpoints.remote)}`;
  const reader = readers.get(key) ?? newReader(event);
  readers.set(key, reader);
  if (reader === "done") return;
  if ("initial" in reader) {
    const result = reader.initial.push(event.data, event.isCut);
    if (result.status === "complete") {
      print(event, "quic", { version: result.version, ...helloFacts(result.hello) });
    }
    if (result.status !== "more") readers.set(key, "done");
  } else if ("hello" in reader) {
    const result = reader.hello.push(event.streamOffset, event.data);
    if (result.status === "complete") print(event, "tls", helloFacts(result.hello));
    if (result.status !== "more") readers.set(key, "done");
  } else {
    const result = reader.request.push(event.streamOffset, event.data);
    if (result.status === "complete") {
      print(event, "http", { method: result.request.method, host: result.request.host });
    }
    if (result.status !== "more") readers.set(key, "done");
  }
}

function readPayload(event: PayloadEvent): void {
  const data = event.data.slice(); // the readers keep it beyond this batch
  if (event.kind === "dns-datagram") readDns(event, data);
  else if (event.kind === "dns-stream") {
    const key = `${event.cookie} ${event.direction}`;
    const framer = framers.get(key) ?? createDnsStreamFramer();
    framers.set(key, framer);
    for (const message of framer.push(event.streamOffset, data)) readDns(event, message);
  } else readSpeech({ ...event, data });
}

const [recordingPath = "", ...namespaces] = process.argv.slice(2);
const decoder = createFrameDecoder({ source: "recording" });
/* not a Buffer, whose slice() shares memory: the core takes it for a copy */
const recording = new Uint8Array(readFileSync(recordingPath));
const payloads: PayloadEvent[] = [];
const namespaceOf = new Map<number, string>();
for (const message of decoder.push(recording)) {
  if (message.kind === "hello") bootWallMs = message.hello.bootWallMs;
  if (message.kind === "records") {
    decodeEvents(message.bytes, (event) => {
      if (event.type === "payload") payloads.push(event);
      if (event.type === "flow-open") namespaceOf.set(event.cookie, String(event.netns));
    });
  }
}
/* Telltale sees the whole machine, also what others do on it meanwhile */
for (const event of payloads) {
  if (namespaces.includes(namespaceOf.get(event.cookie) ?? "")) readPayload(event);
}
