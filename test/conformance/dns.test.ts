/** Wireshark and we read the same out of DNS messages, over UDP and TCP. */
import dnsPacket, { type Answer } from "dns-packet";
import fc from "fast-check";
import { expect } from "vitest";
import { createDnsStreamFramer } from "../../src/core/protocol/dns/frame-stream.ts";
import { type DnsMessage, type DnsRecord, parseMessage } from "../../src/core/protocol/dns/parse-message.ts";
import { parseAddress } from "../../src/core/protocol/parse-address.ts";
import { cutAt, joinBytes } from "../unit/support/encode-quic.ts";
import { readHexFixture } from "../unit/support/read-hex.ts";
import type { Packet } from "./pcap.ts";
import { allOf, conformanceTest, type Fields, readWithTshark } from "./tshark.ts";

const label = fc.stringMatching(/^[a-zA-Z0-9_-]{1,20}$/);
const hostName = fc.array(label, { minLength: 1, maxLength: 6 }).map((labels) => labels.join("."));
const ttl = fc.nat(2 ** 31 - 1);

const record: fc.Arbitrary<Answer> = fc.oneof(
  fc.record({ type: fc.constant("A" as const), name: hostName, ttl, data: fc.ipV4() }),
  fc.record({ type: fc.constant("AAAA" as const), name: hostName, ttl, data: fc.ipV6() }),
  fc.record({ type: fc.constant("CNAME" as const), name: hostName, ttl, data: hostName }),
  fc.record({ type: fc.constant("PTR" as const), name: hostName, ttl, data: hostName }),
  fc.record({ type: fc.constant("TXT" as const), name: hostName, ttl, data: fc.constant("passed over") }),
  fc.record({ type: fc.constant("DNAME" as const), name: hostName, ttl, data: hostName }),
);

const response = fc
  .record({
    id: fc.nat(65_535),
    rcode: fc.nat(10),
    questions: fc.array(
      fc.record({ type: fc.constantFrom("A" as const, "AAAA" as const, "HTTPS" as "A"), name: hostName }),
      {
        minLength: 1,
        maxLength: 3,
      },
    ),
    answers: fc.array(record, { maxLength: 8 }),
  })
  .map(({ id, rcode, questions, answers }) => {
    return new Uint8Array(dnsPacket.encode({ type: "response", id, flags: rcode, questions, answers }));
  });

/** The same messages at every run. */
const GENERATED = fc.sample(response, { seed: 3, numRuns: 300 });
const FIXTURES = [...readHexFixture("dns/dnsmasq.hex"), ...readHexFixture("dns/services.hex")];

const TYPE_OF = { cname: 5, ptr: 12, service: 65 } as const;

interface Facts {
  readonly id: number;
  readonly isResponse: boolean;
  readonly responseCode: number;
  readonly questions: readonly string[];
  /** Owner, type and time to live of the records of kinds we read. */
  readonly records: readonly string[];
  /** Addresses by type, targets by kind; each in the order of the records. */
  readonly data: Readonly<Record<"a" | "aaaa" | "cname" | "ptr" | "service" | "hints", readonly string[]>>;
}

const isIpv6 = (address: string): boolean => address.includes(":");

function typeOf(record: DnsRecord): number {
  if (record.kind !== "address") return TYPE_OF[record.kind];
  return isIpv6(record.address) ? 28 : 1;
}

function ours(message: DnsMessage): Facts {
  const { id, isResponse, responseCode, questions, answers } = message;
  const addresses = answers.flatMap((one) => (one.kind === "address" ? [one.address] : []));
  const targets = (kind: "cname" | "ptr" | "service"): string[] =>
    answers.flatMap((one) => (one.kind === kind ? [one.target] : []));
  return {
    id,
    isResponse,
    responseCode,
    questions: questions.map(({ name, type }) => `${name} ${type}`),
    records: answers.map((one) => `${one.name} ${typeOf(one)} ${one.ttlSec}`),
    data: {
      a: addresses.filter((address) => !isIpv6(address)),
      aaaa: addresses.filter(isIpv6),
      cname: targets("cname"),
      ptr: targets("ptr"),
      service: targets("service"),
      hints: answers.flatMap((one) => (one.kind === "service" ? one.addressHints : [])),
    },
  };
}

const FIELDS = [
  ...["dns.id", "dns.flags.response", "dns.flags.rcode", "dns.qry.name", "dns.qry.type"],
  ...["dns.resp.name", "dns.resp.type", "dns.resp.ttl", "dns.a", "dns.aaaa", "dns.cname", "dns.ptr.domain_name"],
  ...["dns.svcb.targetname", "dns.svcb.svcparam.ipv4hint.ip", "dns.svcb.svcparam.ipv6hint.ip"],
];

