/**
 * CONTRACT 2: helper -> main, over a unix stream socket. A recording is the
 * same bytes in a file after RECORDING_MAGIC.
 *
 * A frame is u32le payload length, u8 kind, 3 zero bytes, payload. Only the
 * helper speaks; it ends when its peer closes. JSON payloads are UTF-8.
 */
export const PROTOCOL_VERSION = 1;
export const ABI_VERSION = 1;
/** First 16 bytes of a recording. The digit before the newline is PROTOCOL_VERSION. */
export const RECORDING_MAGIC = "telltale rec  1\n";
export const FRAME_HEADER_BYTES = 8;
/** A helper batch is at most 1 MiB; anything above 4 MiB is a foreign or broken stream. */
export const MAX_FRAME_PAYLOAD_BYTES = 4 * 1024 * 1024;

export const FRAME_KIND = {
  /** JSON Hello: always the first frame. */
  hello: 1,
  /** Records of bpf/event.h, concatenated, unread. */
  records: 2,
  /** JSON ProcessArguments[]: what /proc knew of processes older than we are: arguments, and whether their file is gone. */
  processArguments: 3,
  /** JSON CgroupPath[]: cgroups that existed at start. */
  cgroups: 4,
  /** JSON KernelStats, about once a second and at the end. */
  stats: 5,
  /** JSON HelperFailure: the helper cannot go on; it closes next. */
  failure: 6,
  /** Empty payload: attached, snapshot sent; from here on everything is live. */
  live: 7,
  /** JSON Feature[]: what changed since the hello; each replaces the one with its id or adds to them. */
  features: 8,
  /** u64le CLOCK_BOOTTIME ns, then /etc/hosts as it is, unread, at most 256 KiB. At start and when it changed. */
  hostsFile: 9,
  /** u64le CLOCK_BOOTTIME ns, then bytes of systemd-resolved's monitor stream, unread, cut anywhere. */
  resolverMonitor: 10,
  /** Podman's containers.json of the system as it is, unread, at most 1 MiB. At start, where there is one. */
  containerList: 11,
} as const;

export type FrameKind = (typeof FRAME_KIND)[keyof typeof FRAME_KIND];

export const FAILURE_CODES = [
  "no-btf",
  "no-cgroup2",
  "no-permission",
  "load-failed",
  "peer-refused",
  "internal",
] as const;
export type FailureCode = (typeof FAILURE_CODES)[number];

export interface HelperFailure {
  readonly code: FailureCode;
  /** For a developer; the UI words its own text from the code. */
  readonly detail: string;
}

/** Names of the record types of bpf/event.h, by number; index 0 is unused. */
export const RECORD_TYPE_NAMES = [
  "none",
  "flow-open",
  "flow-state",
  "flow-bytes",
  "payload",
  "process",
  "fork",
  "exit",
  "cgroup",
  "lookup",
  "flow-owner",
] as const;

/** Of the time in front of what `hostsFile` and `resolverMonitor` carry. */
export const STAMP_BYTES = 8;

/** Payload of a frame that says when its bytes were taken: u64le CLOCK_BOOTTIME ns, then the bytes. */
export function stampBytes(timeNs: number, bytes: Uint8Array): Uint8Array {
  const stamped = new Uint8Array(STAMP_BYTES + bytes.length);
  new DataView(stamped.buffer).setBigUint64(0, BigInt(Math.round(timeNs)), true);
  stamped.set(bytes, STAMP_BYTES);
  return stamped;
}

/** Header of a frame; the payload follows it on the wire. */
export function encodeFrameHeader(kind: FrameKind, payloadBytes: number): Uint8Array {
  const header = new Uint8Array(FRAME_HEADER_BYTES);
  const view = new DataView(header.buffer);
  view.setUint32(0, payloadBytes, true);
  header[4] = kind;
  return header;
}

export interface FrameHeader {
  readonly kind: FrameKind;
  readonly payloadBytes: number;
}

const KNOWN_KINDS: ReadonlySet<number> = new Set(Object.values(FRAME_KIND));

/** Reads a frame header at `offset`; throws on what our helper never writes. */
export function decodeFrameHeader(bytes: Uint8Array, offset: number): FrameHeader {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const payloadBytes = view.getUint32(offset, true);
  const kind = view.getUint8(offset + 4);
  const padding = view.getUint32(offset + 4, true) >>> 8;
  if (padding !== 0 || !KNOWN_KINDS.has(kind)) {
    throw new Error(`not a Telltale frame: kind ${kind}, padding ${padding}`);
  }
  if (payloadBytes > MAX_FRAME_PAYLOAD_BYTES) {
    throw new Error(`frame of ${payloadBytes} bytes is larger than ${MAX_FRAME_PAYLOAD_BYTES}`);
  }
  return { kind: kind as FrameKind, payloadBytes };
}
