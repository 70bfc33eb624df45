/** DNS over TCP: however a stream is cut, the same messages come out. */
import { createDnsStreamFramer } from "../../../src/core/protocol/dns/frame-stream.ts";
import { ensure, type FuzzTarget } from "../engine/fuzz-target.ts";
import { cutSeed, inOrderSeed, readPieces } from "../engine/pieces.ts";
import { hexFixture } from "../engine/seed-files.ts";

/** RFC 1035 section 4.2.2, as simply as can be. */
function framesOf(stream: Uint8Array): string[] {
  const frames: string[] = [];
  for (let at = 0; at + 2 <= stream.length; ) {
    const end = at + 2 + (stream[at] ?? 0) * 256 + (stream[at + 1] ?? 0);
    if (end > stream.length) break;
    frames.push(Buffer.from(stream.subarray(at + 2, end)).toString("latin1"));
    at = end;
  }
  return frames;
}

function run(input: Uint8Array): void {
  const { pieces, stream } = readPieces(input);
  const framer = createDnsStreamFramer();
  const messages = pieces.flatMap(({ offset, data }) => framer.push(offset, data));
  const given = pieces.reduce((sum, { data }) => sum + data.length, 0);
  const taken = messages.reduce((sum, { length }) => sum + 2 + length, 0);
  ensure(taken <= given, () => `${taken} bytes of ${given} given`);
  if (stream === null || framer.isLost()) return;
  const expected = framesOf(stream);
  const read = messages.map((message) => Buffer.from(message).toString("latin1"));
  ensure(JSON.stringify(read) === JSON.stringify(expected), () => `${read.length} messages, not ${expected.length}`);
}

const framed = (bytes: Uint8Array): Uint8Array => new Uint8Array([bytes.length >> 8, bytes.length & 0xff, ...bytes]);

function seeds(): Uint8Array[] {
  const stream = new Uint8Array(hexFixture("dns/dnsmasq.hex").flatMap((bytes) => [...framed(bytes)])).subarray(0, 200);
  const plan = [
    [128, 200],
    [0, 60],
    [30, 90],
  ] as const;
  return [inOrderSeed(stream, 7), inOrderSeed(stream), cutSeed(stream), cutSeed(stream, plan)];
}

export const target: FuzzTarget = { name: "dns-stream", maxBytes: 256, longBytes: 16 * 1024, seeds, run };
