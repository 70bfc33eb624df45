import fc from "fast-check";
import { expect, test } from "vitest";
import {
  createInitialReader,
  MAX_DATAGRAMS,
  type QuicResult,
} from "../../../../../src/core/protocol/quic/read-initial.ts";
import { nodeCiphers } from "../../../../../src/engine/node-ciphers.ts";
import { encodeHello, encodeOuterEch } from "../../../support/encode-hello.ts";
import {
  ackFrame,
  closeFrame,
  cryptoFrame,
  cutAt,
  helloDatagrams,
  joinBytes,
  opaquePacket,
  paddingFrames,
  pingFrame,
  QUIC_V1,
  QUIC_V2,
  sealInitial,
} from "../../../support/encode-quic.ts";
import { onlyHexFixture, readHexFixture } from "../../../support/read-hex.ts";

const ID = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8);
const OTHER_ID = Uint8Array.of(0xee, 0xdd, 0xcc, 0xbb);
const HELLO = encodeHello({ serverName: "quic.example", alpn: ["h3"], keyShareBytes: 32 });
/** Post-quantum key share: two datagrams. */
const LONG_HELLO = encodeHello({ serverName: "quic.example", alpn: ["h3"], keyShareBytes: 1216 });
const MORE: QuicResult = { status: "more" };
const FACTS = { serverName: "quic.example", alpn: ["h3"] };

/** What the reader says to each datagram, up to its verdict. */
function readAll(datagrams: readonly Uint8Array[], isCut = false): QuicResult[] {
  const reader = createInitialReader(nodeCiphers);
  const results: QuicResult[] = [];
  for (const datagram of datagrams) {
    const result = reader.push(datagram, isCut);
    results.push(result);
    if (result.status !== "more") break;
  }
  return results;
}

const verdict = (datagrams: readonly Uint8Array[], isCut = false): QuicResult | undefined =>
  readAll(datagrams, isCut).at(-1);

const complete = (version = QUIC_V1): object => ({ status: "complete", version, hello: FACTS });

/** One Initial around some of the hello, not padded. */
const initial = (frames: Uint8Array, packetNumber = 0, id = ID): Uint8Array =>
  sealInitial({ destinationId: id, frames, packetNumber });

test.each([
  ["RFC 9001", "quic/rfc9001-client-initial.hex", QUIC_V1],
  ["RFC 9369", "quic/rfc9369-client-initial.hex", QUIC_V2],
])("the client's Initial of %s appendix A.2 names its server", (_, fixture, version) => {
  expect(createInitialReader(nodeCiphers).push(onlyHexFixture(fixture), false)).toMatchObject({
    status: "complete",
    version,
    hello: { serverName: "example.com", alpn: ["alpn"], highestVersion: 0x0304 },
  });
});

test.each([
  ["1", "quic/chromium-v1.hex", QUIC_V1],
  ["2", "quic/chromium-v2.hex", QUIC_V2],
])("Chromium's shuffled hello over two datagrams of version %s is put together", (_, fixture, version) => {
  expect(readAll(readHexFixture(fixture))).toMatchObject([
    MORE,
    { status: "complete", version, hello: { serverName: "quic.telltale.test", alpn: ["h3"], ech: "outer" } },
  ]);
});

test("Chromium's datagrams give the name in whatever order they come", () => {
  const datagrams = readHexFixture("quic/chromium-v1.hex");
  expect(verdict([...datagrams].reverse())).toMatchObject({ hello: { serverName: "quic.telltale.test" } });
});

