/** Records of bpf/event.h: our own format, so a RecordError is the one right way to refuse. */
import { decodeEvents, RecordError } from "../../../src/core/event/decode-event.ts";
import type { KernelEvent } from "../../../src/core/event/kernel-event.ts";
import { HEADER, LIMITS, RECORD_TYPE } from "../../../src/core/event/layout.ts";
import { createTextCache } from "../../../src/core/event/text-cache.ts";
import {
  cgroupRecord,
  exitRecord,
  flowBytesRecord,
  flowOpenRecord,
  flowStateRecord,
  forkRecord,
  joinBytes,
  payloadRecord,
  processRecord,
} from "../../unit/support/encode-records.ts";
import { ensure, type FuzzTarget } from "../engine/fuzz-target.ts";
import { ensureCanonicalAddress, ensureEndAddress } from "../engine/safe-text.ts";
import { bytesOfText } from "../engine/seed-files.ts";

const isWellFormed = (text: string): boolean => !/\p{Cs}/u.test(text);

/** Everything a record tells, whatever its type. */
function checkEvent(event: KernelEvent): void {
  ensure(Number.isFinite(event.timeNs) && event.timeNs >= 0, () => `time ${event.timeNs}`);
  if ("endpoints" in event) {
    ensureEndAddress(event.endpoints.local.address);
    ensureEndAddress(event.endpoints.remote.address);
  }
  if ("owner" in event) ensure(event.owner.comm.length <= LIMITS.commLen, () => `comm ${event.owner.comm}`);
  if (event.type === "lookup") {
    ensure(event.addresses.length <= LIMITS.lookupAddresses, () => `${event.addresses.length} addresses`);
    event.addresses.forEach(ensureCanonicalAddress);
    ensure(isWellFormed(event.name), () => "half a character in a name");
  }
  if (event.type === "process") {
    for (const text of [event.comm, event.exe ?? "", event.filename ?? "", ...(event.argv ?? [])]) {
      ensure(isWellFormed(text) && !text.includes("\0"), () => `text ${JSON.stringify(text)}`);
    }
  }
  if (event.type === "payload") ensure(event.data.length <= 0xffff, () => `${event.data.length} bytes`);
}

/** The rest as one record whose header fits: raw bytes seldom have a size that does. */
function asOneRecord(input: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(Math.max(HEADER.bytes, Math.floor((input.length - 1) / 8) * 8));
  bytes.set(input.subarray(1, 1 + bytes.length));
  const view = new DataView(bytes.buffer);
  view.setUint32(HEADER.size, bytes.length, true);
  view.setUint16(HEADER.type, 1 + (((input[0] ?? 0) >> 1) % Object.keys(RECORD_TYPE).length), true);
  return bytes;
}

/** Texts of all inputs before: a wrong one would come out now. */
const texts = createTextCache();

function ensureSameWithoutCache(bytes: Uint8Array, told: readonly KernelEvent[]): void {
  const fresh: KernelEvent[] = [];
  decodeEvents(bytes, (event) => void fresh.push(event), createTextCache());
  ensure(JSON.stringify(fresh) === JSON.stringify(told), () => "the cache of texts tells something else");
}

/** The lowest bit of the first byte tells: one record, or raw bytes; the top three: look at the cache of texts, too. */
function run(input: Uint8Array): void {
  const bytes = ((input[0] ?? 0) & 1) === 0 ? input.subarray(1) : asOneRecord(input);
  let events = 0;
  try {
    const told: KernelEvent[] = [];
    events += decodeEvents(bytes, (event) => void told.push(event), texts);
    events += told.length;
    told.forEach(checkEvent);
    if ((input[0] ?? 0) >> 5 === 1) ensureSameWithoutCache(bytes, told);
  } catch (error) {
    if (!(error instanceof RecordError)) throw error;
  }
  ensure(events * HEADER.bytes <= bytes.length, () => `${events} events of ${bytes.length} bytes`);
}

const owner = { pid: 7, startNs: 5, comm: "curl" };
const ends = { remote: "192.0.2.1", remotePort: 443 };
const at = { timeNs: 9, cookie: 3 };

function seeds(): Uint8Array[] {
  const records = [
    flowOpenRecord({ ...at, ...ends, owner, origin: "connect" }),
    flowOpenRecord({ ...at, owner, origin: "packet", remote: "2001:db8::1", remotePort: 53, protocol: "udp" }),
    flowStateRecord({ ...at, ...ends, newState: 1 }),
    flowBytesRecord({ ...at, ...ends, isFinal: true }),
    payloadRecord({ ...at, ...ends, owner, kind: "datagram", direction: "out", data: bytesOfText("hello") }),
    forkRecord({ timeNs: 1, parentPid: 1, parentStartNs: 1, childPid: 2, childStartNs: 2 }),
    exitRecord({ timeNs: 1, pid: 2, startNs: 2 }),
    cgroupRecord({ timeNs: 1, id: 4, path: "/a/b" }),
  ];
  const process = processRecord({ timeNs: 1, pid: 2, startNs: 2, exe: "/usr/bin/ü", filename: "x", argv: ["x", "ÿ"] });
  const lookup = new Uint8Array(1000);
  lookup[0] = 17;
  return [
    ...records.map((record) => new Uint8Array([0, ...record])),
    new Uint8Array([0, ...joinBytes(records)]),
    new Uint8Array([9, ...process]),
    lookup,
  ];
}

export const target: FuzzTarget = { name: "event", maxBytes: 4096, longBytes: 256 * 1024, seeds, run };
