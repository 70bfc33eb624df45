import fc from "fast-check";
import { expect, test } from "vitest";
import { createDnsStreamFramer } from "../../../../../src/core/protocol/dns/frame-stream.ts";
import { joinBytes } from "../../../support/encode-records.ts";
import { readHexFixture } from "../../../support/read-hex.ts";

const messages = readHexFixture("dns/dnsmasq.hex");
const framed = (message: Uint8Array): Uint8Array =>
  new Uint8Array([message.length >> 8, message.length & 0xff, ...message]);
const stream = joinBytes(messages.map(framed));

test("messages in one piece come out one by one", () => {
  expect(createDnsStreamFramer().push(0, stream)).toEqual(messages);
});

test("a stream in pieces of one byte comes out whole", () => {
  const framer = createDnsStreamFramer();
  const out = [...stream.keys()].flatMap((at) => framer.push(at, stream.subarray(at, at + 1)));
  expect(out).toEqual(messages);
});

test("pieces cut anywhere, repeated and overlapping, come out whole", () => {
  fc.assert(
    fc.property(fc.array(fc.nat(stream.length), { maxLength: 8 }), fc.nat(40), (cuts, overlap) => {
      const edges = [0, ...cuts.sort((a, b) => a - b), stream.length];
      const framer = createDnsStreamFramer();
      const out: Uint8Array[] = [];
      for (const [index, end] of edges.slice(1).entries()) {
        const start = Math.max(0, (edges[index] ?? 0) - overlap);
        out.push(...framer.push(start, stream.subarray(start, end)));
      }
      expect(out).toEqual(messages);
      expect(framer.isLost()).toBe(false);
    }),
  );
});

test("a piece that overtook another waits for it", () => {
  const framer = createDnsStreamFramer();
  expect(framer.push(10, stream.subarray(10))).toEqual([]);
  expect(framer.push(0, stream.subarray(0, 10))).toEqual(messages);
});

test("a piece that never comes ends the stream once others pile up behind the hole", () => {
  const framer = createDnsStreamFramer();
  framer.push(0, stream.subarray(0, 5));
  for (let index = 0; index < 17; index += 1) framer.push(1000 + index * 1000, new Uint8Array(10));
  expect(framer.isLost()).toBe(true);
  expect(framer.push(5, stream.subarray(5))).toEqual([]);
});

test("an empty message is a message", () => {
  expect(createDnsStreamFramer().push(0, new Uint8Array([0, 0, 0, 1, 7]))).toEqual([
    new Uint8Array(0),
    new Uint8Array([7]),
  ]);
});

test("random pieces never throw", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(3000), fc.uint8Array({ maxLength: 300 })), { maxLength: 60 }), (pieces) => {
      const framer = createDnsStreamFramer();
      const total = pieces
        .flatMap(([offset, data]) => framer.push(offset, data))
        .reduce((sum, { length }) => sum + length, 0);
      expect(total).toBeLessThanOrEqual(pieces.reduce((sum, [, data]) => sum + data.length, 0));
    }),
  );
});
