/**
 * Millions of lookups, each followed by a connection, without a file: one batch
 * of records is written once, and only what differs is put in before each turn.
 * Most names come from a hot set, as people's do; the rest are new ones, from
 * processes that come and go, so that every table meets its cap.
 */
import { FLOW_OPEN, FLOW_STATE, HEADER, OWNER, PAYLOAD } from "../../src/core/event/layout.ts";
import {
  exitRecord,
  flowOpenRecord,
  flowStateRecord,
  joinBytes,
  payloadRecord,
  processRecord,
} from "../unit/support/encode-records.ts";
import { dnsAnswer, dnsQuestion } from "../unit/support/story.ts";

export const PAIRS_PER_BATCH = 500;
/** 10,000 lookups and connections a second. */
const PAIR_NS = 100_000;
const HOT_NAMES = 1500;
const COLD_NAMES = 4_000_000;
/** One lookup in so many is for a name of the cold set. */
const COLD_EVERY = 16;
const PROCESSES = 200;
/** A process ends, and another starts, every so many pairs. */
const REPLACE_EVERY = 100;
const DIGITS = 7;
const PLACE_HOLDER = `n${"0".repeat(DIGITS)}`;
const NAME = `${PLACE_HOLDER}.example.com`;

/** Where one pair's records differ from turn to turn. */
interface Places {
  /** Starts of its four records, in order of time. */
  readonly records: readonly number[];
  readonly ids: readonly number[];
  /** First digit of each copy of the name. */
  readonly digits: readonly number[];
  /** Fields that hold the looked-up address. */
  readonly addresses: readonly number[];
  readonly owners: readonly number[];
}

interface Batch {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  readonly places: readonly Places[];
}

const owner = { pid: 1, startNs: 1, comm: "flood" };
const dns = {
  cookie: 1,
  local: "192.0.2.10",
  localPort: 40_000,
  remote: "192.0.2.53",
  remotePort: 53,
  protocol: "udp" as const,
};
const tcp = { cookie: 1, local: "192.0.2.10", localPort: 1, remote: "10.0.0.1", remotePort: 443 };

function digitsIn(bytes: Uint8Array, from: number, until: number): number[] {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset + from, until - from).toString("latin1");
  return [...text.matchAll(new RegExp(PLACE_HOLDER, "g"))].map(({ index }) => from + index + 1);
}

function createBatch(): Batch {
  const payload = { timeNs: 0, owner, ...dns, kind: "dns-datagram" as const };
  const records = [
    payloadRecord({ ...payload, direction: "out", data: dnsQuestion(0, NAME) }),
    payloadRecord({ ...payload, direction: "in", data: dnsAnswer(0, NAME, [], ["10.0.0.1"]) }),
    flowOpenRecord({ timeNs: 0, owner, origin: "connect", ...tcp }),
    flowStateRecord({ timeNs: 0, ...tcp, newState: 7, oldState: 5, bytesSent: 900, bytesReceived: 4000 }),
  ];
  const bytes = joinBytes(Array.from({ length: PAIRS_PER_BATCH }, () => records).flat());
  const places: Places[] = [];
  let at = 0;
  for (let pair = 0; pair < PAIRS_PER_BATCH; pair += 1) {
    const starts: number[] = [];
    for (const record of records) {
      starts.push(at);
      at += record.length;
    }
    const [question = 0, answer = 0, open = 0, state = 0] = starts;
    const dataLength = dnsAnswer(0, NAME, [], ["10.0.0.1"]).length;
    places.push({
      records: starts,
      ids: [question + PAYLOAD.data, answer + PAYLOAD.data],
      digits: digitsIn(bytes, question, open),
      // The address is the last thing in the answer.
      addresses: [
        answer + PAYLOAD.data + dataLength - 4,
        open + FLOW_OPEN.endpoints + 16,
        state + FLOW_STATE.endpoints + 16,
      ],
      owners: [question + PAYLOAD.owner, answer + PAYLOAD.owner, open + FLOW_OPEN.owner],
    });
  }
  return { bytes, view: new DataView(bytes.buffer), places };
}

/** The same sequence at every run (Numerical Recipes' constants). */
function createChance(): (limit: number) => number {
  let state = 1;
  return (limit) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
}

export interface Flood {
  /** The next batches; their memory is used again for those after. */
  readonly next: () => readonly Uint8Array[];
  readonly nowNs: () => number;
}

interface Running {
  readonly pid: number;
  readonly startNs: number;
}

export function createFlood(): Flood {
  const { bytes, view, places } = createBatch();
  const chance = createChance();
  const processes: Running[] = [];
  let nextPid = 1000;
  let timeNs = 1e9;
  let pairs = 0;

  function start(news: Uint8Array[]): Running {
    nextPid = nextPid >= 4_000_000 ? 1000 : nextPid + 1;
    const process = { pid: nextPid, startNs: timeNs };
    const exe = `/usr/bin/program-${nextPid % 8}`;
    news.push(processRecord({ timeNs, ...process, comm: "flood", exe, argv: [exe], cgroupId: 100 + (nextPid % 8) }));
    return process;
  }

  function replaceOne(news: Uint8Array[]): void {
    const place = chance(PROCESSES);
    const ended = processes[place];
    if (ended !== undefined) news.push(exitRecord({ timeNs, ...ended }));
    processes[place] = start(news);
  }

  function setU64(at: number, value: number): void {
    view.setUint32(at, value >>> 0, true);
    view.setUint32(at + 4, Math.floor(value / 2 ** 32), true);
  }

  function writePair({ records, ids, digits, addresses, owners }: Places): void {
    const process = processes[chance(PROCESSES)] ?? { pid: 1, startNs: 1 };
    const number = chance(COLD_EVERY) === 0 ? HOT_NAMES + chance(COLD_NAMES) : chance(HOT_NAMES);
    pairs += 1;
    for (const [step, at] of records.entries()) {
      setU64(at + HEADER.timeNs, timeNs + step * 1000);
      setU64(at + 16, step < 2 ? 1e9 + process.pid : pairs);
    }
    for (const at of ids) view.setUint16(at, pairs & 0xffff);
    for (const at of digits) {
      let rest = number;
      for (let digit = DIGITS - 1; digit >= 0; digit -= 1) {
        bytes[at + digit] = 0x30 + (rest % 10);
        rest = Math.floor(rest / 10);
      }
    }
    // Two names share an address: some flows cannot be told apart.
    for (const at of addresses) view.setUint32(at, 0x0a000000 + (number >> 1));
    for (const at of owners) {
      view.setUint32(at + OWNER.pid, process.pid, true);
      setU64(at + OWNER.startNs, process.startNs);
    }
    view.setUint16((records[3] ?? 0) + FLOW_STATE.endpoints + 32, 1024 + (pairs % 60_000), true);
  }

  function next(): readonly Uint8Array[] {
    const news: Uint8Array[] = [];
    while (processes.length < PROCESSES) processes.push(start(news));
    for (let replaced = 0; replaced < PAIRS_PER_BATCH / REPLACE_EVERY; replaced += 1) replaceOne(news);
    for (const place of places) {
      writePair(place);
      timeNs += PAIR_NS;
    }
    return [joinBytes(news), bytes];
  }

  return { next, nowNs: () => timeNs };
}
