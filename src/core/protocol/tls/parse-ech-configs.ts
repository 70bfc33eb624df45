/** ECHConfigList (RFC 9849 section 4) -> the public names that hide the real ones. */
import { type ByteCursor, createCursor, readBlock, readUint, remaining, skip } from "../byte-cursor.ts";
import { readHostName } from "../host-name.ts";

const VERSION_ECH = 0xfe0d;
/** Providers publish one to three. */
const MAX_CONFIGS = 64;

/** ECHConfigContents; null: no name in it that a client may use. undefined: malformed. */
function readPublicName(contents: ByteCursor): string | null | undefined {
  // HpkeKeyConfig: config_id, kem_id, public_key, cipher_suites; then maximum_name_length.
  if (skip(contents, 3) === undefined) return undefined;
  const publicKey = readBlock(contents, 2);
  const cipherSuites = readBlock(contents, 2);
  const maximumNameLength = readUint(contents, 1);
  const name = readBlock(contents, 1);
  const extensions = readBlock(contents, 2);
  if (publicKey === undefined || cipherSuites === undefined || maximumNameLength === undefined) return undefined;
  if (name === undefined || extensions === undefined) return undefined;
  return readHostName(name.bytes, name.offset, name.end) ?? null;
}

/** Distinct public names in their order; configurations of other versions are passed over. undefined: malformed. */
export function parseEchConfigs(bytes: Uint8Array): readonly string[] | undefined {
  const list = readBlock(createCursor(bytes), 2);
  if (list === undefined) return undefined;
  const names = new Set<string>();
  for (let count = 0; count < MAX_CONFIGS && remaining(list) > 0; count += 1) {
    const version = readUint(list, 2);
    const contents = readBlock(list, 2);
    if (version === undefined || contents === undefined) return undefined;
    if (version !== VERSION_ECH) continue;
    const name = readPublicName(contents);
    if (name === undefined) return undefined;
    if (name !== null) names.add(name);
  }
  return [...names];
}
