/** systemd-resolved's monitor stream: however it is cut, the same answers come out. */
import { createMonitorReader, type MonitorReader } from "../../../src/core/protocol/resolved/read-monitor.ts";
import { ensure, type FuzzTarget } from "../engine/fuzz-target.ts";
import { ensureCanonicalAddress, ensureSafeName } from "../engine/safe-text.ts";
import { bytesOfText } from "../engine/seed-files.ts";

type Answers = ReturnType<MonitorReader["push"]>;

function checkAnswers(answers: Answers): void {
  for (const { questions, answers: records, failure } of answers) {
    ensure(questions.length <= 128 && records.length <= 4096, () => `${questions.length}, ${records.length}`);
    for (const { name } of questions) ensureSafeName(name);
    for (const record of records) {
      ensureSafeName(record.name);
      if (record.kind === "address") ensureCanonicalAddress(record.address);
      else ensureSafeName(record.target);
    }
    ensure(failure === null || /^[A-Za-z0-9-]{1,40}$/.test(failure), () => `failure ${JSON.stringify(failure)}`);
  }
}

/** The first byte is the size of pieces, 0 for all at once. */
function run(input: Uint8Array): void {
  const size = input[0] ?? 0;
  const stream = input.subarray(1);
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

const key = (type: number, name: string) => ({ class: 1, type, name });
const REPLIES = [
  { parameters: { ready: true }, continues: true },
  {
    parameters: {
      state: "success",
      question: [key(1, "A.example")],
      collectedQuestions: [key(5, "a.example")],
      answer: [
        { rr: { key: key(5, "a.example"), name: "b.example" }, ifindex: 2 },
        { rr: { key: key(1, "b.example"), address: [192, 0, 2, 1] } },
        { rr: { key: key(28, "b.example"), address: [32, 1, 13, 184, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1] } },
      ],
    },
    continues: true,
  },
  { parameters: { state: "rcode-failure", rcode: 3, question: [key(1, "no.example")] } },
  { parameters: { state: "timeout", question: [key(28, "b\u00fc.example")] } },
];

const seeds = (): Uint8Array[] => {
  const texts = REPLIES.map((reply) => `${JSON.stringify(reply)}\0`);
  return [...texts, texts.slice(0, 2).join("")].flatMap((text) =>
    [0, 13].map((size) => new Uint8Array([size, ...bytesOfText(text)])),
  );
};

const many = (part: string, close: string): Uint8Array =>
  bytesOfText(`\0${part.repeat(Math.floor((1024 * 1024 - 200) / part.length))}${close}\0`);

export const target: FuzzTarget = {
  name: "monitor",
  maxBytes: 800,
  longBytes: 32 * 1024,
  seeds,
  words: [
    '{"parameters":{',
    '"rr":{"key":{"class":1,"type":28,',
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
  worst: () => [many("[", ""), many('{"a":', ""), many("0", ""), bytesOfText("\0{}".repeat(16_384))],
  run,
};