test("a hello is read from pieces cut and ordered anyhow, over any number of packets and datagrams", () => {
  fc.assert(
    fc.property(
      // Distinct and not 0: an empty piece may come last, when the hello is whole already.
      fc.uniqueArray(fc.integer({ min: 1, max: LONG_HELLO.length - 1 }), { maxLength: 12 }),
      fc.infiniteStream(fc.nat(1000)),
      fc.integer({ min: 1, max: 5 }),
      fc.constantFrom(QUIC_V1, QUIC_V2),
      (cuts, order, piecesEach, version) => {
        const keys = [...order.take(cuts.length + 1)];
        const pieces = cutAt(LONG_HELLO, cuts)
          .map((piece, index) => ({ piece, key: keys[index] ?? 0 }))
          .sort((a, b) => a.key - b.key)
          .map(({ piece }) => cryptoFrame(piece.offset, piece.data));
        const datagrams: Uint8Array[] = [];
        for (let at = 0; at < pieces.length; at += piecesEach) {
          const frames = joinBytes(pingFrame(), ...pieces.slice(at, at + piecesEach), paddingFrames(3));
          datagrams.push(sealInitial({ version, destinationId: ID, frames, packetNumber: datagrams.length }));
        }
        const results = readAll(datagrams);
        expect(results.at(-1)).toMatchObject(complete(version));
        expect(results.length).toBe(datagrams.length);
      },
    ),
    { numRuns: 60 },
  );
});

test("two Initials coalesced in one datagram are both read", () => {
  const [first, second] = cutAt(HELLO, [100]).map(({ offset, data }, index) =>
    initial(cryptoFrame(offset, data), index),
  );
  expect(verdict([joinBytes(first ?? HELLO, second ?? HELLO)])).toMatchObject(complete());
});

test("0-RTT and Handshake packets in front of and behind an Initial are stepped over", () => {
  const parts = cutAt(HELLO, [100]).map(({ offset, data }, index) => initial(cryptoFrame(offset, data), index));
  const datagram = joinBytes(...parts.flatMap((part) => [opaquePacket(1, ID), part, opaquePacket(2, ID)]));
  expect(verdict([datagram])).toMatchObject(complete());
});

test("bytes behind the last packet do not disturb", () => {
  const datagram = joinBytes(initial(cryptoFrame(0, HELLO.subarray(0, 90))), new Uint8Array(300));
  expect(readAll([datagram, initial(cryptoFrame(90, HELLO.subarray(90)), 1)])).toMatchObject([MORE, complete()]);
});

test("the first packet's keys stay when the server picks another connection id", () => {
  const first = initial(cryptoFrame(0, LONG_HELLO.subarray(0, 900)));
  const frames = joinBytes(ackFrame(0), cryptoFrame(900, LONG_HELLO.subarray(900)));
  const later = sealInitial({ destinationId: OTHER_ID, keyId: ID, frames, packetNumber: 1 });
  expect(readAll([first, later])).toMatchObject([MORE, complete()]);
});

test("after a Retry the keys come from the id that the server gave, and the token is passed over", () => {
  const first = initial(cryptoFrame(0, LONG_HELLO.subarray(0, 900)));
  const token = new Uint8Array(120).fill(5);
  const again = cutAt(LONG_HELLO, [900]).map(({ offset, data }, index) =>
    sealInitial({ destinationId: OTHER_ID, token, frames: cryptoFrame(offset, data), packetNumber: 2 + index }),
  );
  expect(readAll([first, ...again])).toMatchObject([MORE, MORE, complete()]);
});

test("a second connection on the same socket does not mix with the first", () => {
  const otherHello = encodeHello({ serverName: "second.example", alpn: ["h3"], keyShareBytes: 1216 });
  const first = initial(cryptoFrame(0, LONG_HELLO.subarray(0, 900)));
  const second = helloDatagrams(otherHello, { destinationId: OTHER_ID, bytesEach: 800 });
  expect(readAll([first, ...second])).toMatchObject([MORE, MORE, { hello: { serverName: "second.example" } }]);
});

test("a client that comes back in another version begins anew, with the same or another id", () => {
  for (const destinationId of [ID, OTHER_ID]) {
    const otherHello = encodeHello({ serverName: "second.example", alpn: ["h3"], keyShareBytes: 1216 });
    const first = initial(cryptoFrame(0, LONG_HELLO.subarray(0, 900)));
    const second = helloDatagrams(otherHello, { destinationId, version: QUIC_V2, bytesEach: 800 });
    expect(readAll([first, ...second])).toMatchObject([
      MORE,
      MORE,
      { version: QUIC_V2, hello: { serverName: "second.example" } },
    ]);
  }
});

