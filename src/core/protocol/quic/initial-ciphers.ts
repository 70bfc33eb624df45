/** The cryptography that opening Initial packets needs (RFC 9001 section 5); the shells pass in their platform's. */
export interface InitialCiphers {
  /** HMAC-SHA256 (RFC 2104): 32 bytes. */
  readonly hmacSha256: (key: Uint8Array, data: Uint8Array) => Uint8Array;
  /** One block of 16 bytes under a key of 16. */
  readonly encryptAes128Block: (key: Uint8Array, block: Uint8Array) => Uint8Array;
  /** AES-128-GCM; the last 16 bytes of `sealed` are the tag. undefined: it does not fit. */
  readonly openAes128Gcm: (
    key: Uint8Array,
    nonce: Uint8Array,
    associated: Uint8Array,
    sealed: Uint8Array,
  ) => Uint8Array | undefined;
}
