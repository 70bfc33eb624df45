import fc from "fast-check";
import { expect, test } from "vitest";
import { decodeEvents, RecordError } from "../../../../src/core/event/decode-event.ts";
import type { KernelEvent } from "../../../../src/core/event/kernel-event.ts";
import { HEADER, PROCESS, PROCESS_FLAG } from "../../../../src/core/event/layout.ts";
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
} from "../../support/encode-records.ts";

function decodeAll(bytes: Uint8Array): KernelEvent[] {
  const events: KernelEvent[] = [];
  decodeEvents(bytes, (event) => events.push(event));
  return events;
}

const ends = { local: "192.0.2.10", localPort: 50_000, remote: "2001:db8::7", remotePort: 443 };
const ipv4Ends = { ...ends, remote: "198.51.100.7" };
const owner = { pid: 77, startNs: 123_456_789_012, uid: 1000, cgroupId: 4242, comm: "curl" };

const SAMPLES: readonly Uint8Array[] = [
  flowOpenRecord({ timeNs: 1, cookie: -5, owner, origin: "accept", netns: 4_026_531_840, ...ipv4Ends }),
  flowStateRecord({
    timeNs: 2,
    cookie: 9,
    ...ipv4Ends,
    newState: 7,
    oldState: 1,
    error: 104,
    bytesSent: 2 ** 40,
    bytesReceived: 3,
  }),
  flowBytesRecord({
    timeNs: 3,
    cookie: 9,
    ...ipv4Ends,
    protocol: "udp",
    bytesSent: 5,
    packetsSent: 2,
    run: 3,
    isFinal: true,
  }),
  payloadRecord({
    timeNs: 4,
    cookie: 9,
    owner,
    ...ipv4Ends,
    kind: "stream-start",
    direction: "out",
    data: new Uint8Array([22, 3, 1]),
    streamOffset: 7,
    originalLength: 9,
  }),
  processRecord({
    timeNs: 5,
    pid: 77,
    startNs: 12,
    parentPid: 1,
    parentStartNs: 3,
    cgroupId: 8,
    uid: 1000,
    comm: "curl",
    exe: "/usr/bin/curl",
    filename: "/bin/curl",
    argv: ["curl", "", "ü"],
  }),
  forkRecord({ timeNs: 6, parentPid: 1, parentStartNs: 2, childPid: 3, childStartNs: 4 }),
  exitRecord({ timeNs: 7, pid: 3, startNs: 4, exitCode: -9 }),
  cgroupRecord({ timeNs: 8, id: 55, path: "/system.slice/x.service" }),
];

test("every kind of record says what was written", () => {
  const [open, state, bytes, payload, process, fork, exit, cgroup] = decodeAll(joinBytes(SAMPLES));
  const endpoints = { local: { address: "192.0.2.10", port: 50_000 }, remote: { address: "198.51.100.7", port: 443 } };
  expect(open).toEqual({
    type: "flow-open",
    timeNs: 1,
    cookie: -5,
    netns: 4_026_531_840,
    owner,
    endpoints: { ...endpoints, protocol: 6 },
    origin: "accept",
    tcpState: 0,
    direction: "in",
  });
  expect(state).toMatchObject({
    type: "flow-state",
    cookie: 9,
    newState: 7,
    oldState: 1,
    error: 104,
    bytesSent: 2 ** 40,
    bytesReceived: 3,
  });
  expect(bytes).toMatchObject({
    type: "flow-bytes",
    endpoints: { ...endpoints, protocol: 17 },
    bytesSent: 5,
    packetsSent: 2,
    run: 3,
    isFinal: true,
  });
  expect(payload).toMatchObject({
    type: "payload",
    owner,
    kind: "stream-start",
    direction: "out",
    streamOffset: 7,
    isCut: true,
    data: new Uint8Array([22, 3, 1]),
  });
  expect(process).toEqual({
    type: "process",
    timeNs: 5,
    pid: 77,
    startNs: 12,
    parentPid: 1,
    parentStartNs: 3,
    cgroupId: 8,
    uid: 1000,
    comm: "curl",
    exe: "/usr/bin/curl",
    isExeDeleted: false,
    filename: "/bin/curl",
    argv: ["curl", "", "ü"],
    isExec: true,
    isSnapshot: false,
  });
  expect(fork).toEqual({ type: "fork", timeNs: 6, parentPid: 1, parentStartNs: 2, childPid: 3, childStartNs: 4 });
  expect(exit).toEqual({ type: "exit", timeNs: 7, pid: 3, startNs: 4, exitCode: -9 });
  expect(cgroup).toEqual({ type: "cgroup", timeNs: 8, id: 55, path: "/system.slice/x.service" });
});

