/** Wireshark and we read the same facts out of ClientHellos, whatever segments and records they come in. */
import { expect } from "vitest";
import { createHelloAssembler, type HelloResult } from "../../src/core/protocol/tls/assemble-hello.ts";
import { encodeHello, encodeOuterEch, type HelloFields, tlsRecords } from "../unit/support/encode-hello.ts";
import { cutAt } from "../unit/support/encode-quic.ts";
import { onlyHexFixture } from "../unit/support/read-hex.ts";
import type { Packet } from "./pcap.ts";
import { allOf, conformanceTest, readWithTshark } from "./tshark.ts";

interface Case {
  readonly title: string;
  readonly segments: readonly { readonly offset: number; readonly data: Uint8Array }[];
}

const whole = (title: string, stream: Uint8Array): Case => ({ title, segments: [{ offset: 0, data: stream }] });
const hello = (title: string, fields: HelloFields): Case => whole(title, tlsRecords(encodeHello(fields)));

const POST_QUANTUM = encodeHello({ serverName: "pq.example", alpn: ["h2", "http/1.1"], keyShareBytes: 1216 });

const CASES: readonly Case[] = [
  whole("RFC 8448 section 3", onlyHexFixture("tls/rfc8448-client-hello.hex")),
  whole("OpenSSL", onlyHexFixture("tls/openssl-client-hello.hex")),
  hello("without a name", { alpn: ["dot"] }),
  hello("without ALPN", { serverName: "a.example" }),
  hello("TLS 1.0", { serverName: "old.example", versions: [], legacyVersion: 0x0301, keyShareBytes: 0 }),
  hello("TLS 1.1", { serverName: "old.example", versions: [], legacyVersion: 0x0302, keyShareBytes: 0 }),
  hello("TLS 1.2", { serverName: "old.example", versions: [], keyShareBytes: 0 }),
  hello("TLS 1.3 with made-up values", { serverName: "new.example", versions: [0x2a2a, 0x0304, 0x0303] }),
  hello("outer ECH", { serverName: "front.example", alpn: ["h2"], ech: encodeOuterEch() }),
  hello("a long name", { serverName: `${"a".repeat(63)}.${"b".repeat(63)}.${"c".repeat(63)}.example` }),
  { title: "post-quantum size in two segments", segments: cutAt(tlsRecords(POST_QUANTUM), [1400]) },
  { title: "a segment for every 100 bytes", segments: cutAt(tlsRecords(POST_QUANTUM), [100, 200, 300, 400, 1100]) },
  { title: "cut inside the first header", segments: cutAt(tlsRecords(POST_QUANTUM), [3]) },
  whole("records of 200 bytes", tlsRecords(POST_QUANTUM, 200)),
  {
    title: "records and segments that do not meet",
    segments: cutAt(tlsRecords(POST_QUANTUM, 300), [7, 299, 306, 1000]),
  },
];

interface Facts {
  readonly serverName: string | null;
  readonly alpn: readonly string[];
  readonly hasEch: boolean;
  readonly legacyVersion: number;
  readonly highestVersion: number;
}

function ours({ segments }: Case): Facts | null {
  const assembler = createHelloAssembler();
  let result: HelloResult = { status: "more" };
  for (const { offset, data } of segments) {
    result = assembler.push(offset, data);
    if (result.status !== "more") break;
  }
  if (result.status !== "complete") return null;
  const { serverName, alpn, hasEch, legacyVersion, highestVersion } = result.hello;
  return { serverName, alpn, hasEch, legacyVersion, highestVersion };
}

const FIELDS = [
  "tls.handshake.extensions_server_name",
  "tls.handshake.extensions_alpn_str",
  "tls.handshake.extension.type",
  "tls.handshake.version",
  "tls.handshake.extensions.supported_version",
];

const isMadeUp = (version: number): boolean => (version & 0x0f0f) === 0x0a0a;

/** Every case is a connection of its own: a client port. */
function theirs(cases: readonly Case[]): Facts[] {
  const packetsOf = ({ segments }: Case, index: number): Packet[] =>
    segments.map(({ offset, data }) => {
      return { transport: "tcp", sourcePort: 30_000 + index, destinationPort: 443, streamOffset: offset, data };
    });
  const read = readWithTshark(cases.flatMap(packetsOf), FIELDS);
  let at = 0;
  return cases.map(({ segments }) => {
    const mine = read.slice(at, at + segments.length);
    at += segments.length;
    const legacyVersion = Number(allOf(mine, "tls.handshake.version")[0]);
    const supported = allOf(mine, "tls.handshake.extensions.supported_version").map(Number);
    const highest = Math.max(0, ...supported.filter((version) => !isMadeUp(version)));
    return {
      serverName: allOf(mine, "tls.handshake.extensions_server_name")[0]?.toLowerCase() ?? null,
      alpn: allOf(mine, "tls.handshake.extensions_alpn_str"),
      hasEch: allOf(mine, "tls.handshake.extension.type").includes(String(0xfe0d)),
      legacyVersion,
      highestVersion: highest || legacyVersion,
    };
  });
}

conformanceTest("Wireshark reads the same name, protocols, versions and ECH out of every ClientHello", () => {
  const judged = theirs(CASES);
  expect(CASES.map((one) => ({ title: one.title, facts: ours(one) }))).toEqual(
    CASES.map(({ title }, index) => ({ title, facts: judged[index] })),
  );
});
