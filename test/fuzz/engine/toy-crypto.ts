/**
 * Stands in for @noble/ciphers and @noble/hashes where cryptography would only
 * be in the way (scripts/fuzz/build-target.mjs): the same functions, nothing is
 * hidden, and a packet opens if its last byte fits the key. So mutation reaches
 * what lies behind the encryption, a hundred times as often.
 */
const HASH_BYTES = 32;
export const TAG_BYTES = 16;

export const sha256 = "sha256";

/** The length of a connection id and the version's salt make the key: enough for some keys to fit and others not. */
export function extract(_hash: unknown, secret: Uint8Array, salt: Uint8Array): Uint8Array {
  return new Uint8Array(HASH_BYTES).fill(toyKey(secret.length, salt[0] ?? 0));
}

export const toyKey = (idLength: number, saltByte: number): number => (idLength * 2 + (saltByte & 1) * 64) & 0xff;

export const expand = (_hash: unknown, secret: Uint8Array, _info: Uint8Array, length: number): Uint8Array =>
  new Uint8Array(length).fill(secret[0] ?? 0);

/** No mask: header and packet number stay as they are. */
export const ecb = (_key: Uint8Array, _options: unknown) => ({
  encrypt: (block: Uint8Array): Uint8Array => new Uint8Array(block.length),
});

export const gcm = (key: Uint8Array, _nonce: Uint8Array, _associated: Uint8Array) => ({
  decrypt: (sealed: Uint8Array): Uint8Array => {
    if (sealed.length < TAG_BYTES || sealed.at(-1) !== key[0]) throw new Error("the tag does not fit");
    return sealed.slice(0, -TAG_BYTES);
  },
});