test("an unknown version is waited out, because the client may come back with a known one", () => {
  const reserved = joinBytes(opaquePacket(0, ID, 1200, 0x1a2a3a4a));
  expect(readAll([reserved, ...helloDatagrams(HELLO, { destinationId: ID })])).toMatchObject([MORE, complete()]);
  expect(readAll(new Array<Uint8Array>(9).fill(reserved))).toEqual([
    MORE,
    MORE,
    MORE,
    MORE,
    { status: "failed", reason: "unknown-version" },
  ]);
});

test("a hello cut off with CONNECTION_CLOSE stays unfinished", () => {
  const first = initial(cryptoFrame(0, LONG_HELLO.subarray(0, 900)));
  expect(readAll([first, initial(closeFrame("changed my mind"), 1)])).toEqual([MORE, MORE]);
});

test("ECH in a QUIC hello is told, with the outer name", () => {
  const hello = encodeHello({ serverName: "front.example", alpn: ["h3"], ech: encodeOuterEch() });
  expect(verdict(helloDatagrams(hello, { destinationId: ID }))).toMatchObject({
    hello: { serverName: "front.example", hasEch: true, ech: "outer" },
  });
});

test("connection ids of 0 and of 20 bytes are read, of 21 not", () => {
  expect(verdict(helloDatagrams(HELLO, { destinationId: new Uint8Array(0) }))).toMatchObject(complete());
  expect(verdict(helloDatagrams(HELLO, { destinationId: new Uint8Array(20).fill(1) }))).toMatchObject(complete());
  const tooLong = helloDatagrams(HELLO, { destinationId: new Uint8Array(21).fill(1) });
  expect(verdict(new Array<Uint8Array[]>(5).fill(tooLong).flat())).toEqual({ status: "failed", reason: "malformed" });
});

test("a hidden fixed bit (RFC 9287) does not matter", () => {
  const datagram = sealInitial({ destinationId: ID, frames: cryptoFrame(0, HELLO), hasFixedBit: false });
  expect((datagram[0] ?? 0) & 0x40).toBe(0);
  expect(verdict([datagram])).toMatchObject(complete());
});

test("other protocols are told from their first datagram", () => {
  const first = (...bytes: readonly number[]): QuicResult | undefined => verdict([Uint8Array.from(bytes)]);
  const failure = { status: "failed", reason: "not-quic" };
  expect(first()).toEqual(failure);
  expect(first(0x40, 1, 2, 3)).toEqual(failure); // short header
  expect(first(0x80, 0x60, 0x12, 0x34, 0, 0, 0, 1, 0, 0, 0, 2)).toEqual(failure); // RTP
  expect(first(0x16, 0xfe, 0xfd, 0, 0, 0, 0)).toEqual(failure); // DTLS
  expect(first(0xc0, 0, 0, 0, 0, 1, 1, 0)).toEqual(failure); // version negotiation is the server's
});

test("Initials whose first packet was not seen are given up after five datagrams", () => {
  const datagrams = Array.from({ length: 9 }, (_, index) =>
    sealInitial({ destinationId: OTHER_ID, keyId: ID, frames: cryptoFrame(0, HELLO), packetNumber: index }),
  );
  expect(readAll(datagrams)).toEqual([MORE, MORE, MORE, MORE, { status: "failed", reason: "undecryptable" }]);
});

test("a server's Initial is none of ours, and opens with no client's key", () => {
  const datagram = sealInitial({ destinationId: ID, frames: cryptoFrame(0, HELLO), side: "server" });
  expect(verdict([datagram])).toEqual(MORE);
});

test("a packet that the capture cut is said to be too long, and a later whole one still counts", () => {
  const [whole] = helloDatagrams(HELLO, { destinationId: ID });
  const cut = (whole ?? HELLO).subarray(0, 600);
  const reader = createInitialReader(nodeCiphers);
  expect(reader.push(cut, true)).toEqual(MORE);
  expect(reader.push(whole ?? HELLO, false)).toMatchObject(complete());
  expect(verdict(new Array<Uint8Array>(5).fill(cut), true)).toEqual({ status: "failed", reason: "too-long" });
  expect(verdict(new Array<Uint8Array>(5).fill(cut), false)).toEqual({ status: "failed", reason: "malformed" });
});

