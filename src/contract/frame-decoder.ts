/**
 * Bytes of contract 2 -> messages. Chunks may be cut anywhere. Frames of a
 * recording are the same bytes after RECORDING_MAGIC.
 *
 * Bytes that our helper cannot have written throw; whole frames in front of
 * them are still delivered first, so that nothing already seen is lost.
 */
import type { HelperMessage } from "../core/session/session-api.ts";
import { decodeFrameHeader, FRAME_HEADER_BYTES, type FrameKind, RECORDING_MAGIC } from "./helper-protocol.ts";
import { narrowMessage } from "./narrow-message.ts";

export interface FrameDecoder {
  /**
   * Messages completed by this chunk. `records` may share the chunk's memory:
   * use them before the chunk is reused. Throws on foreign bytes; then the
   * decoder is spent.
   */
  readonly push: (chunk: Uint8Array) => HelperMessage[];
  /**
   * The input is over. isTruncated: it ended inside a frame, whose part was
   * dropped. Throws what a last `push` found after delivering its messages.
   */
  readonly end: () => { readonly isTruncated: boolean };
}

export interface FrameDecoderOptions {
  /** "recording": RECORDING_MAGIC comes first. "stream": frames from the first byte. */
  readonly source?: "stream" | "recording";
}

/** Collects a fixed number of bytes from pieces. */
interface Collector {
  readonly bytes: Uint8Array;
  filled: number;
}

const collect = (length: number): Collector => ({ bytes: new Uint8Array(length), filled: 0 });

/** Copies what is still wanted from `chunk` at `offset`; returns the bytes taken. */
function take(collector: Collector, chunk: Uint8Array, offset: number): number {
  const count = Math.min(collector.bytes.length - collector.filled, chunk.length - offset);
  collector.bytes.set(chunk.subarray(offset, offset + count), collector.filled);
  collector.filled += count;
  return count;
}

const isFull = (collector: Collector): boolean => collector.filled === collector.bytes.length;

function checkMagic(magic: Collector): void {
  for (let index = 0; index < magic.filled; index += 1) {
    if (magic.bytes[index] === RECORDING_MAGIC.charCodeAt(index)) continue;
    const isVersion = index === RECORDING_MAGIC.length - 2;
    throw new Error(
      isVersion
        ? `this recording has format ${String.fromCharCode(magic.bytes[index] ?? 0)}; this version of Telltale reads ${RECORDING_MAGIC.slice(-2, -1)}`
        : "not a Telltale recording: its first bytes are those of another kind of file",
    );
  }
}

interface PendingFrame {
  readonly kind: FrameKind;
  readonly payload: Collector;
}

export function createFrameDecoder(options: FrameDecoderOptions = {}): FrameDecoder {
  const isRecording = options.source === "recording";
  const magic = collect(isRecording ? RECORDING_MAGIC.length : 0);
  let header = collect(FRAME_HEADER_BYTES);
  let frame: PendingFrame | null = null;
  let failure: Error | null = null;

  /** Takes one step from `offset`; returns the offset after it. */
  function step(chunk: Uint8Array, offset: number, messages: HelperMessage[]): number {
    if (!isFull(magic)) {
      const taken = take(magic, chunk, offset);
      checkMagic(magic);
      return offset + taken;
    }
    if (frame === null) {
      const taken = take(header, chunk, offset);
      if (!isFull(header)) return offset + taken;
      const { kind, payloadBytes } = decodeFrameHeader(header.bytes, 0);
      header = collect(FRAME_HEADER_BYTES);
      const start = offset + taken;
      if (chunk.length - start >= payloadBytes) {
        messages.push(narrowMessage(kind, chunk.subarray(start, start + payloadBytes)));
        return start + payloadBytes;
      }
      frame = { kind, payload: collect(payloadBytes) };
      return start;
    }
    const taken = take(frame.payload, chunk, offset);
    if (isFull(frame.payload)) {
      const { kind, payload } = frame;
      frame = null;
      messages.push(narrowMessage(kind, payload.bytes));
    }
    return offset + taken;
  }

  function push(chunk: Uint8Array): HelperMessage[] {
    if (failure !== null) throw failure;
    const messages: HelperMessage[] = [];
    let offset = 0;
    try {
      while (offset < chunk.length) offset = step(chunk, offset, messages);
    } catch (error) {
      failure = error instanceof Error ? error : new Error(String(error));
      if (messages.length === 0) throw failure;
    }
    return messages;
  }

  function end(): { readonly isTruncated: boolean } {
    if (failure !== null) throw failure;
    if (isRecording && magic.filled === 0) throw new Error("not a Telltale recording: the file is empty");
    return { isTruncated: !isFull(magic) || header.filled > 0 || frame !== null };
  }

  return { push, end };
}
