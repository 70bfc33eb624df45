// @ts-check
/**
 * Leaves in a recording only what belongs to given programs, so that it can be
 * kept in the repository: a capture sees every process of the machine.
 *
 * node test/truth/scrub-recording.mjs FROM TO EXE_BASENAME...
 *
 * Knows the layout of bpf/event.h; the replay test of the result fails when
 * that changes and this does not.
 */
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { frames } from "./capture.mjs";

const MAGIC_BYTES = 16;
const FRAME = { hello: 1, records: 2, processArguments: 3, cgroups: 4, stats: 5, failure: 6, live: 7 };
const RECORD = { flowOpen: 1, flowState: 2, flowBytes: 3, payload: 4, process: 5, fork: 6, exit: 7, cgroup: 8 };
const OFFSET = { cookie: 16, ownerPid: 48, payloadPid: 40, processPid: 40, exe: 80, childPid: 36, exitPid: 24 };
const EXE_LENGTH_AT = 72;

/** @param {Buffer} payload @returns {Generator<{ type: number, bytes: Buffer }>} */
function* recordsOf(payload) {
  for (let at = 0; at < payload.length; ) {
    const size = payload.readUInt32LE(at + 8);
    yield { type: payload.readUInt16LE(at + 12), bytes: payload.subarray(at, at + size) };
    at += size;
  }
}

/** @param {Buffer} bytes a process record @returns {string} the last component of its exe */
function exeBasename(bytes) {
  const exe = bytes.subarray(OFFSET.exe, OFFSET.exe + bytes.readUInt16LE(EXE_LENGTH_AT));
  const end = exe.indexOf(0); // components come leaf first
  return exe.toString("utf8", 0, end < 0 ? exe.length : end);
}

/** @param {Buffer} whole @param {{ kind: number, at: number, bytes: number }[]} all @param {ReadonlySet<string>} names */
function pidsOf(whole, all, names) {
  /** @type {Set<number>} */
  const pids = new Set();
  for (const { kind, at, bytes } of all) {
    if (kind !== FRAME.records) continue;
    for (const record of recordsOf(whole.subarray(at, at + bytes))) {
      if (record.type !== RECORD.process || !names.has(exeBasename(record.bytes))) continue;
      pids.add(record.bytes.readUInt32LE(OFFSET.processPid));
    }
  }
  return pids;
}

/** @param {ReadonlySet<number>} pids @param {ReadonlySet<string>} names */
function keeper(pids, names) {
  /** @type {Set<bigint>} */
  const cookies = new Set();
  return (/** @type {{ type: number, bytes: Buffer }} */ { type, bytes }) => {
    const hasPid = (/** @type {number} */ at) => pids.has(bytes.readUInt32LE(at));
    switch (type) {
      case RECORD.flowOpen:
        if (hasPid(OFFSET.ownerPid)) cookies.add(bytes.readBigUInt64LE(OFFSET.cookie));
        return hasPid(OFFSET.ownerPid);
      case RECORD.flowState:
      case RECORD.flowBytes:
        return cookies.has(bytes.readBigUInt64LE(OFFSET.cookie));
      case RECORD.payload:
        return hasPid(OFFSET.payloadPid) || cookies.has(bytes.readBigUInt64LE(OFFSET.cookie));
      case RECORD.process:
        /* not what it was before its exec: that has the paths of this machine in it */
        return hasPid(OFFSET.processPid) && names.has(exeBasename(bytes));
      case RECORD.fork:
        return hasPid(OFFSET.childPid);
      case RECORD.exit:
        return hasPid(OFFSET.exitPid);
      default:
        return false; // cgroup paths may name users and units
    }
  };
}

/** @param {number} kind @param {Buffer} payload */
function frame(kind, payload) {
  const header = Buffer.alloc(8);
  header.writeUInt32LE(payload.length, 0);
  header.writeUInt8(kind, 4);
  return Buffer.concat([header, payload]);
}

/**
 * @param {string} from @param {string} to @param {readonly string[]} exeNames
 * @param {readonly string[]} [cgroups] whose paths may stay
 * @returns {number} bytes written
 */
export function scrubRecording(from, to, exeNames, cgroups = []) {
  const whole = readFileSync(from);
  const all = frames(from);
  const names = new Set(exeNames);
  const pids = pidsOf(whole, all, names);
  const keep = keeper(pids, names);
  const kept = [whole.subarray(0, MAGIC_BYTES)];
  for (const { kind, at, bytes } of all) {
    const payload = whole.subarray(at, at + bytes);
    if (kind === FRAME.records) {
      const records = [...recordsOf(payload)].filter(keep).map((record) => record.bytes);
      if (records.length > 0) kept.push(frame(kind, Buffer.concat(records)));
    } else if (kind === FRAME.hello) {
      const hello = { ...JSON.parse(payload.toString("utf8")), kernelRelease: "6.18.0" };
      kept.push(frame(kind, Buffer.from(JSON.stringify(hello))));
    } else if (kind === FRAME.processArguments) {
      const mine = JSON.parse(payload.toString("utf8")).filter((/** @type {{ pid: number }} */ { pid }) =>
        pids.has(pid),
      );
      if (mine.length > 0) kept.push(frame(kind, Buffer.from(JSON.stringify(mine))));
    } else if (kind === FRAME.cgroups) {
      const mine = JSON.parse(payload.toString("utf8")).filter((/** @type {{ path: string }} */ entry) =>
        cgroups.some((cgroup) => entry.path.endsWith(cgroup)),
      );
      if (mine.length > 0) kept.push(frame(kind, Buffer.from(JSON.stringify(mine))));
    } else {
      kept.push(frame(kind, payload));
    }
  }
  const result = Buffer.concat(kept);
  writeFileSync(to, result);
  return result.length;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [from, to, ...names] = process.argv.slice(2);
  if (from === undefined || to === undefined || names.length === 0) throw new Error("needs FROM TO EXE_BASENAME...");
  console.log(`${path.basename(to)}: ${scrubRecording(from, to, names)} bytes`);
}
