/** Writes TLS ClientHellos of any shape, for tests: the handshake message, and TLS records around it. */

export interface HelloFields {
  /** undefined: no server_name extension. */
  readonly serverName?: string | Uint8Array | undefined;
  readonly alpn?: readonly string[];
  /** The whole body of the encrypted_client_hello extension. */
  readonly ech?: Uint8Array;
  /** supported_versions; empty: the extension is left out, as in TLS 1.2 and below. */
  readonly versions?: readonly number[];
  readonly legacyVersion?: number;
  /** Size of a key share: 32 for X25519, 1216 for X25519MLKEM768; 0: none. */
  readonly keyShareBytes?: number;
  /** More extensions, as they are. */
  readonly others?: readonly { readonly type: number; readonly data: Uint8Array }[];
  readonly cipherSuites?: readonly number[];
}

type Bytes = readonly number[];

const bytesOfText = (text: string): Bytes => [...new TextEncoder().encode(text)];
const uint16 = (value: number): Bytes => [value >> 8, value & 0xff];
const uint24 = (value: number): Bytes => [value >> 16, (value >> 8) & 0xff, value & 0xff];
const block8 = (bytes: Bytes): Bytes => [bytes.length, ...bytes];
const block16 = (bytes: Bytes): Bytes => [...uint16(bytes.length), ...bytes];
const extension = (type: number, data: Bytes): Bytes => [...uint16(type), ...block16(data)];

/** RFC 6066 section 3. */
const serverNameData = (name: Bytes): Bytes => block16([0, ...block16(name)]);
/** RFC 7301 section 3.1. */
const alpnData = (protocols: readonly string[]): Bytes => block16(protocols.flatMap((one) => block8(bytesOfText(one))));
const X25519_MLKEM768 = 0x11ec;

function extensionsOf(fields: HelloFields): Bytes {
  const { serverName, alpn = [], ech, versions = [0x0304], keyShareBytes = 32, others = [] } = fields;
  const name = typeof serverName === "string" ? bytesOfText(serverName) : serverName;
  const share = new Array<number>(keyShareBytes).fill(0x5a);
  return [
    ...(name === undefined ? [] : extension(0, serverNameData([...name]))),
    ...(alpn.length === 0 ? [] : extension(16, alpnData(alpn))),
    ...(versions.length === 0 ? [] : extension(43, block8(versions.flatMap(uint16)))),
    ...(keyShareBytes === 0 ? [] : extension(51, block16([...uint16(X25519_MLKEM768), ...block16(share)]))),
    ...(ech === undefined ? [] : extension(0xfe0d, [...ech])),
    ...others.flatMap(({ type, data }) => extension(type, [...data])),
  ];
}

/** A handshake message with its header (RFC 8446 section 4.1.2). */
export function encodeHello(fields: HelloFields): Uint8Array {
  const { legacyVersion = 0x0303, cipherSuites = [0x1301, 0x1302] } = fields;
  const body = [
    ...uint16(legacyVersion),
    ...new Array<number>(32).fill(7), // random
    ...block8(new Array<number>(32).fill(9)), // session id
    ...block16(cipherSuites.flatMap(uint16)),
    ...block8([0]), // compression
    ...block16(extensionsOf(fields)),
  ];
  return Uint8Array.from([1, ...uint24(body.length), ...body]);
}

/** RFC 9849 section 5: the outer form with an encrypted payload nobody can read. */
export function encodeOuterEch(payloadBytes = 200): Uint8Array {
  const enc = new Array<number>(32).fill(3);
  const payload = new Array<number>(payloadBytes).fill(4);
  return Uint8Array.from([0, ...uint16(1), ...uint16(1), 42, ...block16(enc), ...block16(payload)]);
}

/** ECHConfigList (RFC 9849 section 4) with one configuration for each public name. */
export function encodeEchConfigs(publicNames: readonly string[], version = 0xfe0d): Uint8Array {
  const configs = publicNames.flatMap((name) => {
    const keyConfig = [7, ...uint16(0x20), ...block16(new Array<number>(32).fill(8)), ...block16([0, 1, 0, 1])];
    const contents = [...keyConfig, 0, ...block8(bytesOfText(name)), ...block16([])];
    return [...uint16(version), ...block16(contents)];
  });
  return Uint8Array.from(block16(configs));
}

/** A handshake message as TLS records of at most `size` bytes. */
export function tlsRecords(message: Uint8Array, size = 16_384): Uint8Array {
  const bytes: number[] = [];
  for (let at = 0; at < message.length; at += size) {
    const part = message.subarray(at, at + size);
    bytes.push(22, 3, 1, ...block16([...part]));
  }
  return Uint8Array.from(bytes);
}
