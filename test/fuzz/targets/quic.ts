/**
 * A client's QUIC datagrams. Bytes that are not encrypted as they should be get
 * no further than the header, so the input is what gets encrypted: packets with
 * frames of any content. With a first byte of 0 the datagrams are raw. See
 * quic-plain.ts for the same without cryptography.
 */
import { nodeCiphers } from "../../../src/engine/node-ciphers.ts";
import { encodeHello } from "../../unit/support/encode-hello.ts";
import {
  ackFrame,
  cryptoFrame,
  joinBytes,
  opaquePacket,
  QUIC_V1,
  QUIC_V2,
  sealInitial,
} from "../../unit/support/encode-quic.ts";
import type { FuzzTarget } from "../engine/fuzz-target.ts";
import { type Datagram, readDatagrams, splitDatagrams } from "../engine/read-datagrams.ts";
import { bytesOfHex, hexFixture } from "../engine/seed-files.ts";

const IDS = ["8394c8f03e515708", "", "0102030405060708090a0b0c0d0e0f1011121314", "aa"].map(bytesOfHex);
/** In the control byte of a packet; the two top bits are its destination id. */
const CONTROL = { isV2: 1, isSameDatagram: 2, hasFirstKeys: 4, isOpaque: 8, isDamaged: 16, isCut: 32 } as const;
const PACKET_HEAD = 3;
/** Each packet costs some 100 us; five show what many do. */
const MAX_PACKETS = 5;

/** A control byte, a packet number, how many bytes of frames follow. */
function sealPacket(control: number, packetNumber: number, frames: Uint8Array): Uint8Array {
  const destinationId = IDS[control >> 6] ?? new Uint8Array(0);
  const version = (control & CONTROL.isV2) === 0 ? QUIC_V1 : QUIC_V2;
  if ((control & CONTROL.isOpaque) !== 0) return opaquePacket(packetNumber & 3, destinationId, frames.length, version);
  const keyId = (control & CONTROL.hasFirstKeys) === 0 ? destinationId : (IDS[0] ?? destinationId);
  const numberBytes = 1 + (packetNumber & 3);
  const packet = sealInitial({ version, destinationId, keyId, packetNumber, numberBytes, frames });
  const last = packet.length - 1;
  if ((control & CONTROL.isDamaged) !== 0) packet[last] = (packet[last] ?? 0) ^ 1;
  return packet;
}

function sealedDatagrams(input: Uint8Array): Datagram[] {
  const datagrams: Datagram[] = [];
  let at = 1;
  for (let count = 0; count < MAX_PACKETS && at + PACKET_HEAD <= input.length; count += 1) {
    const [control = 0, packetNumber = 0, length = 0] = input.subarray(at, at + PACKET_HEAD);
    const packet = sealPacket(control, packetNumber, input.subarray(at + PACKET_HEAD, at + PACKET_HEAD + length));
    const before = (control & CONTROL.isSameDatagram) === 0 ? undefined : datagrams.pop();
    const bytes = before === undefined ? packet : joinBytes(before.bytes, packet);
    datagrams.push({ bytes, isCut: (control & CONTROL.isCut) !== 0 });
    at += PACKET_HEAD + length;
  }
  return datagrams;
}

function run(input: Uint8Array): void {
  readDatagrams(input[0] === 0 ? splitDatagrams(input.subarray(1), MAX_PACKETS) : sealedDatagrams(input), nodeCiphers);
}

/** One packet as sealedDatagrams reads it. */
const plan = (control: number, packetNumber: number, frames: Uint8Array): number[] => [
  control,
  packetNumber,
  frames.length,
  ...frames,
];

function seeds(): Uint8Array[] {
  const hello = encodeHello({ serverName: "quic.example", alpn: ["h3"] });
  const [front, back] = [hello.subarray(0, 90), hello.subarray(90)];
  const inOne = plan(0, 0, cryptoFrame(0, hello.subarray(0, 240)));
  const turned = [...plan(0, 0, cryptoFrame(90, back)), ...plan(CONTROL.isSameDatagram, 1, cryptoFrame(0, front))];
  const otherId = [
    ...plan(0, 0, cryptoFrame(0, front)),
    ...plan(CONTROL.hasFirstKeys | 0x80, 5, joinBytes(ackFrame(3, [[1, 2]], true), cryptoFrame(90, back))),
  ];
  const v2 = plan(CONTROL.isV2, 2, joinBytes(new Uint8Array(3), cryptoFrame(0, hello.subarray(0, 240))));
  const around = [
    ...plan(CONTROL.isOpaque, 2, new Uint8Array(40)),
    ...plan(CONTROL.isSameDatagram, 0, cryptoFrame(0, front)),
  ];
  const sealed = [inOne, turned, otherId, v2, around].map((bytes) => new Uint8Array([1, ...bytes]));
  const raw = ["quic/rfc9001-client-initial.hex", "quic/rfc9369-client-initial.hex"]
    .flatMap(hexFixture)
    .map((bytes) => new Uint8Array([0, bytes.length >> 8, bytes.length & 0xff, ...bytes]));
  return [...sealed, ...raw];
}

export const target: FuzzTarget = { name: "quic", maxBytes: 1300, seeds, run };
