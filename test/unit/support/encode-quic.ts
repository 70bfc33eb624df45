/**
 * Writes QUIC packets of any shape, for tests. With Node's own cryptography,
 * so that what reads them has a second opinion.
 */
import { createCipheriv, createHmac } from "node:crypto";

export const QUIC_V1 = 0x00000001;
export const QUIC_V2 = 0x6b3343cf;
/** RFC 9000 section 14.1. */
export const MIN_DATAGRAM_BYTES = 1200;

export interface InitialFields {
  readonly version?: number;
  readonly destinationId: Uint8Array;
  /** The destination id of the first packet, from which keys come; else destinationId. */
  readonly keyId?: Uint8Array;
  readonly sourceId?: Uint8Array;
  readonly token?: Uint8Array;
  readonly packetNumber?: number;
  /** 1 to 4. */
  readonly numberBytes?: number;
  readonly frames: Uint8Array;
  /** RFC 9287: a client that may hides the fixed bit. */
  readonly hasFixedBit?: boolean;
  /** Whose keys seal it. */
  readonly side?: "client" | "server";
  /** The packet gets PADDING frames until it is so long. */
  readonly minBytes?: number;
}

const RULES: Readonly<
  Record<number, { readonly salt: string; readonly prefix: string; readonly initialBits: number }>
> = {
  [QUIC_V1]: { salt: "38762cf7f55934b34d179ae6a4c80cadccbb7f0a", prefix: "quic ", initialBits: 0x00 },
  [QUIC_V2]: { salt: "0dede3def700a6db819381be6e269dcbf9bd2ed9", prefix: "quicv2 ", initialBits: 0x10 },
};

export function joinBytes(...parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}

/** RFC 9000 section 16, in the shortest form or of the given length. */
export function varint(value: number, byteCount?: 1 | 2 | 4 | 8): Uint8Array {
  const length = byteCount ?? (value < 64 ? 1 : value < 16_384 ? 2 : value < 2 ** 30 ? 4 : 8);
  const bytes = new Uint8Array(length);
  let rest = value;
  for (let index = length - 1; index >= 0; index -= 1) {
    bytes[index] = rest % 256;
    rest = Math.floor(rest / 256);
  }
  bytes[0] = (bytes[0] ?? 0) | ({ 1: 0x00, 2: 0x40, 4: 0x80, 8: 0xc0 } as const)[length];
  return bytes;
}

const hmac = (key: Uint8Array, ...parts: readonly Uint8Array[]): Buffer =>
  parts.reduce((hash, part) => hash.update(part), createHmac("sha256", key)).digest();

/** One block of HKDF-Expand is enough: nothing here is longer than a hash. */
function expandLabel(secret: Uint8Array, label: string, length: number): Buffer {
  const full = Buffer.from(`tls13 ${label}`);
  const info = Buffer.concat([Buffer.from([0, length, full.length]), full, Buffer.from([0])]);
  return hmac(secret, info, Buffer.from([1])).subarray(0, length);
}

export interface PacketKeys {
  readonly key: Buffer;
  readonly iv: Buffer;
  readonly headerProtection: Buffer;
}

/** RFC 9001 section 5.2. */
export function initialKeys(version: number, keyId: Uint8Array, side: "client" | "server" = "client"): PacketKeys {
  const rules = RULES[version];
  if (rules === undefined) throw new Error(`no rules for version ${version}`);
  const secret = expandLabel(hmac(Buffer.from(rules.salt, "hex"), keyId), `${side} in`, 32);
  return {
    key: expandLabel(secret, `${rules.prefix}key`, 16),
    iv: expandLabel(secret, `${rules.prefix}iv`, 12),
    headerProtection: expandLabel(secret, `${rules.prefix}hp`, 16),
  };
}

function numberOf(packetNumber: number, byteCount: number): Uint8Array {
  const bytes = new Uint8Array(byteCount);
  let rest = packetNumber;
  for (let index = byteCount - 1; index >= 0; index -= 1) {
    bytes[index] = rest % 256;
    rest = Math.floor(rest / 256);
  }
  return bytes;
}

function protect(header: Uint8Array, numberBytes: number, sealed: Uint8Array, keys: PacketKeys): Uint8Array {
  const packet = joinBytes(header, sealed);
  const numberAt = header.length - numberBytes;
  const cipher = createCipheriv("aes-128-ecb", keys.headerProtection, null).setAutoPadding(false);
  const mask = cipher.update(packet.subarray(numberAt + 4, numberAt + 20));
  packet[0] = (packet[0] ?? 0) ^ ((mask[0] ?? 0) & 0x0f);
  for (let index = 0; index < numberBytes; index += 1) {
    packet[numberAt + index] = (packet[numberAt + index] ?? 0) ^ (mask[1 + index] ?? 0);
  }
  return packet;
}

const withLength = (bytes: Uint8Array): Uint8Array => joinBytes(Uint8Array.of(bytes.length), bytes);

