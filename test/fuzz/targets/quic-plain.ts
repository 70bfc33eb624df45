/**
 * A client's QUIC datagrams where nothing is encrypted (toy-ciphers.ts stands in
 * for the cryptography): headers, coalesced packets, ids, tokens and frames are
 * all mutation's to change.
 */
import { encodeHello } from "../../unit/support/encode-hello.ts";
import { ackFrame, cryptoFrame, joinBytes, QUIC_V1, QUIC_V2, varint } from "../../unit/support/encode-quic.ts";
import type { FuzzTarget } from "../engine/fuzz-target.ts";
import { readDatagrams, splitDatagrams } from "../engine/read-datagrams.ts";
import { TAG_BYTES, toyCiphers, toyKey } from "../engine/toy-ciphers.ts";

const MAX_DATAGRAMS = 20;
/** First bytes of the salts of RFC 9001 section 5.2 and RFC 9369 section 3.3.1, by version. */
const SALT_BYTES: Readonly<Record<number, number>> = { [QUIC_V1]: 0x38, [QUIC_V2]: 0x0d };

const run = (input: Uint8Array): void => readDatagrams(splitDatagrams(input, MAX_DATAGRAMS), toyCiphers);

/** An Initial as toy-ciphers opens it; `keyLength`: of the id that gave the key. */
function plainInitial(version: number, id: Uint8Array, frames: Uint8Array, keyLength = id.length): Uint8Array {
  const tag = new Uint8Array(TAG_BYTES).fill(toyKey(keyLength, SALT_BYTES[version] ?? 0));
  const first = version === QUIC_V1 ? 0xc1 : 0xd1;
  const versionBytes = [version >> 24, version >> 16, version >> 8, version].map((byte) => byte & 0xff);
  const rest = joinBytes(new Uint8Array([0, 3]), frames, tag);
  return joinBytes(
    new Uint8Array([first, ...versionBytes, id.length, ...id, 1, 0x77, 2, 0xaa, 0xbb]),
    varint(rest.length, 2),
    rest,
  );
}

const datagram = (...packets: readonly Uint8Array[]): Uint8Array => {
  const bytes = joinBytes(...packets);
  return joinBytes(new Uint8Array([bytes.length >> 8, bytes.length & 0xff]), bytes);
};

/** More connections than are kept, then packets that none of their keys opens: each is tried with all. */
function manyConnections(): Uint8Array {
  const ping = new Uint8Array([1, 0, 0, 0]);
  const ofLength = (length: number): Uint8Array => plainInitial(QUIC_V1, new Uint8Array(length).fill(7), ping);
  const foreign = plainInitial(QUIC_V1, new Uint8Array([5]), ping, 90);
  const row = datagram(...Array.from({ length: 8 }, () => foreign));
  return joinBytes(datagram(...[2, 3, 4, 5, 6, 8].map(ofLength)), row, row);
}

function seeds(): Uint8Array[] {
  const hello = encodeHello({ serverName: "quic.example", alpn: ["h3"], cipherSuites: [0x1301] });
  const [front, back] = [hello.subarray(0, 60), hello.subarray(60)];
  const id = new Uint8Array([1, 2, 3, 4, 5, 6, 7, 8]);
  const other = new Uint8Array([9, 9]);
  const whole = cryptoFrame(0, hello);
  const acked = joinBytes(ackFrame(5, [[1, 1]]), cryptoFrame(60, back));
  const handshake = new Uint8Array([0xe0, 0, 0, 0, 1, 0, 0, 0x40, 5, 1, 2, 3, 4, 5]);
  const opaque = new Uint8Array([0xff, 0xfa, 0xce, 0, 0, 0, 0, 1]);
  return [
    datagram(plainInitial(QUIC_V1, id, whole)),
    datagram(plainInitial(QUIC_V2, id, whole)),
    joinBytes(
      datagram(plainInitial(QUIC_V1, id, cryptoFrame(0, front))),
      datagram(plainInitial(QUIC_V1, other, acked, 8)),
    ),
    joinBytes(datagram(plainInitial(QUIC_V1, id, cryptoFrame(0, front))), datagram(plainInitial(QUIC_V2, id, acked))),
    datagram(
      handshake,
      plainInitial(QUIC_V1, other, cryptoFrame(60, back)),
      plainInitial(QUIC_V1, other, cryptoFrame(0, front)),
    ),
    joinBytes(...Array.from({ length: MAX_DATAGRAMS }, () => datagram(plainInitial(QUIC_V1, id, new Uint8Array(4))))),
    joinBytes(...Array.from({ length: 6 }, () => datagram(handshake))),
    datagram(opaque, new Uint8Array(10)),
    datagram(opaque, new Uint8Array(1200)),
    manyConnections(),
  ];
}

export const target: FuzzTarget = { name: "quic-plain", maxBytes: 1300, seeds, run };
