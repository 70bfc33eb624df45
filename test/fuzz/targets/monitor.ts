/** systemd-resolved's monitor stream: however it is cut, the same answers come out. */
import { readFileSync } from "node:fs";
import { createMonitorReader, type MonitorReader } from "../../../src/core/protocol/resolved/read-monitor.ts";
import { ensure, type FuzzTarget } from "../engine/fuzz-target.ts";
import { ensureCanonicalAddress, ensureSafeName } from "../engine/safe-text.ts";
import { bytesOfHex, bytesOfText } from "../engine/seed-files.ts";

type Answers = ReturnType<MonitorReader["push"]>;

function checkAnswers(answers: Answers): void {
  for (const { questions, answers: records, failure } of answers) {
    ensure(questions.length <= 128 && records.length <= 4096, () => `${questions.length}, ${records.length}`);
    for (const { name } of questions) ensureSafeName(name);
    for (const record of records) {
      ensureSafeName(record.name);
      if (record.kind === "address") ensureCanonicalAddress(record.address);
      else ensureSafeName(record.target);
      if (record.kind === "service") record.addressHints.forEach(ensureCanonicalAddress);
    }
    ensure(failure === null || /^[A-Za-z0-9-]{1,40}$/.test(failure), () => `failure ${JSON.stringify(failure)}`);
  }
}

/** Records, each behind its length, as the one reply that brings them all. */
function replyWith(records: Uint8Array): Uint8Array {
  const answer: { raw: string }[] = [];
  for (let at = 0; at < records.length; at += 1 + (records[at] ?? 0)) {
    answer.push({ raw: Buffer.from(records.subarray(at + 1, at + 1 + (records[at] ?? 0))).toString("base64") });
  }
  return bytesOfText(`${JSON.stringify({ parameters: { state: "success", question: [], answer } })}\0`);
}

/** Seven bits of the first byte are the size of pieces, 0 for all at once. The top bit: the rest is records, not JSON. */
function run(input: Uint8Array): void {
  const first = input[0] ?? 0;
  const size = first & 0x7f;
  const stream = first > 0x7f ? replyWith(input.subarray(1)) : input.subarray(1);
  const whole = createMonitorReader();
  const answers = whole.push(stream);
  checkAnswers(answers);
  if (size === 0) return;
  const cut = createMonitorReader();
  const inPieces: Answers[number][] = [];
  for (let at = 0; at < stream.length; at += size) inPieces.push(...cut.push(stream.subarray(at, at + size)));
  ensure(JSON.stringify(inPieces) === JSON.stringify(answers), () => `pieces of ${size} read otherwise`);
  ensure(JSON.stringify(cut.counters) === JSON.stringify(whole.counters), () => `pieces of ${size} counted otherwise`);
}

/** Three records: an address, an alias, a service. */
const RECORDS = [
  "05 6d756c7469 04 74657374 00 0001 0001 00000078 0004 c6336402",
  "01 61 04 74657374 00 0005 0001 00000078 0008 01 62 04 74657374 00",
  "01 61 00 0041 0001 00000078 0015 0001 00 0001 0006 026833 026832 0004 0004 c6336409",
].map(bytesOfHex);

const seeds = (): Uint8Array[] => {
  const replies = readFileSync("test/fixtures/resolved/monitor-252.jsonl", "utf8").trim().split("\n");
  const texts = [...replies, `${replies[0]}\0${replies[2]}\0{"parameters":{"state":"timeout"}}`];
  const records = RECORDS.flatMap((bytes) => [bytes.length, ...bytes]);
  return [
    ...texts.flatMap((text) => [0, 13].map((size) => new Uint8Array([size, ...bytesOfText(`${text}\0`)]))),
    new Uint8Array([0x80, ...records]),
    new Uint8Array([0x87, ...records]),
  ];
};

const many = (part: string, close: string): Uint8Array =>
  bytesOfText(`\0${part.repeat(Math.floor((1024 * 1024 - 200) / part.length))}${close}\0`);

export const target: FuzzTarget = {
  name: "monitor",
  maxBytes: 600,
  longBytes: 32 * 1024,
  seeds,
  words: [
    '{"parameters":{',
    '"raw":"',
    '{"class":1,"type":28,',
    '"name":"',
    "\\ud800",
    "\\u0000",
    "null",
    "1e999",
    "[",
    "]",
    "{",
    "}",
    "\0",
  ],
  worst: () => [
    bytesOfText(`\0${"x".repeat(1_100_000)}\0{"parameters":{"state":"timeout"}}\0`), // over the cap, and how it goes on after
    many("[", ""),
    many('{"a":', ""),
    many("0", ""),
    bytesOfText("\0{}".repeat(16_384)),
  ],
  run,
};
