/**
 * Keys of a client's Initial packets (RFC 9001 section 5.2, RFC 9369 section 3.3):
 * anyone who saw the first packet can derive them, which is how a name is read
 * without taking part in the connection.
 */
import type { InitialCiphers } from "./initial-ciphers.ts";

export interface InitialKeys {
  readonly key: Uint8Array;
  readonly iv: Uint8Array;
  readonly headerProtection: Uint8Array;
}

export const QUIC_VERSION = { v1: 0x00000001, v2: 0x6b3343cf } as const;

interface VersionRules {
  readonly salt: Uint8Array;
  /** In front of "key", "iv" and "hp" in the labels. */
  readonly labelPrefix: string;
  /** The two type bits of a long header that mean Initial. */
  readonly initialType: number;
}

const bytesOf = (...bytes: readonly number[]): Uint8Array => Uint8Array.from(bytes);

const RULES: ReadonlyMap<number, VersionRules> = new Map([
  [
    QUIC_VERSION.v1,
    {
      // RFC 9001 section 5.2
      salt: bytesOf(
        ...[0x38, 0x76, 0x2c, 0xf7, 0xf5, 0x59, 0x34, 0xb3, 0x4d, 0x17],
        ...[0x9a, 0xe6, 0xa4, 0xc8, 0x0c, 0xad, 0xcc, 0xbb, 0x7f, 0x0a],
      ),
      labelPrefix: "quic ",
      initialType: 0b00,
    },
  ],
  [
    QUIC_VERSION.v2,
    {
      // RFC 9369 section 3.3.1
      salt: bytesOf(
        ...[0x0d, 0xed, 0xe3, 0xde, 0xf7, 0x00, 0xa6, 0xdb, 0x81, 0x93],
        ...[0x81, 0xbe, 0x6e, 0x26, 0x9d, 0xcb, 0xf9, 0xbd, 0x2e, 0xd9],
      ),
      labelPrefix: "quicv2 ",
      initialType: 0b01,
    },
  ],
]);

const SECRET_BYTES = 32;
const KEY_BYTES = 16;
const IV_BYTES = 12;

export const isKnownVersion = (version: number): boolean => RULES.has(version);

/** RFC 9000 section 17.2.2, RFC 9369 section 3.2. */
export const isInitial = (version: number, firstByte: number): boolean =>
  RULES.get(version)?.initialType === ((firstByte >> 4) & 0b11);

/**
 * HKDF-Expand-Label of RFC 8446 section 7.1 with an empty context. Never more
 * than the 32 bytes of one hash, so the first round of RFC 5869 section 2.3 is all.
 */
function expandLabel(ciphers: InitialCiphers, secret: Uint8Array, label: string, length: number): Uint8Array {
  const full = `tls13 ${label}`;
  const info = new Uint8Array(full.length + 5);
  info[1] = length;
  info[2] = full.length;
  for (let index = 0; index < full.length; index += 1) info[3 + index] = full.charCodeAt(index);
  info[info.length - 1] = 1; // the round
  return ciphers.hmacSha256(secret, info).subarray(0, length);
}

/** undefined: a version we have no rules for. */
export function deriveClientKeys(
  ciphers: InitialCiphers,
  version: number,
  destinationId: Uint8Array,
): InitialKeys | undefined {
  const rules = RULES.get(version);
  if (rules === undefined) return undefined;
  const initialSecret = ciphers.hmacSha256(rules.salt, destinationId);
  const secret = expandLabel(ciphers, initialSecret, "client in", SECRET_BYTES);
  return {
    key: expandLabel(ciphers, secret, `${rules.labelPrefix}key`, KEY_BYTES),
    iv: expandLabel(ciphers, secret, `${rules.labelPrefix}iv`, IV_BYTES),
    headerProtection: expandLabel(ciphers, secret, `${rules.labelPrefix}hp`, KEY_BYTES),
  };
}