test("a path that was cut says so in front", () => {
  const flags = PROCESS_FLAG.exec | PROCESS_FLAG.exeCut;
  const [event] = decodeAll(processRecord({ timeNs: 1, pid: 1, startNs: 1, exe: "/deep/down/app", flags }));
  expect(event).toMatchObject({ exe: "…/deep/down/app" });
});

test("an executable that is gone from its place is told with its path", () => {
  const flags = PROCESS_FLAG.exec | PROCESS_FLAG.exeDeleted;
  const [event] = decodeAll(processRecord({ timeNs: 1, pid: 1, startNs: 1, exe: "/tmp/app", flags }));
  expect(event).toMatchObject({ exe: "/tmp/app", isExeDeleted: true, isExec: true });
});

test("a process without executable has none, and a snapshot no arguments", () => {
  const [event] = decodeAll(processRecord({ timeNs: 1, pid: 1, startNs: 1, flags: PROCESS_FLAG.snapshot }));
  expect(event).toMatchObject({ exe: null, filename: null, argv: null, isSnapshot: true });
});

test("records of an unknown type are passed over by their size and counted", () => {
  const unknown = exitRecord({ timeNs: 1, pid: 1, startNs: 1 });
  new DataView(unknown.buffer).setUint16(HEADER.type, 900, true);
  const last = exitRecord({ timeNs: 2, pid: 2, startNs: 2 });
  const events: KernelEvent[] = [];
  expect(decodeEvents(joinBytes([unknown, last]), (event) => events.push(event))).toBe(1);
  expect(events).toMatchObject([{ pid: 2 }]);
});

test.each(SAMPLES.map((bytes) => ({ bytes, type: bytes[HEADER.type] ?? 0 })))(
  "a record of type $type cut at any byte is an error, never a wrong event",
  ({ bytes }) => {
    for (let length = 1; length < bytes.length; length += 1) {
      expect(() => decodeAll(bytes.subarray(0, length))).toThrow(RecordError);
    }
  },
);

test("events in front of broken bytes are delivered", () => {
  const events: KernelEvent[] = [];
  const bytes = joinBytes([...SAMPLES, new Uint8Array([1, 2, 3, 4, 5, 6, 7, 8])]);
  expect(() => decodeEvents(bytes, (event) => events.push(event))).toThrow(RecordError);
  expect(events).toHaveLength(SAMPLES.length);
});

test.each([0, 8, 12, 33, 4096])("a record size of %i is refused", (size) => {
  const bytes = exitRecord({ timeNs: 1, pid: 1, startNs: 1 });
  new DataView(bytes.buffer).setUint32(HEADER.size, size, true);
  expect(() => decodeAll(bytes)).toThrow(RecordError);
});

test.each([
  ["exeLength", PROCESS.exeLength],
  ["filenameLength", PROCESS.filenameLength],
  ["argvLength", PROCESS.argvLength],
])("a process whose %s is larger than its field is refused", (_, offset) => {
  const bytes = processRecord({ timeNs: 1, pid: 1, startNs: 1, exe: "/a" });
  new DataView(bytes.buffer).setUint16(offset, 1025, true);
  expect(() => decodeAll(bytes)).toThrow(RecordError);
});

test("random damage gives events or a RecordError, nothing else", () => {
  const source = joinBytes(SAMPLES);
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(source.length - 1), fc.nat(255)), { maxLength: 6 }), (changes) => {
      const bytes = source.slice();
      for (const [at, value] of changes) bytes[at] = value;
      try {
        expect(decodeAll(bytes).length).toBeLessThanOrEqual(bytes.length / HEADER.bytes);
      } catch (error) {
        expect(error).toBeInstanceOf(RecordError);
      }
    }),
    { numRuns: 2000 },
  );
});
