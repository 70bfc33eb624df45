import fc from "fast-check";
import { expect, test } from "vitest";
import { createFrameDecoder } from "../../../src/contract/frame-decoder.ts";
import {
  encodeFrameHeader,
  FRAME_KIND,
  type FrameKind,
  MAX_FRAME_PAYLOAD_BYTES,
  RECORDING_MAGIC,
} from "../../../src/contract/helper-protocol.ts";
import type { HelperMessage } from "../../../src/core/session/session-api.ts";
import { joinBytes } from "../support/encode-records.ts";

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
const frame = (kind: FrameKind, payload: Uint8Array): Uint8Array =>
  joinBytes([encodeFrameHeader(kind, payload.length), payload]);
const jsonFrame = (kind: FrameKind, value: unknown): Uint8Array => frame(kind, utf8(JSON.stringify(value)));

const HELLO = {
  protocolVersion: 1,
  abiVersion: 1,
  telltaleVersion: "0.1.0",
  kernelRelease: "6.1.0-50-amd64",
  architecture: "x64",
  bootWallMs: 1_700_000_000_000.5,
  startedAtNs: 12_345,
  features: [{ id: "connect4", isAttached: false, reason: "EPERM", unseen: "IPv4 connections" }],
};

const RECORDS = new Uint8Array([1, 2, 3, 4, 5, 6, 7, 8]);

const MESSAGES: readonly HelperMessage[] = [
  { kind: "hello", hello: HELLO },
  { kind: "process-arguments", processes: [{ pid: 12, argv: ["a", "ü"] }] },
  { kind: "cgroups", cgroups: [{ id: "18446744073709551615", path: "/system.slice" }] },
  { kind: "records", bytes: RECORDS },
  { kind: "live" },
  { kind: "stats", stats: { sent: { payload: 7 }, lost: { payload: 1 } } },
  { kind: "records", bytes: new Uint8Array(0) },
  { kind: "failure", code: "no-btf", detail: "no /sys/kernel/btf/vmlinux" },
];

const STREAM = joinBytes([
  jsonFrame(FRAME_KIND.hello, HELLO),
  jsonFrame(FRAME_KIND.processArguments, [{ pid: 12, argv: ["a", "ü"] }]),
  jsonFrame(FRAME_KIND.cgroups, [{ id: "18446744073709551615", path: "/system.slice" }]),
  frame(FRAME_KIND.records, RECORDS),
  frame(FRAME_KIND.live, new Uint8Array(0)),
  jsonFrame(FRAME_KIND.stats, { sent: { payload: 7 }, lost: { payload: 1 } }),
  frame(FRAME_KIND.records, new Uint8Array(0)),
  jsonFrame(FRAME_KIND.failure, { code: "no-btf", detail: "no /sys/kernel/btf/vmlinux" }),
]);

test("frames in one chunk become messages", () => {
  const decoder = createFrameDecoder();
  expect(decoder.push(STREAM)).toEqual(MESSAGES);
  expect(decoder.end()).toEqual({ isTruncated: false });
});

test("chunks of one byte give the same messages", () => {
  const decoder = createFrameDecoder();
  const messages = [...STREAM.keys()].flatMap((at) => decoder.push(STREAM.subarray(at, at + 1)));
  expect(messages).toEqual(MESSAGES);
});

test("chunks cut anywhere give the same messages", () => {
  fc.assert(
    fc.property(fc.array(fc.nat(STREAM.length), { maxLength: 10 }), (cuts) => {
      const edges = [0, ...cuts.sort((a, b) => a - b), STREAM.length];
      const decoder = createFrameDecoder();
      const messages = edges.slice(1).flatMap((end, index) => decoder.push(STREAM.subarray(edges[index], end)));
      expect(messages).toEqual(MESSAGES);
      expect(decoder.end().isTruncated).toBe(false);
    }),
  );
});

test("records of a chunk are not copied, those of several are whole", () => {
  const decoder = createFrameDecoder();
  const [message] = decoder.push(frame(FRAME_KIND.records, RECORDS));
  expect(message).toEqual({ kind: "records", bytes: RECORDS });
});

test("a recording begins with its magic, wherever it is cut", () => {
  const recording = joinBytes([utf8(RECORDING_MAGIC), STREAM]);
  for (let cut = 0; cut < 40; cut += 1) {
    const decoder = createFrameDecoder({ source: "recording" });
    expect([...decoder.push(recording.subarray(0, cut)), ...decoder.push(recording.subarray(cut))]).toEqual(MESSAGES);
  }
});

