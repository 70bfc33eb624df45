import type { FrameWriter } from "../../../src/helper/frame-writer.ts";

/** A writer that keeps what it is given: JSON as values, bytes with their time cut off. */
export function collectFrames() {
  const frames: {
    readonly kind: number;
    readonly timeNs?: number;
    readonly text?: string;
    readonly value?: unknown;
  }[] = [];
  const writer: FrameWriter = {
    writeJson: async (kind, value) => void frames.push({ kind, value }),
    writeBytes: async (kind, bytes) => {
      const timeNs = Number(Buffer.from(bytes).readBigUInt64LE(0));
      frames.push({ kind, timeNs, text: Buffer.from(bytes.subarray(8)).toString() });
    },
    writeEmpty: async (kind) => void frames.push({ kind }),
    writeRecords: async () => 0,
  };
  return { writer, frames };
}
