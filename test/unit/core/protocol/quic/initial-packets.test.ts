import fc from "fast-check";
import { expect, test } from "vitest";
import { createCursor } from "../../../../../src/core/protocol/byte-cursor.ts";
import { createCryptoStream, MAX_CRYPTO_BYTES } from "../../../../../src/core/protocol/quic/crypto-stream.ts";
import { deriveClientKeys, QUIC_VERSION } from "../../../../../src/core/protocol/quic/initial-keys.ts";
import { expandPacketNumber, openInitial } from "../../../../../src/core/protocol/quic/open-initial.ts";
import { readCryptoFrames } from "../../../../../src/core/protocol/quic/read-frames.ts";
import { readLongHeader } from "../../../../../src/core/protocol/quic/read-long-header.ts";
import { readVarint } from "../../../../../src/core/protocol/quic/read-varint.ts";
import { nodeCiphers } from "../../../../../src/engine/node-ciphers.ts";
import {
  ackFrame,
  closeFrame,
  cryptoFrame,
  initialKeys,
  joinBytes,
  paddingFrames,
  pingFrame,
  sealInitial,
  varint,
} from "../../../support/encode-quic.ts";
import { bytesOfHex, onlyHexFixture } from "../../../support/read-hex.ts";

const RFC_ID = bytesOfHex("8394c8f03e515708");
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

test("the client's keys of RFC 9001 appendix A.1 and RFC 9369 appendix A.1 are derived", () => {
  const keysOf = (version: number): string[] => {
    const keys = deriveClientKeys(nodeCiphers, version, RFC_ID);
    return keys === undefined ? [] : [keys.key, keys.iv, keys.headerProtection].map(hex);
  };
  expect(keysOf(QUIC_VERSION.v1)).toEqual([
    "1f369613dd76d5467730efcbe3b1a22d",
    "fa044b2f42a3fd3b46fb255c",
    "9f50449e04a0e810283a1e9933adedd2",
  ]);
  expect(keysOf(QUIC_VERSION.v2)).toEqual([
    "8b1a0bc121284290a29e0971b5cd045d",
    "91f73e2351d8fa91660e909f",
    "45b95e15235d6f45a6b19cbcb0294ba9",
  ]);
  expect(deriveClientKeys(nodeCiphers, 0xff00001d, RFC_ID)).toBe(undefined);
});

test("keys are those an independent HMAC derives, for connection ids of every length", () => {
  for (let length = 0; length <= 20; length += 1) {
    const id = new Uint8Array(length).fill(length + 1);
    for (const version of Object.values(QUIC_VERSION)) {
      const theirs = initialKeys(version, id);
      expect(deriveClientKeys(nodeCiphers, version, id)).toEqual({
        key: new Uint8Array(theirs.key),
        iv: new Uint8Array(theirs.iv),
        headerProtection: new Uint8Array(theirs.headerProtection),
      });
    }
  }
});

test.each([
  ["RFC 9001", "quic/rfc9001-client-initial.hex", QUIC_VERSION.v1],
  ["RFC 9369", "quic/rfc9369-client-initial.hex", QUIC_VERSION.v2],
])("the client's packet of %s appendix A.2 opens to one CRYPTO frame and padding", (_, fixture, version) => {
  const datagram = onlyHexFixture(fixture);
  const header = readLongHeader(datagram, 0);
  const keys = deriveClientKeys(nodeCiphers, version, RFC_ID);
  if (header === undefined || keys === undefined) throw new Error("no header or no keys");
  expect(header).toMatchObject({ version, isInitial: true, numberOffset: 18, end: 1200 });
  const opened = openInitial(nodeCiphers, datagram, header, keys, -1);
  expect(opened?.packetNumber).toBe(2);
  expect(opened?.frames.length).toBe(1162);
  const pieces = readCryptoFrames(opened?.frames ?? new Uint8Array(0));
  expect(pieces?.map(({ offset, data }) => [offset, data.length, hex(data.subarray(0, 8))])).toEqual([
    [0, 241, "010000ed0303ebf8"],
  ]);
});

