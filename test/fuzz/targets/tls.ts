/** The front of a TLS client's stream: however it is cut, the same ClientHello comes out. */
import { createHelloAssembler, type HelloResult, readHello } from "../../../src/core/protocol/tls/assemble-hello.ts";
import { ensure, type FuzzTarget } from "../engine/fuzz-target.ts";
import { cutSeed, inOrderSeed, readPieces } from "../engine/pieces.ts";
import { ensureSafeHello } from "../engine/safe-hello.ts";
import { hexFixture } from "../engine/seed-files.ts";

function run(input: Uint8Array): void {
  const { pieces, stream } = readPieces(input);
  const assembler = createHelloAssembler();
  let result: HelloResult = { status: "more" };
  for (const { offset, data } of pieces) {
    result = assembler.push(offset, data);
    if (result.status !== "more") break;
  }
  if (result.status === "complete") ensureSafeHello(result.hello);
  if (stream === null || (result.status === "failed" && result.reason === "lost")) return;
  const atOnce = readHello(stream);
  const cut = JSON.stringify(result);
  ensure(cut === JSON.stringify(atOnce), () => `cut ${cut}, at once ${JSON.stringify(atOnce)}`);
}

/** The same handshake bytes in records of `size`. */
function inRecords(stream: Uint8Array, size: number): Uint8Array {
  const handshake = stream.subarray(5);
  const bytes: number[] = [];
  for (let at = 0; at < handshake.length; at += size) {
    const part = handshake.subarray(at, at + size);
    bytes.push(22, 3, 1, part.length >> 8, part.length & 0xff, ...part);
  }
  return new Uint8Array(bytes);
}

const HELLOS = ["tls/rfc8448-client-hello.hex", "tls/openssl-client-hello.hex"];

const seeds = (): Uint8Array[] =>
  HELLOS.flatMap((name) => hexFixture(name)).flatMap((stream) => [
    cutSeed(stream),
    cutSeed(inRecords(stream, 60), [[100, 255]]),
    inOrderSeed(stream),
    inOrderSeed(stream, 50),
  ]);

const words = [
  new Uint8Array([0xfe, 0x0d]),
  new Uint8Array([0, 0]),
  new Uint8Array([0, 16]),
  new Uint8Array([0, 43]),
  new Uint8Array([22, 3, 1]),
];

export const target: FuzzTarget = { name: "tls", maxBytes: 640, longBytes: 20 * 1024, seeds, words, run };
