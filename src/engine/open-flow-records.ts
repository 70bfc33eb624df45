/**
 * Records of the flows that are open now: who opened them, who uses them, and
 * that TCP was answered. A recording begun in mid-capture needs them, or the bytes that
 * follow would belong to no known program.
 */
import { BYTES_FLAG_FINAL, FLOW_BYTES, FLOW_OPEN, FLOW_STATE, HEADER, RECORD_TYPE } from "../core/event/layout.ts";
import { oldestFirst } from "../core/model/oldest-first.ts";

/** As many as the session holds; 216 bytes each and 120 more where another uses it, some 14 MB when full. */
const MAX_OPEN_FLOWS = 65_536;
/** Flows that were there before the capture: what the start holds of them, at most. */
const MAX_ENDS = 16_384;
const TCP_CLOSE = 7;

export class OpenFlowRecords {
  readonly #open = new Map<number, Uint8Array[]>();
  readonly #byAge = oldestFirst(this.#open);
  /** Ends of flows whose opening is not among ours: the start told of them. */
  #ends: Uint8Array[] = [];

  /** One whole record. */
  follow(view: DataView, record: Uint8Array): void {
    const type = view.getUint16(HEADER.type, true);
    if (record.byteLength < FLOW_STATE.bytes) return;
    const cookie = view.getUint32(FLOW_OPEN.cookie, true) + view.getInt32(FLOW_OPEN.cookie + 4, true) * 4_294_967_296;
    if (type === RECORD_TYPE.flowOpen) this.#add(cookie, record);
    else if (type === RECORD_TYPE.flowState) {
      if (view.getUint16(FLOW_STATE.newState, true) === TCP_CLOSE) this.#end(cookie, record);
      else this.#follow(cookie, type, record);
    } else if (type === RECORD_TYPE.flowOwner) this.#follow(cookie, type, record);
    else if (type === RECORD_TYPE.flowBytes) {
      if ((view.getUint32(FLOW_BYTES.flags, true) & BYTES_FLAG_FINAL) !== 0) this.#end(cookie, record);
    }
  }

  /** Those that ended first, then the open ones in the order they opened. */
  records(): readonly Uint8Array[] {
    return [...this.#ends, ...[...this.#open.values()].flat()];
  }

  clear(): void {
    this.#open.clear();
    this.#byAge.rest();
    this.#ends = [];
  }

  #add(cookie: number, record: Uint8Array): void {
    this.#open.delete(cookie);
    this.#open.set(cookie, [record.slice()]);
    if (this.#open.size <= MAX_OPEN_FLOWS) return;
    const oldest = this.#byAge.next();
    if (oldest !== undefined) this.#open.delete(oldest);
  }

  /** The newest of its type is enough. */
  #follow(cookie: number, type: number, record: Uint8Array): void {
    const records = this.#open.get(cookie);
    if (records === undefined) return;
    const before = records.findIndex((kept) => kept[HEADER.type] === type);
    records.splice(before < 0 ? records.length : before, 1, record.slice());
  }

  #end(cookie: number, record: Uint8Array): void {
    if (!this.#open.delete(cookie) && this.#ends.length < MAX_ENDS) this.#ends.push(record.slice());
  }
}