/** One protected Initial packet. */
export function sealInitial(fields: InitialFields): Uint8Array {
  const { version = QUIC_V1, destinationId, keyId = destinationId, packetNumber = 0, numberBytes = 4 } = fields;
  const { sourceId = new Uint8Array(0), token = new Uint8Array(0), minBytes = 0 } = fields;
  const { hasFixedBit = true, side = "client" } = fields;
  const keys = initialKeys(version, keyId, side);
  const versionBytes = numberOf(version, 4);
  const front = joinBytes(
    Uint8Array.of(0x80 | (hasFixedBit ? 0x40 : 0) | (RULES[version]?.initialBits ?? 0) | (numberBytes - 1)),
    versionBytes,
    withLength(destinationId),
    withLength(sourceId),
    varint(token.length),
    token,
  );
  // The length takes two bytes always, as everyone writes it; a payload must leave room for the sample.
  const fixedBytes = front.length + 2 + numberBytes + 16;
  const frames = new Uint8Array(Math.max(fields.frames.length, minBytes - fixedBytes, 4));
  frames.set(fields.frames);
  const header = joinBytes(
    front,
    varint(numberBytes + frames.length + 16, 2),
    numberOf(packetNumber, 8).slice(8 - numberBytes),
  );
  const nonce = Buffer.from(keys.iv);
  for (const [index, byte] of numberOf(packetNumber, 12).entries()) nonce[index] = (nonce[index] ?? 0) ^ byte;
  const cipher = createCipheriv("aes-128-gcm", keys.key, nonce).setAAD(header);
  const sealed = Buffer.concat([cipher.update(frames), cipher.final(), cipher.getAuthTag()]);
  return protect(header, numberBytes, sealed, keys);
}

/** A long header packet whose keys nobody here has: 0-RTT or Handshake of version 1, or any type bits. */
export function opaquePacket(
  typeBits: number,
  destinationId: Uint8Array,
  payloadBytes = 60,
  version = QUIC_V1,
): Uint8Array {
  return joinBytes(
    Uint8Array.of(0xc0 | (typeBits << 4)),
    numberOf(version, 4),
    withLength(destinationId),
    withLength(Uint8Array.of(1, 2, 3, 4)),
    varint(payloadBytes, 2),
    new Uint8Array(payloadBytes).fill(0xa7),
  );
}

// Frames, RFC 9000 section 19.
export const cryptoFrame = (offset: number, data: Uint8Array): Uint8Array =>
  joinBytes(Uint8Array.of(0x06), varint(offset), varint(data.length), data);

export const paddingFrames = (count: number): Uint8Array => new Uint8Array(count);
export const pingFrame = (): Uint8Array => Uint8Array.of(0x01);

/** `ranges`: gap and length pairs behind the first range. */
export function ackFrame(
  largest: number,
  ranges: readonly (readonly [number, number])[] = [],
  hasEcn = false,
): Uint8Array {
  const rest = ranges.flatMap(([gap, length]) => [varint(gap), varint(length)]);
  const counts = hasEcn ? [varint(1), varint(2), varint(3)] : [];
  return joinBytes(
    Uint8Array.of(hasEcn ? 0x03 : 0x02),
    varint(largest),
    varint(20),
    varint(ranges.length),
    varint(0),
    ...rest,
    ...counts,
  );
}

export const closeFrame = (reason: string): Uint8Array =>
  joinBytes(Uint8Array.of(0x1c), varint(0x0a), varint(0x06), varint(reason.length), new TextEncoder().encode(reason));

/** Pieces of a message as they lie in it; `cuts` are offsets between them. */
export function cutAt(
  message: Uint8Array,
  cuts: readonly number[],
): { readonly offset: number; readonly data: Uint8Array }[] {
  const edges = [0, ...cuts.filter((cut) => cut > 0 && cut < message.length).sort((a, b) => a - b), message.length];
  return edges.slice(1).map((end, index) => {
    const offset = edges[index] ?? 0;
    return { offset, data: message.subarray(offset, end) };
  });
}

/** A hello as the datagrams an ordinary client sends: one padded Initial for each `bytesEach` of it. */
export function helloDatagrams(
  hello: Uint8Array,
  options: Omit<InitialFields, "frames" | "packetNumber"> & {
    readonly bytesEach?: number;
    readonly firstNumber?: number;
  },
): Uint8Array[] {
  const { bytesEach = 1100, firstNumber = 0, ...rest } = options;
  const cuts = Array.from({ length: Math.ceil(hello.length / bytesEach) - 1 }, (_, index) => (index + 1) * bytesEach);
  return cutAt(hello, cuts).map(({ offset, data }, index) =>
    sealInitial({
      minBytes: MIN_DATAGRAM_BYTES,
      ...rest,
      packetNumber: firstNumber + index,
      frames: cryptoFrame(offset, data),
    }),
  );
}
