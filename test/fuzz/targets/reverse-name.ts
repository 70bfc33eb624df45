/** Answers to reverse lookups: whoever owns an address writes them. */
import { decodeUtf8 } from "../../../src/core/event/decode-text.ts";
import { parseReverseName } from "../../../src/core/protocol/reverse-name.ts";
import { ensure, type FuzzTarget } from "../engine/fuzz-target.ts";
import { bytesOfText } from "../engine/seed-files.ts";

function run(input: Uint8Array): void {
  const text = decodeUtf8(input, 0, input.length);
  const name = parseReverseName(text);
  if (name === undefined) return;
  const labels = name.split(".");
  ensure(labels.length >= 2 && name.length <= 253, () => `not a host name: ${name}`);
  for (const label of labels) {
    ensure(/^[a-z0-9_-]{1,63}$/.test(label) && !/^-|-$/.test(label), () => `not a label: ${label}`);
  }
  ensure(!/(?:^|\.)arpa$/.test(name) && !/^\d+$/.test(labels.at(-1) ?? ""), () => `no host's name: ${name}`);
  ensure(parseReverseName(name) === name, () => `${name} read again is another name`);
}

const SEEDS = ["host-1.example.net.", "Mail_A.B.example", "1.2.0.192.in-addr.arpa", "192.0.2.1", "bü.example", "a..b"];

export const target: FuzzTarget = {
  name: "reverse-name",
  maxBytes: 120,
  longBytes: 1024,
  seeds: () => SEEDS.map(bytesOfText),
  words: [".arpa", "xn--", "-", "_", "ü", "\u3002", "0x1"],
  worst: () => [bytesOfText(`${"a-".repeat(30)}.`.repeat(16)), bytesOfText(`${"a".repeat(63)}.`.repeat(4))],
  run,
};
