// @ts-check
/** An ECHConfigList (RFC 9849 section 4) with one real key, for the `ech` parameter of an HTTPS record. */
import { generateKeyPairSync } from "node:crypto";

const VERSION = 0xfe0d;
const DHKEM_X25519 = 0x0020;
const RAW_KEY_BYTES = 32;

/** @param {number} value */
const uint16 = (value) => Buffer.from([value >> 8, value & 0xff]);
/** @param {Buffer} bytes */
const block16 = (bytes) => Buffer.concat([uint16(bytes.length), bytes]);

/** @param {string} publicName the name a hello shows to everybody */
export function echConfigList(publicName) {
  const key = generateKeyPairSync("x25519").publicKey.export({ type: "spki", format: "der" }).subarray(-RAW_KEY_BYTES);
  const suite = Buffer.from([0, 1, 0, 1]); // HKDF-SHA256, AES-128-GCM
  const keyConfig = [Buffer.from([7]), uint16(DHKEM_X25519), block16(key), block16(suite)];
  const name = Buffer.concat([Buffer.from([0, publicName.length]), Buffer.from(publicName)]);
  const contents = Buffer.concat([...keyConfig, name, uint16(0)]);
  return block16(Buffer.concat([uint16(VERSION), block16(contents)]));
}
