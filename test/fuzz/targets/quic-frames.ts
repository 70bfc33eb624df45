/** What is inside QUIC Initials, without their cryptography: frames, and their data in any order. */
import { createCryptoStream, MAX_CRYPTO_BYTES } from "../../../src/core/protocol/quic/crypto-stream.ts";
import { type CryptoPiece, readCryptoFrames } from "../../../src/core/protocol/quic/read-frames.ts";
import { readHandshake } from "../../../src/core/protocol/tls/read-handshake.ts";
import { encodeHello } from "../../unit/support/encode-hello.ts";
import { ackFrame, closeFrame, cryptoFrame, cutAt, joinBytes, pingFrame } from "../../unit/support/encode-quic.ts";
import { ensure, type FuzzTarget } from "../engine/fuzz-target.ts";
import { ensureSafeHello } from "../engine/safe-hello.ts";

/** The bytes in front of the first hole, byte by byte. */
function frontOf(pieces: readonly CryptoPiece[]): number[] {
  const bytes = new Map<number, number>();
  for (const { offset, data } of pieces) for (const [index, byte] of data.entries()) bytes.set(offset + index, byte);
  const front: number[] = [];
  for (let byte = bytes.get(0); byte !== undefined; byte = bytes.get(front.length)) front.push(byte);
  return front;
}

function run(input: Uint8Array): void {
  const pieces = readCryptoFrames(input);
  if (pieces === undefined) return;
  const given = pieces.reduce((sum, { data }) => sum + data.length, 0);
  ensure(given + pieces.length * 3 <= input.length, () => `${given} bytes in ${pieces.length} pieces`);
  const stream = createCryptoStream();
  const verdicts = pieces.map((piece) => stream.add(piece));
  ensure(stream.front().length <= Math.min(given, MAX_CRYPTO_BYTES), () => `${stream.front().length} bytes`);
  if (verdicts.every((verdict) => verdict === "added")) {
    const expected = frontOf(pieces);
    ensure(
      Buffer.from(expected).equals(stream.front()),
      () => `${stream.front().length}, not ${expected.length} bytes`,
    );
  }
  const result = readHandshake(stream.front());
  if (result.status === "complete") ensureSafeHello(result.hello);
}

function seeds(): Uint8Array[] {
  const hello = encodeHello({ serverName: "quic.example", alpn: ["h3"], ech: new Uint8Array([0, 0, 1]) });
  const pieces = cutAt(hello, [30, 31, 100]).map(({ offset, data }) => cryptoFrame(offset, data));
  return [
    cryptoFrame(0, hello),
    joinBytes(...pieces.toReversed()),
    joinBytes(
      pingFrame(),
      ackFrame(9, [[1, 1]]),
      ...pieces,
      new Uint8Array(9),
      ackFrame(9, [], true),
      closeFrame("no"),
    ),
  ];
}

export const target: FuzzTarget = { name: "quic-frames", maxBytes: 400, longBytes: 1500, seeds, run };