test("one flipped bit anywhere in a packet keeps it shut", () => {
  const packet = sealInitial({ destinationId: RFC_ID, frames: cryptoFrame(0, new Uint8Array(40)), packetNumber: 7 });
  const keys = deriveClientKeys(nodeCiphers, QUIC_VERSION.v1, RFC_ID);
  const open = (bytes: Uint8Array): unknown => {
    const header = readLongHeader(bytes, 0);
    return header === undefined || keys === undefined ? undefined : openInitial(nodeCiphers, bytes, header, keys, 6);
  };
  expect(open(packet)).toMatchObject({ packetNumber: 7 });
  for (let bit = 0; bit < packet.length * 8; bit += 1) {
    const damaged = packet.slice();
    damaged[bit >> 3] = (damaged[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    expect(open(damaged)).toBe(undefined);
  }
});

test("packet numbers of one to four bytes are made whole, as in RFC 9000 appendix A.3", () => {
  expect(expandPacketNumber(0x9b32, 2, 0xa82f30ea)).toBe(0xa82f9b32);
  expect(expandPacketNumber(2, 4, -1)).toBe(2);
  expect(expandPacketNumber(0x01, 1, 0xff)).toBe(0x101);
  expect(expandPacketNumber(0xfe, 1, 0x100)).toBe(0xfe);
  expect(expandPacketNumber(0xff, 1, -1)).toBe(0xff);
});

test("packets open whatever the lengths of number, ids and token", () => {
  const id = fc.uint8Array({ maxLength: 20 });
  fc.assert(
    fc.property(
      id,
      id,
      fc.uint8Array({ maxLength: 80 }),
      fc.integer({ min: 1, max: 4 }),
      fc.nat(127),
      fc.constantFrom(QUIC_VERSION.v1, QUIC_VERSION.v2),
      (destinationId, sourceId, token, numberBytes, packetNumber, version) => {
        const frames = cryptoFrame(0, Uint8Array.of(1, 2, 3));
        const packet = sealInitial({ version, destinationId, sourceId, token, numberBytes, packetNumber, frames });
        const header = readLongHeader(packet, 0);
        const keys = deriveClientKeys(nodeCiphers, version, destinationId);
        if (header === undefined || keys === undefined) throw new Error("no header or no keys");
        const opened = openInitial(nodeCiphers, packet, header, keys, -1);
        expect(opened?.packetNumber).toBe(packetNumber);
        expect(readCryptoFrames(opened?.frames ?? new Uint8Array(0))).toEqual([
          { offset: 0, data: Uint8Array.of(1, 2, 3) },
        ]);
      },
    ),
    { numRuns: 200 },
  );
});

test("variable-length integers are those of RFC 9000 appendix A.1", () => {
  const read = (text: string): number | undefined => readVarint(createCursor(bytesOfHex(text)));
  expect(read("c2197c5eff14e88c")).toBe(Number(151_288_809_941_952_652n));
  expect(read("9d7f3e7d")).toBe(494_878_333);
  expect(read("7bbd")).toBe(15_293);
  expect(read("25")).toBe(37);
  expect(read("4025")).toBe(37);
  for (const cut of ["", "40", "9d7f3e", "c2197c5eff14e8"]) expect(read(cut)).toBe(undefined);
});

test("every length of a written integer is read back", () => {
  fc.assert(
    fc.property(fc.maxSafeNat(), (value) => {
      expect(readVarint(createCursor(varint(value)))).toBe(value);
    }),
  );
  expect([1, 2, 4, 8].map((size) => readVarint(createCursor(varint(9, size as 1 | 2 | 4 | 8))))).toEqual([9, 9, 9, 9]);
});

test("acknowledgements, pings, padding and a close beside CRYPTO frames are passed over", () => {
  const frames = joinBytes(
    pingFrame(),
    ackFrame(4),
    ackFrame(900, [
      [1, 2],
      [70, 3],
    ]),
    cryptoFrame(5, Uint8Array.of(9)),
    paddingFrames(7),
    ackFrame(8, [[0, 0]], true),
    cryptoFrame(70_000, Uint8Array.of(8)),
    closeFrame("no application protocol"),
  );
  expect(readCryptoFrames(frames)).toEqual([
    { offset: 5, data: Uint8Array.of(9) },
    { offset: 70_000, data: Uint8Array.of(8) },
  ]);
});

test("frames that may not stand in an Initial packet, and frames cut anywhere, are malformed", () => {
  for (const type of [0x04, 0x05, 0x07, 0x08, 0x10, 0x1d, 0x1e, 0x30]) {
    expect(readCryptoFrames(Uint8Array.of(type, 0, 0, 0, 0, 0, 0))).toBe(undefined);
  }
  for (const frame of [ackFrame(900, [[1, 2]], true), closeFrame("why"), cryptoFrame(3, Uint8Array.of(1, 2))]) {
    for (let length = 1; length < frame.length; length += 1) {
      expect(readCryptoFrames(frame.subarray(0, length))).toBe(undefined);
    }
  }
});

test("an acknowledgement that claims 2^60 ranges is malformed at once", () => {
  const frame = joinBytes(Uint8Array.of(0x02), varint(1), varint(1), varint(2 ** 52, 8), varint(0), paddingFrames(100));
  expect(readCryptoFrames(frame)).toBe(undefined);
});

test("pieces in any order, repeated and overlapping, give the message", () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ minLength: 1, maxLength: 5000 }),
      fc.array(fc.tuple(fc.nat(4999), fc.nat(2000)), { maxLength: 30 }),
      (message, spans) => {
        const stream = createCryptoStream();
        for (const [start, length] of spans) {
          const offset = start % message.length;
          expect(stream.add({ offset, data: message.subarray(offset, offset + length) })).toBe("added");
        }
        expect(message.subarray(0, stream.front().length)).toEqual(stream.front());
        expect(stream.add({ offset: 0, data: message })).toBe("added");
        expect(stream.front()).toEqual(message);
      },
    ),
  );
});