test("a hole that nothing fills ends after the last datagram there can be", () => {
  const datagrams = Array.from({ length: MAX_DATAGRAMS + 2 }, (_, index) =>
    initial(cryptoFrame(200, HELLO.subarray(200)), index),
  );
  const results = readAll(datagrams);
  expect(results.length).toBe(MAX_DATAGRAMS);
  expect(results.at(-1)).toEqual({ status: "failed", reason: "too-long" });
});

test("what is no ClientHello, lies about its length, or contradicts itself is malformed or too long", () => {
  const failure = (frames: Uint8Array): QuicResult | undefined => verdict([initial(frames)]);
  expect(failure(cryptoFrame(0, Uint8Array.of(2, 0, 0, 4, 1, 2, 3, 4)))).toEqual({
    status: "failed",
    reason: "malformed",
  });
  expect(failure(cryptoFrame(0, Uint8Array.of(1, 0x01, 0, 0)))).toEqual({ status: "failed", reason: "too-long" });
  expect(failure(cryptoFrame(20_000, Uint8Array.of(1)))).toEqual({ status: "failed", reason: "too-long" });
  expect(failure(joinBytes(cryptoFrame(0, Uint8Array.of(1, 0)), cryptoFrame(1, Uint8Array.of(9))))).toEqual({
    status: "failed",
    reason: "malformed",
  });
  expect(failure(Uint8Array.of(0x08, 0, 0, 0, 0))).toEqual({ status: "failed", reason: "malformed" });
});

test.each([
  ["RFC 9001", onlyHexFixture("quic/rfc9001-client-initial.hex")],
  ["Chromium", readHexFixture("quic/chromium-v1.hex")[0] ?? new Uint8Array(0)],
])("the datagram of %s cut at any byte gives no name", (_, datagram) => {
  for (let length = 0; length < datagram.length; length += 1) {
    const result = createInitialReader(nodeCiphers).push(datagram.subarray(0, length), length % 2 === 0);
    expect(result).toEqual(length < 5 ? { status: "failed", reason: "not-quic" } : MORE);
  }
});

/** Eight Initials of eight ids that no key opens. */
const junk = joinBytes(
  ...Array.from({ length: 8 }, (_, index) =>
    sealInitial({ destinationId: Uint8Array.of(index, 9), keyId: ID, side: "server", frames: paddingFrames(20) }),
  ),
);

test("datagrams full of coalesced junk are given up", () => {
  expect(verdict(new Array<Uint8Array>(20).fill(junk))).toEqual({ status: "failed", reason: "undecryptable" });
});

test("who makes us try many keys in vain gets no more tries", () => {
  const [first = HELLO, last = HELLO] = helloDatagrams(LONG_HELLO, { destinationId: ID, bytesEach: 900 });
  expect(readAll([first, junk, junk, junk, last])).toMatchObject([MORE, MORE, MORE, MORE, complete()]);
  // Two tries for each of 40 packets: more than there are.
  expect(readAll([first, junk, junk, junk, junk, junk, last])).toEqual(new Array<QuicResult>(7).fill(MORE));
});

test("random datagrams never throw, and never give a name", () => {
  const start = fc.constantFrom([], [0xc0, 0, 0, 0, 1], [0xd0, 0x6b, 0x33, 0x43, 0xcf], [0xc3, 0, 0, 0, 1, 8]);
  fc.assert(
    fc.property(fc.array(fc.tuple(start, fc.uint8Array({ maxLength: 300 })), { maxLength: 20 }), (datagrams) => {
      const results = readAll(datagrams.map(([front, rest]) => Uint8Array.from([...front, ...rest])));
      expect(results.every(({ status }) => status !== "complete")).toBe(true);
    }),
    { numRuns: 1000 },
  );
});

test("random handshakes in authentic packets never throw", () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 120 }), { maxLength: 4 }), (handshakes) => {
      const reader = createInitialReader(nodeCiphers);
      for (const [index, bytes] of handshakes.entries()) {
        const result = reader.push(initial(cryptoFrame(0, Uint8Array.from([1, ...bytes])), index), false);
        if (result.status !== "more") break;
      }
    }),
    { numRuns: 300 },
  );
});
