/** Wireshark and we read the same name, protocols and version out of QUIC Initials. */

import { expect } from "vitest";
import { createInitialReader, type QuicResult } from "../../src/core/protocol/quic/read-initial.ts";
import { nodeCiphers } from "../../src/engine/node-ciphers.ts";
import { encodeHello, encodeOuterEch } from "../unit/support/encode-hello.ts";
import {
  ackFrame,
  cryptoFrame,
  cutAt,
  helloDatagrams,
  joinBytes,
  pingFrame,
  QUIC_V1,
  QUIC_V2,
  sealInitial,
} from "../unit/support/encode-quic.ts";
import { onlyHexFixture, readHexFixture } from "../unit/support/read-hex.ts";
import { allOf, conformanceTest, readWithTshark } from "./tshark.ts";

interface Case {
  readonly title: string;
  readonly datagrams: readonly Uint8Array[];
}

const ID = Uint8Array.of(9, 8, 7, 6, 5, 4, 3, 2);
const HELLO = encodeHello({ serverName: "a.example", alpn: ["h3", "h3-29"] });
const LONG_HELLO = encodeHello({
  serverName: "long.example",
  alpn: ["h3"],
  keyShareBytes: 1216,
  ech: encodeOuterEch(),
});

function generated(): Case[] {
  return [QUIC_V1, QUIC_V2].flatMap((version) => {
    const called = version === QUIC_V1 ? "version 1" : "version 2";
    const coalesced = cutAt(HELLO, [150]).map(({ offset, data }, packetNumber) =>
      sealInitial({ version, destinationId: ID, packetNumber, frames: cryptoFrame(offset, data) }),
    );
    const mixed = joinBytes(
      pingFrame(),
      ackFrame(3, [[1, 1]]),
      ...cutAt(HELLO, [10, 60, 200]).map(({ offset, data }) => cryptoFrame(offset, data)),
    );
    return [
      { title: `one datagram, ${called}`, datagrams: helloDatagrams(HELLO, { version, destinationId: ID }) },
      {
        title: `two datagrams, ${called}`,
        datagrams: helloDatagrams(LONG_HELLO, { version, destinationId: ID }),
      },
      { title: `coalesced, ${called}`, datagrams: [joinBytes(...coalesced)] },
      {
        title: `several frames, ${called}`,
        datagrams: [sealInitial({ version, destinationId: ID, frames: mixed })],
      },
      {
        title: `a token, ${called}`,
        datagrams: helloDatagrams(HELLO, { version, destinationId: ID, token: new Uint8Array(70).fill(1) }),
      },
      {
        title: `a connection id of 20 bytes, ${called}`,
        datagrams: helloDatagrams(HELLO, { version, destinationId: new Uint8Array(20).fill(6), numberBytes: 1 }),
      },
    ];
  });
}

const CASES: readonly Case[] = [
  { title: "RFC 9001 appendix A.2", datagrams: [onlyHexFixture("quic/rfc9001-client-initial.hex")] },
  { title: "RFC 9369 appendix A.2", datagrams: [onlyHexFixture("quic/rfc9369-client-initial.hex")] },
  { title: "Chromium, version 1", datagrams: readHexFixture("quic/chromium-v1.hex").slice(0, 2) },
  { title: "Chromium, version 2", datagrams: readHexFixture("quic/chromium-v2.hex").slice(0, 2) },
  ...generated(),
];

interface Facts {
  readonly version: number;
  readonly serverName: string | null;
  readonly alpn: readonly string[];
  readonly hasEch: boolean;
}

function ours({ datagrams }: Case): Facts | null {
  const reader = createInitialReader(nodeCiphers);
  let result: QuicResult = { status: "more" };
  for (const datagram of datagrams) {
    result = reader.push(datagram, false);
    if (result.status !== "more") break;
  }
  if (result.status !== "complete") return null;
  const { version, hello } = result;
  return { version, serverName: hello.serverName, alpn: hello.alpn, hasEch: hello.hasEch };
}

const ECH_EXTENSION = String(0xfe0d);
const CLIENT_HELLO = "1";

const FIELDS = [
  "tls.handshake.type",
  "tls.handshake.extensions_server_name",
  "tls.handshake.extensions_alpn_str",
  "tls.handshake.extension.type",
  "quic.version",
];

/** One capture a case: Wireshark tells connections apart by their ids, and cases share them. */
function theirs({ datagrams }: Case): Facts | null {
  const packets = datagrams.map((data) => ({
    transport: "udp" as const,
    sourcePort: 20_000,
    destinationPort: 443,
    data,
  }));
  const read = readWithTshark(packets, FIELDS);
  if (!allOf(read, "tls.handshake.type").includes(CLIENT_HELLO)) return null;
  return {
    version: Number(allOf(read, "quic.version")[0]),
    serverName: allOf(read, "tls.handshake.extensions_server_name")[0] ?? null,
    alpn: allOf(read, "tls.handshake.extensions_alpn_str"),
    hasEch: allOf(read, "tls.handshake.extension.type").includes(ECH_EXTENSION),
  };
}

for (const one of CASES) {
  conformanceTest(`Wireshark reads the same version, name, protocols and ECH: ${one.title}`, () => {
    const facts = ours(one);
    expect(facts).not.toBe(null);
    expect(theirs(one)).toEqual(facts);
  });
}
