/**
 * Frames to the socket, one at a time: whoever writes waits until the kernel
 * has taken the bytes. A slow reader thus slows the reading of the ring, and
 * loss happens there, where it is counted, not in a growing queue here.
 */
import type { Socket } from "node:net";
import { encodeFrameHeader, FRAME_HEADER_BYTES, FRAME_KIND, type FrameKind } from "../contract/helper-protocol.ts";

/** A batch of records; the contract allows up to four times as much. */
const BATCH_BYTES = 1024 * 1024;

export interface FrameWriter {
  readonly writeJson: (kind: FrameKind, value: unknown) => Promise<void>;
  readonly writeBytes: (kind: FrameKind, bytes: Uint8Array) => Promise<void>;
  readonly writeEmpty: (kind: FrameKind) => Promise<void>;
  /** Has `fill` put records in our one buffer and sends them; the number of bytes it put. */
  readonly writeRecords: (fill: (target: Uint8Array) => number) => Promise<number>;
}

export function createFrameWriter(socket: Socket): FrameWriter {
  const batch = new Uint8Array(FRAME_HEADER_BYTES + BATCH_BYTES);
  const payload = batch.subarray(FRAME_HEADER_BYTES);
  const write = (bytes: Uint8Array) =>
    new Promise<void>((resolve, reject) => {
      socket.write(bytes, (error) => (error ? reject(error) : resolve()));
    });
  const writeBytes: FrameWriter["writeBytes"] = (kind, bytes) =>
    write(Buffer.concat([encodeFrameHeader(kind, bytes.length), bytes]));
  return {
    writeJson: (kind, value) => writeBytes(kind, Buffer.from(JSON.stringify(value), "utf8")),
    writeBytes,
    writeEmpty: (kind) => write(encodeFrameHeader(kind, 0)),
    writeRecords: async (fill) => {
      const length = fill(payload);
      if (length > 0) {
        batch.set(encodeFrameHeader(FRAME_KIND.records, length));
        await write(batch.subarray(0, FRAME_HEADER_BYTES + length));
      }
      return length;
    },
  };
}
