/**
 * The first handshake message of a TLS client (RFC 8446 section 4.1.2, the
 * same shape since TLS 1.0) -> the name it wants to talk to.
 */
import { type ByteCursor, createCursor, readBlock, readUint, remaining, skip } from "../byte-cursor.ts";
import { escapeNameByte } from "../dns/read-name.ts";

export interface ClientHello {
  /** server_name, lower case without trailing dot; null: none given. */
  readonly serverName: string | null;
  readonly alpn: readonly string[];
  /** An encrypted ClientHello is inside (RFC 9849); browsers also send fakes, so this proves nothing. */
  readonly hasEch: boolean;
  readonly legacyVersion: number;
}

const EXTENSION = { serverName: 0, alpn: 16, encryptedClientHello: 0xfe0d } as const;
const HANDSHAKE_CLIENT_HELLO = 1;
const NAME_TYPE_HOST = 0;
/** DNS names are at most 253 characters (RFC 1035 section 2.3.4). */
const MAX_NAME_BYTES = 255;
/** Browsers send about 18; a 16 KiB hello could hold 4,096 empty ones. */
const MAX_EXTENSIONS = 256;
const MAX_PROTOCOLS = 32;

const isAddressLiteral = (name: string): boolean => /^\d+(\.\d+){3}$/.test(name);

function nameText({ bytes, offset, end }: ByteCursor): string | null {
  if (end - offset > MAX_NAME_BYTES) return null;
  let text = "";
  for (let index = offset; index < end; index += 1) {
    const byte = bytes[index] ?? 0;
    text += byte === 0x2e ? "." : escapeNameByte(byte);
  }
  if (text.endsWith(".")) text = text.slice(0, -1);
  // RFC 6066 section 3: literal addresses are not permitted; those who send them have no name to tell.
  return text === "" || isAddressLiteral(text) || text.includes("\\058") ? null : text;
}

/** RFC 6066 section 3: a list of names, of which only one of type host_name may exist. undefined: malformed. */
function readServerName(extension: ByteCursor): string | null | undefined {
  if (remaining(extension) === 0) return null; // as servers send it
  const list = readBlock(extension, 2);
  if (list === undefined) return undefined;
  const type = readUint(list, 1);
  const name = readBlock(list, 2);
  if (type === undefined || name === undefined) return undefined;
  return type === NAME_TYPE_HOST ? nameText(name) : null;
}

/** Protocol names are bytes ("h2"); unusual ones are escaped like names. undefined: malformed. */
function readAlpn(extension: ByteCursor): readonly string[] | undefined {
  const list = readBlock(extension, 2);
  if (list === undefined) return undefined;
  const protocols: string[] = [];
  while (remaining(list) > 0 && protocols.length < MAX_PROTOCOLS) {
    const protocol = readBlock(list, 1);
    if (protocol === undefined) return undefined;
    let text = "";
    for (let index = protocol.offset; index < protocol.end; index += 1) {
      const byte = protocol.bytes[index] ?? 0;
      text += byte > 0x20 && byte < 0x7f && byte !== 0x5c ? String.fromCharCode(byte) : escapeNameByte(byte);
    }
    protocols.push(text);
  }
  return protocols;
}

interface Extensions {
  serverName: string | null;
  alpn: readonly string[];
  hasEch: boolean;
}

/** RFC 8446 section 4.2. undefined: malformed. */
function readExtensions(list: ByteCursor): Extensions | undefined {
  const found: Extensions = { serverName: null, alpn: [], hasEch: false };
  for (let count = 0; count < MAX_EXTENSIONS && remaining(list) > 0; count += 1) {
    const type = readUint(list, 2);
    const data = readBlock(list, 2);
    if (type === undefined || data === undefined) return undefined;
    if (type === EXTENSION.encryptedClientHello) found.hasEch = true;
    if (type === EXTENSION.serverName) {
      const serverName = readServerName(data);
      if (serverName === undefined) return undefined;
      found.serverName = serverName;
    }
    if (type === EXTENSION.alpn) {
      const alpn = readAlpn(data);
      if (alpn === undefined) return undefined;
      found.alpn = alpn;
    }
  }
  return found;
}

/** A whole handshake message, header included. undefined: not a ClientHello, or malformed. */
export function parseClientHello(message: Uint8Array): ClientHello | undefined {
  const header = createCursor(message);
  if (readUint(header, 1) !== HANDSHAKE_CLIENT_HELLO) return undefined;
  const body = readBlock(header, 3);
  if (body === undefined) return undefined;
  const legacyVersion = readUint(body, 2);
  const random = skip(body, 32);
  const sessionId = readBlock(body, 1);
  const cipherSuites = readBlock(body, 2);
  const compression = readBlock(body, 1);
  if (legacyVersion === undefined || random === undefined || sessionId === undefined) return undefined;
  if (cipherSuites === undefined || compression === undefined) return undefined;
  // Extensions are optional before TLS 1.3.
  if (remaining(body) === 0) return { serverName: null, alpn: [], hasEch: false, legacyVersion };
  const list = readBlock(body, 2);
  const extensions = list === undefined ? undefined : readExtensions(list);
  return extensions === undefined ? undefined : { ...extensions, legacyVersion };
}