test("the front ends at the first hole", () => {
  const stream = createCryptoStream();
  stream.add({ offset: 4, data: Uint8Array.of(5, 6) });
  expect(stream.front()).toEqual(new Uint8Array(0));
  stream.add({ offset: 0, data: Uint8Array.of(1, 2, 3) });
  expect(stream.front()).toEqual(Uint8Array.of(1, 2, 3));
  stream.add({ offset: 2, data: Uint8Array.of(3, 4, 5) });
  expect(stream.front()).toEqual(Uint8Array.of(1, 2, 3, 4, 5, 6));
});

test("other bytes for the same place are refused, and so is what lies beyond the cap", () => {
  const stream = createCryptoStream();
  expect(stream.add({ offset: 0, data: Uint8Array.of(1, 2, 3) })).toBe("added");
  expect(stream.add({ offset: 2, data: Uint8Array.of(4) })).toBe("malformed");
  expect(stream.add({ offset: MAX_CRYPTO_BYTES - 1, data: Uint8Array.of(4) })).toBe("added");
  expect(stream.add({ offset: MAX_CRYPTO_BYTES, data: Uint8Array.of(4) })).toBe("too-long");
  expect(stream.add({ offset: 2 ** 60, data: Uint8Array.of(4) })).toBe("too-long");
});

test("random frames never throw", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (frames) => {
      for (const { offset, data } of readCryptoFrames(frames) ?? []) {
        expect(offset).toBeGreaterThanOrEqual(0);
        expect(data.length).toBeLessThanOrEqual(frames.length);
      }
    }),
    { numRuns: 3000 },
  );
});
