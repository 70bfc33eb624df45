/**
 * What a recording needs from before its start: who runs, what the machine is,
 * which names were already answered, which flows are open. Everything up to
 * "live" is kept, and of what follows only the records that later ones depend
 * on, newest first when there is too much.
 */
import { HEADER, PAYLOAD, RECORD_TYPE } from "../core/event/layout.ts";
import type { HelperMessage } from "../core/session/session-api.ts";
import { OpenFlowRecords } from "./open-flow-records.ts";
import { sliceRecords } from "./pump-messages.ts";

/** A machine with 10,000 processes makes 20 MB of snapshot. */
const START_LIMIT_BYTES = 32 * 1024 * 1024;
/** About 4,000 programs started, or hours of name lookups. */
const LATER_LIMIT_BYTES = 8 * 1024 * 1024;

/** A frame holds 4 MiB at most. */
const OPEN_FLOWS_BATCH_BYTES = 1024 * 1024;

/** TT_PAYLOAD_DNS_DATAGRAM and TT_PAYLOAD_DNS_STREAM; what follows them are other programs' first bytes. */
const LAST_DNS_KIND = 2;
const LASTING_TYPES: ReadonlySet<number> = new Set([
  RECORD_TYPE.process,
  RECORD_TYPE.fork,
  RECORD_TYPE.exit,
  RECORD_TYPE.cgroup,
]);

/** `view`: of one record. */
function isLasting(view: DataView): boolean {
  const type = view.getUint16(HEADER.type, true);
  if (type !== RECORD_TYPE.payload) return LASTING_TYPES.has(type);
  return PAYLOAD.bytes <= view.byteLength && view.getUint8(PAYLOAD.kind) <= LAST_DNS_KIND;
}

function* wholeRecords(bytes: Uint8Array): Generator<Uint8Array> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 0; at + HEADER.bytes <= bytes.byteLength; ) {
    const size = view.getUint32(at + HEADER.size, true);
    if (size < HEADER.bytes || at + size > bytes.byteLength) return;
    yield bytes.subarray(at, at + size);
    at += size;
  }
}

/** The records of `bytes` that later flows depend on, copied; `openFlows` follows the others. */
export function lastingRecords(bytes: Uint8Array, openFlows = new OpenFlowRecords()): Uint8Array {
  const kept: Uint8Array[] = [];
  for (const record of wholeRecords(bytes)) {
    const view = new DataView(record.buffer, record.byteOffset, record.byteLength);
    if (isLasting(view)) kept.push(record);
    else openFlows.follow(view, record);
  }
  return Buffer.concat(kept);
}

const sizeOf = (message: HelperMessage): number => (message.kind === "records" ? message.bytes.byteLength : 1024);

export class RecordingPreface {
  #start: HelperMessage[] = [];
  #startBytes = 0;
  #isLive = false;
  #later: Uint8Array[] = [];
  #laterBytes = 0;
  readonly #openFlows = new OpenFlowRecords();

  keep(message: HelperMessage): void {
    if (message.kind === "hello") this.#reset();
    if (!this.#isLive) this.#keepStart(message);
    else if (message.kind === "records") this.#keepLater(lastingRecords(message.bytes, this.#openFlows));
  }

  /** In the order they came, but the open flows last: whose they are is told before. */
  messages(): readonly HelperMessage[] {
    const openFlows = Buffer.concat(this.#openFlows.records());
    const batches = [...this.#later, ...sliceRecords(openFlows, OPEN_FLOWS_BATCH_BYTES)];
    return [...this.#start, ...batches.map((bytes): HelperMessage => ({ kind: "records", bytes }))];
  }

  #reset(): void {
    this.#start = [];
    this.#startBytes = 0;
    this.#isLive = false;
    this.#later = [];
    this.#laterBytes = 0;
    this.#openFlows.clear();
  }

  #keepStart(message: HelperMessage): void {
    this.#isLive = message.kind === "live";
    this.#startBytes += sizeOf(message);
    if (this.#startBytes > START_LIMIT_BYTES && message.kind === "records") return;
    // The decoder may reuse the memory of a chunk.
    this.#start.push(message.kind === "records" ? { kind: "records", bytes: new Uint8Array(message.bytes) } : message);
  }

  #keepLater(bytes: Uint8Array): void {
    if (bytes.byteLength === 0) return;
    this.#later.push(bytes);
    this.#laterBytes += bytes.byteLength;
    while (this.#laterBytes > LATER_LIMIT_BYTES) {
      const dropped = this.#later.shift();
      if (dropped === undefined) break;
      this.#laterBytes -= dropped.byteLength;
    }
  }
}