const READ_TYPES: ReadonlySet<string> = new Set(["1", "5", "12", "28", "65"]);
const OPT = "41";

/** Wireshark writes the root its own way, and keeps capital letters. */
const nameOf = (text: string): string => (text === "<Root>" ? "." : text.toLowerCase());

function theirs(fields: Fields): Facts {
  const get = (field: string): readonly string[] => fields[field] ?? [];
  const names = (field: string): string[] => get(field).map(nameOf);
  // It keeps IPv4-mapped addresses as IPv6; we count them as what they are (RFC 4291 section 2.5.5.2).
  const addresses = (field: string): string[] => get(field).map((text) => parseAddress(text) ?? text);
  const types = get("dns.resp.type").filter((type) => type !== OPT);
  const records = types.map((type, index) => ({
    type,
    name: names("dns.resp.name")[index],
    ttl: get("dns.resp.ttl")[index],
  }));
  const isMapped = (address: string): boolean => !isIpv6(address);
  const aaaa = addresses("dns.aaaa");
  return {
    id: Number(get("dns.id")[0]),
    isResponse: ["1", "True"].includes(get("dns.flags.response")[0] ?? ""),
    responseCode: Number(get("dns.flags.rcode")[0] ?? 0),
    questions: names("dns.qry.name").map((name, index) => `${name} ${get("dns.qry.type")[index]}`),
    records: records.filter(({ type }) => READ_TYPES.has(type)).map((one) => `${one.name} ${one.type} ${one.ttl}`),
    data: {
      a: [...addresses("dns.a"), ...aaaa.filter(isMapped)],
      aaaa: aaaa.filter(isIpv6),
      cname: names("dns.cname"),
      ptr: names("dns.ptr.domain_name"),
      service: names("dns.svcb.targetname"),
      hints: [...addresses("dns.svcb.svcparam.ipv4hint.ip"), ...addresses("dns.svcb.svcparam.ipv6hint.ip")],
    },
  };
}

function packetOf(data: Uint8Array, index: number): Packet {
  const isResponse = ((data[2] ?? 0) & 0x80) !== 0;
  const port = 10_000 + index;
  return isResponse
    ? { transport: "udp", sourcePort: 53, destinationPort: port, data }
    : { transport: "udp", sourcePort: port, destinationPort: 53, data };
}

function compare(messages: readonly Uint8Array[]): void {
  const read = readWithTshark(messages.map(packetOf), FIELDS);
  for (const [index, bytes] of messages.entries()) {
    const message = parseMessage(bytes);
    if (message === undefined) throw new Error(`message ${index} is not read`);
    expect(theirs(read[index] ?? {})).toEqual(ours(message));
  }
}

conformanceTest("Wireshark reads the same out of dnsmasq's answers, field by field", () => {
  expect(FIXTURES.length).toBe(14);
  compare(FIXTURES);
});

conformanceTest("Wireshark reads the same out of 300 messages of an independent encoder, field by field", () => {
  compare(GENERATED);
});

/** Each message behind its length (RFC 1035 section 4.2.2). */
const stream = (messages: readonly Uint8Array[]): Uint8Array =>
  joinBytes(...messages.flatMap((message) => [Uint8Array.of(message.length >> 8, message.length & 0xff), message]));

conformanceTest("Wireshark finds the same messages in a TCP stream, wherever it is cut", () => {
  const messages = GENERATED.slice(0, 20);
  const bytes = stream(messages);
  const segments = cutAt(bytes, [1, 2, 3, 200, 201, 777, 1500, 1501, bytes.length - 1]);
  const framer = createDnsStreamFramer();
  const mine = segments.flatMap(({ offset, data }) => framer.push(offset, data)).map((one) => parseMessage(one));
  const packets = segments.map(({ offset, data }) => {
    return { transport: "tcp" as const, sourcePort: 53, destinationPort: 40_000, streamOffset: offset, data };
  });
  const read = readWithTshark(packets, ["dns.id", "dns.qry.name"]);
  expect(mine.map((message) => message?.id)).toEqual(allOf(read, "dns.id").map(Number));
  expect(mine.flatMap((message) => message?.questions.map(({ name }) => name) ?? [])).toEqual(
    allOf(read, "dns.qry.name").map(nameOf),
  );
  expect(mine.length).toBe(20);
});
