/**
 * Frames of helpers and recordings. The first byte chooses: frames whose
 * headers fit (kind, two bytes of length, payload), or raw bytes, as a stream or
 * as a recording; the second is the size of chunks. Refusals are Errors of ours.
 */
import { createFrameDecoder, type FrameDecoderOptions } from "../../../src/contract/frame-decoder.ts";
import {
  encodeFrameHeader,
  FRAME_KIND,
  type FrameKind,
  RECORDING_MAGIC,
} from "../../../src/contract/helper-protocol.ts";
import type { HelperMessage } from "../../../src/core/session/session-api.ts";
import { ensure, type FuzzTarget } from "../engine/fuzz-target.ts";
import { bytesOfText } from "../engine/seed-files.ts";

const KINDS: readonly FrameKind[] = Object.values(FRAME_KIND);
const MODE = { isRaw: 1, isRecording: 2 } as const;

function framesOf(input: Uint8Array): Uint8Array {
  const parts: Uint8Array[] = [];
  for (let at = 0; at + 3 <= input.length; ) {
    const [number = 0, high = 0, low = 0] = input.subarray(at, at + 3);
    const payload = input.subarray(at + 3, at + 3 + ((high << 8) | low));
    parts.push(encodeFrameHeader(KINDS[number % KINDS.length] ?? 1, payload.length), payload);
    at += 3 + payload.length;
  }
  return new Uint8Array(Buffer.concat(parts));
}

/** A frame that will never be whole sets up to 4 MiB aside. True, but slow: lengths are kept below 64 KiB. */
function rawOf(input: Uint8Array): Uint8Array {
  const bytes = input.slice();
  if (bytes.length > 2) bytes[2] = 0;
  return bytes;
}

/** How V8 words our mistakes; a RangeError or a SyntaxError is one in itself. */
const ENGINE_WORDS = /^(?:Cannot |Invalid )|is not (?:a function|a constructor|iterable|defined)/;

/** Refusals are worded by us. */
function ensureOwnError(error: unknown): void {
  if (!(error instanceof Error)) throw error;
  const isPlain = error.constructor === Error || error.constructor === TypeError;
  if (!isPlain || ENGINE_WORDS.test(error.message)) throw error;
}

/** Messages until the end or a refusal, and which it was. */
function decode(bytes: Uint8Array, size: number, options: FrameDecoderOptions): [HelperMessage[], string] {
  const decoder = createFrameDecoder(options);
  const messages: HelperMessage[] = [];
  try {
    for (let at = 0; at < bytes.length; at += size) {
      for (const message of decoder.push(bytes.subarray(at, at + size))) messages.push(copyOf(message));
    }
    return [messages, decoder.end().isTruncated ? "truncated" : "whole"];
  } catch (error) {
    ensureOwnError(error);
    return [messages, error instanceof Error ? error.message : ""];
  }
}

/** Records share the chunk's memory. */
const copyOf = (message: HelperMessage): HelperMessage =>
  "bytes" in message ? { ...message, bytes: message.bytes.slice() } : message;

const asText = (messages: readonly HelperMessage[]): string =>
  JSON.stringify(messages, (_, value) => (value instanceof Uint8Array ? Buffer.from(value).toString("hex") : value));

function run(input: Uint8Array): void {
  const [mode = 0, size = 0] = input;
  const rest = input.subarray(2);
  const frames = (mode & MODE.isRaw) === 0 ? framesOf(rest) : rawOf(rest);
  const isRecording = (mode & MODE.isRecording) !== 0;
  const options = { source: isRecording ? "recording" : "stream" } as const;
  const isMarked = isRecording && (mode & MODE.isRaw) === 0;
  const bytes = isMarked ? new Uint8Array(Buffer.concat([bytesOfText(RECORDING_MAGIC), frames])) : frames;
  const [messages, end] = decode(bytes, Math.max(1, bytes.length), options);
  ensure(messages.length * 8 <= bytes.length, () => `${messages.length} messages of ${bytes.length} bytes`);
  if (size === 0) return;
  const [inChunks, endInChunks] = decode(bytes, size, options);
  ensure(asText(inChunks) === asText(messages), () => `chunks of ${size} bytes read otherwise`);
  ensure(endInChunks === end, () => `chunks of ${size} bytes end with ${endInChunks}, at once with ${end}`);
}

const feature = { id: "tcp", isAttached: false, reason: "no", unseen: "all" };
const PAYLOADS: readonly (readonly [FrameKind, unknown])[] = [
  [
    FRAME_KIND.hello,
    {
      protocolVersion: 1,
      abiVersion: 1,
      telltaleVersion: "1",
      kernelRelease: "6",
      architecture: "x64",
      bootWallMs: 1,
      startedAtNs: 1,
      features: [feature],
    },
  ],
  [FRAME_KIND.processArguments, [{ pid: 1, argv: ["a", "b"] }]],
  [FRAME_KIND.cgroups, [{ id: "12", path: "/a" }]],
  [FRAME_KIND.stats, { sent: { fork: 1 }, lost: { exit: 0 } }],
  [FRAME_KIND.failure, { code: "no-btf", detail: "x" }],
  [FRAME_KIND.features, [feature]],
];

function seeds(): Uint8Array[] {
  const json = PAYLOADS.map(([kind, value]) => [kind, bytesOfText(JSON.stringify(value))] as const);
  const raw = [FRAME_KIND.records, FRAME_KIND.live, FRAME_KIND.hostsFile, FRAME_KIND.resolverMonitor].map(
    (kind) => [kind, new Uint8Array(kind === FRAME_KIND.live ? 0 : 12)] as const,
  );
  const frames = [...json, ...raw].map(([kind, payload]) => [
    KINDS.indexOf(kind),
    payload.length >> 8,
    payload.length & 0xff,
    ...payload,
  ]);
  const [first = []] = frames;
  const recording = [...bytesOfText(RECORDING_MAGIC), ...encodeFrameHeader(FRAME_KIND.live, 0)];
  return [
    ...frames.map((frame) => new Uint8Array([0, 5, ...frame])),
    new Uint8Array([MODE.isRecording, 0, ...first, ...first]),
    new Uint8Array([MODE.isRaw | MODE.isRecording, 1, ...recording]),
    new Uint8Array([MODE.isRaw, 3, ...encodeFrameHeader(FRAME_KIND.records, 2), 1, 2]),
  ];
}

const words = [
  "null",
  "true",
  "-1",
  "1e400",
  "0.5",
  "9007199254740993",
  "[]",
  "{}",
  "__proto__",
  '"',
  "\\ud800",
  "[[",
  "],[",
];

export const target: FuzzTarget = { name: "frame", maxBytes: 500, longBytes: 60_000, seeds, words, run };
