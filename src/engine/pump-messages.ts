/**
 * Bytes of the helper (a socket or a recording) into messages, one consumer.
 * The stream is only read when the last chunk is done, so a storm waits in the
 * kernel's buffers instead of our memory, and work is cut into slices so that
 * timers, the window and Ctrl-C stay alive in between.
 */
import { setImmediate as nextTurn } from "node:timers/promises";
import { HEADER } from "../core/event/layout.ts";
import type { HelperMessage } from "../core/session/session-api.ts";

export interface FrameSource {
  readonly push: (chunk: Uint8Array) => readonly HelperMessage[];
  readonly end: () => { readonly isTruncated: boolean };
}

export type PumpEnd =
  | { readonly outcome: "ended"; readonly isTruncated: boolean }
  /** The stream broke, or its bytes are not ours. */
  | { readonly outcome: "broken"; readonly reason: string };

/** Longest stretch of work without giving way; a frame of animation is 16 ms. */
const SLICE_MS = 8;
/** Records handled in one go: 64 KiB is about 500 records, a millisecond or two. */
const SLICE_BYTES = 64 * 1024;

/** Cuts a batch of records at record boundaries. A size that cannot be right ends the cutting: the core judges it. */
export function* sliceRecords(bytes: Uint8Array, sliceBytes = SLICE_BYTES): Generator<Uint8Array> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let start = 0;
  let at = 0;
  while (at + HEADER.bytes <= bytes.byteLength) {
    const size = view.getUint32(at + HEADER.size, true);
    if (size < HEADER.bytes || at + size > bytes.byteLength) break;
    at += size;
    if (at - start >= sliceBytes) {
      yield bytes.subarray(start, at);
      start = at;
    }
  }
  if (start < bytes.byteLength) yield bytes.subarray(start);
}

function* piecesOf(message: HelperMessage): Generator<HelperMessage> {
  if (message.kind !== "records" || message.bytes.byteLength <= SLICE_BYTES) yield message;
  else for (const bytes of sliceRecords(message.bytes)) yield { kind: "records", bytes };
}

export interface PumpOptions {
  /** May return a promise to make the stream wait (a slow disk, a replay's pace). */
  readonly onMessage: (message: HelperMessage) => undefined | Promise<void>;
  /** Asked between slices; true ends the pump as if the stream had ended. */
  readonly isStopped?: () => boolean;
}

async function pump(chunks: AsyncIterable<Uint8Array>, decoder: FrameSource, options: PumpOptions): Promise<void> {
  let sliceEndsAt = performance.now() + SLICE_MS;
  for await (const chunk of chunks) {
    // Node's chunks are Buffers, whose slice() shares memory; the core expects that of Uint8Array, which copies.
    const bytes = new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    for (const message of decoder.push(bytes)) {
      for (const piece of piecesOf(message)) {
        const waiting = options.onMessage(piece);
        if (waiting !== undefined) await waiting;
        if (performance.now() > sliceEndsAt) {
          await nextTurn();
          sliceEndsAt = performance.now() + SLICE_MS;
        }
        if (options.isStopped?.() === true) return;
      }
    }
  }
}

export async function pumpMessages(
  chunks: AsyncIterable<Uint8Array>,
  decoder: FrameSource,
  options: PumpOptions,
): Promise<PumpEnd> {
  try {
    await pump(chunks, decoder, options);
    return { outcome: "ended", isTruncated: decoder.end().isTruncated };
  } catch (error) {
    return { outcome: "broken", reason: error instanceof Error ? error.message : String(error) };
  }
}
