/** What a reader of QUIC Initials owes, whatever datagrams it is given; and how raw inputs hold them. */
import type { InitialCiphers } from "../../../src/core/protocol/quic/initial-ciphers.ts";
import { createInitialReader, type QuicResult } from "../../../src/core/protocol/quic/read-initial.ts";
import { ensure } from "./fuzz-target.ts";
import { ensureSafeHello } from "./safe-hello.ts";

export interface Datagram {
  readonly bytes: Uint8Array;
  readonly isCut: boolean;
}

/** A reader gives up after so many, whatever they were. */
const MAX_DATAGRAMS = 16;
/** What one flow's datagrams may cost, at some 50 us each. */
const MAX_ATTEMPTS = 64;
const VERSIONS: readonly number[] = [0x00000001, 0x6b3343cf];

export function readDatagrams(datagrams: readonly Datagram[], ciphers: InitialCiphers): void {
  const reader = createInitialReader(ciphers);
  let result: QuicResult = { status: "more" };
  for (const [index, { bytes, isCut }] of datagrams.entries()) {
    ensure(index < MAX_DATAGRAMS, () => `still reading after ${index} datagrams`);
    result = reader.push(bytes, isCut);
    ensure(reader.attempts() <= MAX_ATTEMPTS, () => `${reader.attempts()} decryptions`);
    if (result.status !== "more") break;
  }
  if (result.status !== "complete") return;
  const { hello, version } = result;
  ensureSafeHello(hello);
  ensure(VERSIONS.includes(version), () => `version ${version}`);
}

/** Two bytes of length, then the datagram; the top bit of the length tells that it was cut. */
export function splitDatagrams(input: Uint8Array, limit: number): Datagram[] {
  const datagrams: Datagram[] = [];
  for (let at = 0; at + 2 <= input.length && datagrams.length < limit; ) {
    const field = ((input[at] ?? 0) << 8) | (input[at + 1] ?? 0);
    const length = field & 0x7fff;
    datagrams.push({ bytes: input.subarray(at + 2, at + 2 + length), isCut: field > 0x7fff });
    at += 2 + length;
  }
  return datagrams;
}
