import { readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import { decodeBase64 } from "../../../../../src/core/protocol/resolved/decode-base64.ts";
import type { MonitorAnswer } from "../../../../../src/core/protocol/resolved/parse-monitor-reply.ts";
import { createMonitorReader, MAX_MESSAGE_BYTES } from "../../../../../src/core/protocol/resolved/read-monitor.ts";

/** The recorded stream: lines become messages ended by NUL. */
const RECORDED = Uint8Array.from(
  readFileSync(new URL("../../../../fixtures/resolved/monitor-252.jsonl", import.meta.url)),
  (byte) => (byte === 0x0a ? 0 : byte),
);

const address = (name: string, value: string): object => ({ kind: "address", name, ttlSec: 120, address: value });

const EXPECTED = [
  {
    questions: [
      { name: "alias.telltale.test", type: 1 },
      { name: "alias.telltale.test", type: 28 },
    ],
    answers: [
      { kind: "cname", name: "alias.telltale.test", ttlSec: 120, target: "multi.telltale.test" },
      address("multi.telltale.test", "2001:db8::2"),
      address("multi.telltale.test", "198.51.100.1"),
      address("multi.telltale.test", "198.51.100.2"),
    ],
    failure: null,
  },
  {
    questions: [
      { name: "gone.telltale.test", type: 1 },
      { name: "gone.telltale.test", type: 28 },
    ],
    answers: [],
    failure: "NXDOMAIN",
  },
  { questions: [{ name: "refused.example", type: 1 }], answers: [], failure: "REFUSED" },
  {
    questions: [{ name: "multi.telltale.test", type: 1 }],
    answers: [address("multi.telltale.test", "198.51.100.2"), address("multi.telltale.test", "198.51.100.1")],
    failure: null,
  },
  {
    questions: [{ name: "https.telltale.test", type: 65 }],
    answers: [
      {
        kind: "service",
        name: "https.telltale.test",
        ttlSec: 120,
        target: ".",
        addressHints: ["198.51.100.9"],
        echPublicNames: [],
      },
    ],
    failure: null,
  },
  { questions: [{ name: "txt.telltale.test", type: 16 }], answers: [], failure: null },
  {
    questions: [{ name: "1.100.51.198.in-addr.arpa", type: 12 }],
    answers: [{ kind: "ptr", name: "1.100.51.198.in-addr.arpa", ttlSec: 120, target: "multi.telltale.test" }],
    failure: null,
  },
];

const message = (parameters: unknown): Uint8Array => new TextEncoder().encode(`${JSON.stringify({ parameters })}\0`);
const GOOD = { state: "success", question: [{ class: 1, type: 1, name: "a.test" }], answer: [] };
const GOOD_ANSWER: MonitorAnswer = { questions: [{ name: "a.test", type: 1 }], answers: [], failure: null };

test("the stream of a real systemd-resolved tells questions, answers and failures", () => {
  const reader = createMonitorReader();
  expect(reader.push(RECORDED)).toEqual(EXPECTED);
  expect(reader.counters).toEqual({ malformed: 0, tooLong: 0 });
});

test("wherever the stream is cut, it tells the same", () => {
  fc.assert(
    fc.property(fc.array(fc.nat(RECORDED.length), { maxLength: 20 }), (cuts) => {
      const edges = [0, ...cuts.sort((a, b) => a - b), RECORDED.length];
      const reader = createMonitorReader();
      const answers = edges.slice(1).flatMap((end, index) => reader.push(RECORDED.subarray(edges[index], end)));
      expect(answers).toEqual(EXPECTED);
    }),
  );
});

test("every single byte in turn tells the same, and the memory of a piece may be used again", () => {
  const reader = createMonitorReader();
  const piece = new Uint8Array(1);
  const answers: MonitorAnswer[] = [];
  for (const byte of RECORDED) {
    piece[0] = byte;
    answers.push(...reader.push(piece));
  }
  expect(answers).toEqual(EXPECTED);
});

test("questions asked on the way follow those asked first", () => {
  const parameters = {
    ...GOOD,
    collectedQuestions: [
      { class: 1, type: 1, name: "B.test." },
      { class: 3, type: 1, name: "chaos.test" },
      { class: 1, type: 1, name: "" },
    ],
  };
  expect(createMonitorReader().push(message(parameters))).toEqual([
    {
      ...GOOD_ANSWER,
      questions: [
        { name: "a.test", type: 1 },
        { name: "b.test", type: 1 },
      ],
    },
  ]);
});

test("failures have the name of their code, or resolved's own word", () => {
  const failureOf = (parameters: object): unknown =>
    createMonitorReader().push(message({ ...GOOD, ...parameters }))[0]?.failure;
  expect(failureOf({ state: "rcode-failure", rcode: 2 })).toBe("SERVFAIL");
  expect(failureOf({ state: "rcode-failure" })).toBe("rcode-failure");
  expect(failureOf({ state: "rcode-failure", rcode: "3" })).toBe("rcode-failure");
  expect(failureOf({ state: "attempts-max-reached" })).toBe("attempts-max-reached");
  expect(failureOf({ state: "dnssec-failed", result: "no-signature" })).toBe("dnssec-failed");
});

test("a bad message is counted, and the next one read", () => {
  const bad = [
    "",
    "{",
    "[]",
    "null",
    "7",
    '"x"',
    '{"parameters":[]}',
    '{"error":"io.systemd.System"}',
    '{"parameters":{"state":7}}',
    '{"parameters":{"state":"\\u001b[2J"}}',
  ];
  const reader = createMonitorReader();
  for (const text of bad) {
    expect(reader.push(new TextEncoder().encode(`${text}\0`))).toEqual([]);
    expect(reader.push(message(GOOD))).toEqual([GOOD_ANSWER]);
  }
  // An empty message says nothing; the others are wrong.
  expect(reader.counters).toEqual({ malformed: bad.length - 1, tooLong: 0 });
});

test("records that are not as described are left out, the others stay", () => {
  const raw = Buffer.from("0161000001000100000078000401020304", "hex").toString("base64");
  const answer = [
    null,
    7,
    {},
    { raw: 7 },
    { raw: "!!!!" },
    { raw: "AAAA" },
    { raw: "" },
    { raw: raw.slice(4) },
    { raw },
  ];
  expect(createMonitorReader().push(message({ ...GOOD, answer }))[0]?.answers).toEqual([
    { kind: "address", name: "a", ttlSec: 120, address: "1.2.3.4" },
  ]);
});

test("a message over the cap is passed over up to its end, in bounded memory", () => {
  const reader = createMonitorReader();
  const chunk = new Uint8Array(100_000).fill(0x20);
  for (let sent = 0; sent <= MAX_MESSAGE_BYTES * 2; sent += chunk.length) expect(reader.push(chunk)).toEqual([]);
  expect(reader.push(Uint8Array.of(0x7d, 0))).toEqual([]);
  expect(reader.push(message(GOOD))).toEqual([GOOD_ANSWER]);
  expect(reader.counters).toEqual({ malformed: 0, tooLong: 1 });
});

test("lists have caps", () => {
  const question = new Array<unknown>(1000).fill({ class: 1, type: 1, name: "a.test" });
  expect(createMonitorReader().push(message({ ...GOOD, question }))[0]?.questions.length).toBe(64);
});

test("JSON nested without end does not throw", () => {
  const text = `{"parameters":${"[".repeat(200_000)}`;
  const reader = createMonitorReader();
  expect(reader.push(new TextEncoder().encode(`${text}\0`))).toEqual([]);
  expect(reader.counters.malformed).toBe(1);
});

test("random and damaged streams never throw, and their names are printable ASCII", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), fc.nat(RECORDED.length - 1), (random, at) => {
      const damaged = RECORDED.slice();
      damaged.set(random.subarray(0, RECORDED.length - at), at);
      for (const { questions, answers, failure } of createMonitorReader().push(damaged)) {
        for (const { name } of [...questions, ...answers]) expect(name).toMatch(/^[a-z0-9_.\\-]+$/);
        expect(failure ?? "ok").toMatch(/^[A-Za-z0-9-]+$/);
      }
    }),
    { numRuns: 2000 },
  );
});

test("Base64 is read as Node writes it, and anything else refused", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 50 }), (bytes) => {
      expect(decodeBase64(Buffer.from(bytes).toString("base64"))).toEqual(bytes);
    }),
  );
  for (const text of ["A", "AA", "AAA", "AA=A", "====", "AAA-", "AA AA", "AAAA="])
    expect(decodeBase64(text)).toBe(undefined);
});
