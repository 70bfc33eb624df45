/**
 * Ciphers for where cryptography would only be in the way: nothing is hidden,
 * and a packet opens if its last byte fits the key. So mutation reaches what
 * lies behind the encryption, a hundred times as often.
 */
import type { InitialCiphers } from "../../../src/core/protocol/quic/initial-ciphers.ts";

const HASH_BYTES = 32;
const BLOCK_BYTES = 16;
export const TAG_BYTES = 16;
/** Of the salts of RFC 9001 and RFC 9369; other keys are secrets. */
const SALT_BYTES = 20;

/** The length of a connection id and the version's salt make the key: enough for some keys to fit and others not. */
export const toyKey = (idLength: number, saltByte: number): number => (idLength * 2 + (saltByte & 1) * 64) & 0xff;

export const toyCiphers: InitialCiphers = {
  /** A secret goes on as it is, so that every key of a connection is the one its id gave. */
  hmacSha256: (key, data) =>
    new Uint8Array(HASH_BYTES).fill(key.length === SALT_BYTES ? toyKey(data.length, key[0] ?? 0) : (key[0] ?? 0)),
  /** No mask: header and packet number stay as they are. */
  encryptAes128Block: () => new Uint8Array(BLOCK_BYTES),
  openAes128Gcm: (key, _nonce, _associated, sealed) =>
    sealed.length < TAG_BYTES || sealed.at(-1) !== key[0] ? undefined : sealed.slice(0, -TAG_BYTES),
};
