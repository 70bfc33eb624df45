/** Generated traffic as a recording file: what `telltale record` would have written. */
import { closeSync, openSync, writeSync } from "node:fs";
import { encodeFrameHeader, FRAME_KIND, type FrameKind, RECORDING_MAGIC } from "../../src/contract/helper-protocol.ts";
import { HEADER } from "../../src/core/event/layout.ts";
import { joinBytes } from "../unit/support/encode-records.ts";

/** A drain of the helper at this rate. */
const FRAME_BYTES = 64 * 1024;

const HELLO = {
  protocolVersion: 1,
  abiVersion: 1,
  telltaleVersion: "bench",
  kernelRelease: "bench",
  architecture: "x64",
  bootWallMs: 1_700_000_000_000,
  startedAtNs: 1,
  features: [],
};

const timeOf = (record: Uint8Array): bigint =>
  new DataView(record.buffer, record.byteOffset).getBigUint64(HEADER.timeNs, true);

/** Steps of one connection overlap with those of others: told in the order of their time, as a ring buffer has them. */
function inOrder(records: readonly Uint8Array[]): Uint8Array[] {
  return [...records].sort((a, b) => {
    const difference = timeOf(a) - timeOf(b);
    return difference < 0n ? -1 : Number(difference > 0n);
  });
}

export function writeRecording(file: string, play: (write: (record: Uint8Array) => void) => void): void {
  const records: Uint8Array[] = [];
  play((record) => records.push(record));
  const handle = openSync(file, "w");
  const writeFrame = (kind: FrameKind, payload: Uint8Array): void => {
    writeSync(handle, encodeFrameHeader(kind, payload.length));
    writeSync(handle, payload);
  };
  const encoder = new TextEncoder();
  writeSync(handle, encoder.encode(RECORDING_MAGIC));
  writeFrame(FRAME_KIND.hello, encoder.encode(JSON.stringify(HELLO)));
  let parts: Uint8Array[] = [];
  let bytes = 0;
  for (const record of inOrder(records)) {
    parts.push(record);
    bytes += record.length;
    if (bytes < FRAME_BYTES) continue;
    writeFrame(FRAME_KIND.records, joinBytes(parts));
    parts = [];
    bytes = 0;
  }
  if (bytes > 0) writeFrame(FRAME_KIND.records, joinBytes(parts));
  closeSync(handle);
}
