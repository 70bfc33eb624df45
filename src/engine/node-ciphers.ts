/** OpenSSL's ciphers (BoringSSL's in Electron) for the names in QUIC connections. */
import { createCipheriv, createDecipheriv, createHmac } from "node:crypto";
import type { InitialCiphers } from "../core/protocol/quic/initial-ciphers.ts";

const TAG_BYTES = 16;

/** A Buffer's `slice` is no copy, which whoever was promised a Uint8Array does not expect. */
const plain = ({ buffer, byteOffset, length }: Buffer): Uint8Array => new Uint8Array(buffer, byteOffset, length);

function openAes128Gcm(key: Uint8Array, nonce: Uint8Array, associated: Uint8Array, sealed: Uint8Array) {
  const decipher = createDecipheriv("aes-128-gcm", key, nonce, { authTagLength: TAG_BYTES });
  decipher.setAAD(associated);
  decipher.setAuthTag(sealed.subarray(-TAG_BYTES));
  const opened = decipher.update(sealed.subarray(0, -TAG_BYTES));
  try {
    decipher.final();
    return plain(opened);
  } catch {
    return undefined; // a wrong tag is its only way to say no; other keys may fit
  }
}

export const nodeCiphers: InitialCiphers = {
  hmacSha256: (key, data) => plain(createHmac("sha256", key).update(data).digest()),
  encryptAes128Block: (key, block) => plain(createCipheriv("aes-128-ecb", key, null).update(block)),
  openAes128Gcm,
};