test("a recording cut at any byte delivers what is whole and says that it was cut", () => {
  const recording = joinBytes([utf8(RECORDING_MAGIC), STREAM]);
  const boundaries = new Set<number>();
  for (let length = 1; length <= recording.length; length += 1) {
    const decoder = createFrameDecoder({ source: "recording" });
    const messages = decoder.push(recording.subarray(0, length));
    expect(messages).toEqual(MESSAGES.slice(0, messages.length));
    if (!decoder.end().isTruncated) boundaries.add(length);
  }
  expect(boundaries.size).toBe(MESSAGES.length + 1);
  expect(boundaries.has(recording.length)).toBe(true);
});

test("another kind of file is refused at its first wrong byte", () => {
  const decoder = createFrameDecoder({ source: "recording" });
  expect(() => decoder.push(utf8("\u007fELF"))).toThrow("not a Telltale recording");
  expect(() => decoder.push(STREAM)).toThrow("not a Telltale recording");
});

test("an empty file is no recording", () => {
  expect(() => createFrameDecoder({ source: "recording" }).end()).toThrow("the file is empty");
});

test("a recording of another format says which one it has and which one is read", () => {
  const decoder = createFrameDecoder({ source: "recording" });
  expect(() => decoder.push(utf8("telltale rec  7\n"))).toThrow(/format 7; .* reads 1/);
});

test("messages in front of foreign bytes are delivered before the error", () => {
  const decoder = createFrameDecoder();
  const foreign = new Uint8Array([9, 0, 0, 0, 200, 0, 0, 0]);
  expect(decoder.push(joinBytes([STREAM, foreign]))).toEqual(MESSAGES);
  expect(() => decoder.end()).toThrow("not a Telltale frame");
});

test("a frame larger than any helper writes is refused before it is stored", () => {
  const header = encodeFrameHeader(FRAME_KIND.records, MAX_FRAME_PAYLOAD_BYTES + 1);
  expect(() => createFrameDecoder().push(header)).toThrow("larger than");
});

test.each([
  ["hello", FRAME_KIND.hello, { ...HELLO, features: {} }, "hello.features: expected an array, got object"],
  ["hello", FRAME_KIND.hello, { ...HELLO, kernelRelease: 6 }, "hello.kernelRelease: expected text, got number"],
  ["hello", FRAME_KIND.hello, { ...HELLO, protocolVersion: 2 }, "the helper speaks protocol 2"],
  ["hello", FRAME_KIND.hello, null, "hello: expected an object, got null"],
  [
    "hello",
    FRAME_KIND.hello,
    { ...HELLO, features: new Array(257).fill({}) },
    "at most 256 entries, got an array of 257",
  ],
  ["process arguments", FRAME_KIND.processArguments, [{ pid: 1, argv: [1] }], "argv[0]: expected text, got number"],
  ["process arguments", FRAME_KIND.processArguments, [{ pid: -1, argv: [] }], "pid: expected a count, got -1"],
  ["cgroups", FRAME_KIND.cgroups, [{ id: "x", path: "/" }], "cgroups[0].id: expected a decimal number"],
  ["stats", FRAME_KIND.stats, { sent: {}, lost: { payload: 1.5 } }, "stats.lost.payload: expected a count"],
  ["stats", FRAME_KIND.stats, { sent: {}, lost: { ["x".repeat(65)]: 1 } }, "stats.lost: a name of 65 characters"],
  ["failure", FRAME_KIND.failure, { code: "x" }, "failure.detail: expected text, got undefined"],
])("a wrong field of %s says what was expected and what came", (_, kind, value, message) => {
  expect(() => createFrameDecoder().push(jsonFrame(kind, value))).toThrow(message);
});

test("a payload that is not JSON says so", () => {
  expect(() => createFrameDecoder().push(frame(FRAME_KIND.stats, utf8("{]")))).toThrow(
    "stats: expected JSON, got 2 bytes",
  );
});

test("random bytes give messages or an error, and never a frame out of nothing", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      const decoder = createFrameDecoder();
      try {
        expect(decoder.push(bytes).length).toBeLessThanOrEqual(bytes.length / 8);
      } catch (error) {
        expect(error).toBeInstanceOf(Error);
      }
    }),
  );
});
