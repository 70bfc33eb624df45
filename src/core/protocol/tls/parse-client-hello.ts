/**
 * The first handshake message of a TLS client (RFC 8446 section 4.1.2, the
 * same shape since TLS 1.0) -> the name it wants to talk to.
 */
import { type ByteCursor, createCursor, readBlock, readUint, remaining, skip } from "../byte-cursor.ts";
import { escapeNameByte } from "../dns/read-name.ts";
import { readHostName } from "../host-name.ts";

export interface ClientHello {
  /** server_name, lower case without trailing dot; null: none given. */
  readonly serverName: string | null;
  readonly alpn: readonly string[];
  /** An encrypted ClientHello is inside (RFC 9849); browsers also send fakes, so this proves nothing. */
  readonly hasEch: boolean;
  /** outer: what everyone sends, real or fake. inner: a hello that was itself inside another. null: no ECH, or neither. */
  readonly ech: "outer" | "inner" | null;
  readonly legacyVersion: number;
  /** Highest of supported_versions (0x0304 is TLS 1.3); without that extension the same as legacyVersion. */
  readonly highestVersion: number;
}

const EXTENSION = { serverName: 0, alpn: 16, supportedVersions: 43, encryptedClientHello: 0xfe0d } as const;
const HANDSHAKE_CLIENT_HELLO = 1;
const NAME_TYPE_HOST = 0;
/** Browsers send about 18; a 16 KiB hello could hold 4,096 empty ones. */
const MAX_EXTENSIONS = 256;
const MAX_PROTOCOLS = 32;

/** RFC 6066 section 3: literal addresses are not permitted; those who send them have no name to tell. */
const nameText = ({ bytes, offset, end }: ByteCursor): string | null => readHostName(bytes, offset, end) ?? null;

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

/** RFC 9849 section 5: ECHClientHelloType. */
function readEchType(extension: ByteCursor): "outer" | "inner" | null {
  const type = readUint(extension, 1);
  if (type === 0) return "outer";
  return type === 1 ? "inner" : null;
}

/** RFC 8701 section 2: values sent only so that servers learn to pass over what they do not know. */
const isGrease = (value: number): boolean => (value & 0x0f0f) === 0x0a0a && value >> 8 === (value & 0xff);

/** RFC 8446 section 4.2.1. undefined: malformed. */
function readHighestVersion(extension: ByteCursor): number | undefined {
  const list = readBlock(extension, 1);
  if (list === undefined) return undefined;
  let highest = 0;
  while (remaining(list) > 0) {
    const version = readUint(list, 2);
    if (version === undefined) return undefined;
    if (!isGrease(version) && version > highest) highest = version;
  }
  return highest;
}

interface Extensions {
  serverName: string | null;
  alpn: readonly string[];
  hasEch: boolean;
  ech: "outer" | "inner" | null;
  /** 0: the extension is missing. */
  highestVersion: number;
}

const noExtensions = (): Extensions => ({ serverName: null, alpn: [], hasEch: false, ech: null, highestVersion: 0 });

/** false: malformed. */
function readExtension(found: Extensions, type: number, data: ByteCursor): boolean {
  switch (type) {
    case EXTENSION.serverName: {
      const serverName = readServerName(data);
      if (serverName === undefined) return false;
      found.serverName = serverName;
      return true;
    }
    case EXTENSION.alpn: {
      const alpn = readAlpn(data);
      if (alpn === undefined) return false;
      found.alpn = alpn;
      return true;
    }
    case EXTENSION.supportedVersions: {
      const highest = readHighestVersion(data);
      if (highest === undefined) return false;
      found.highestVersion = highest;
      return true;
    }
    case EXTENSION.encryptedClientHello:
      found.hasEch = true;
      found.ech = readEchType(data);
      return true;
    default:
      return true;
  }
}

/** RFC 8446 section 4.2. undefined: malformed. */
function readExtensions(list: ByteCursor): Extensions | undefined {
  const found = noExtensions();
  for (let count = 0; count < MAX_EXTENSIONS && remaining(list) > 0; count += 1) {
    const type = readUint(list, 2);
    const data = readBlock(list, 2);
    if (type === undefined || data === undefined || !readExtension(found, type, data)) return undefined;
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
  const list = remaining(body) === 0 ? null : readBlock(body, 2);
  const extensions = list === null ? noExtensions() : list && readExtensions(list);
  if (extensions === undefined) return undefined;
  const { serverName, alpn, hasEch, ech, highestVersion } = extensions;
  return { serverName, alpn, hasEch, ech, legacyVersion, highestVersion: highestVersion || legacyVersion };
}
