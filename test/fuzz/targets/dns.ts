/** DNS messages: the first byte tells whether the capture cut the message. */
import { type DnsMessage, parseMessage } from "../../../src/core/protocol/dns/parse-message.ts";
import { resolveName, resolveUnasked } from "../../../src/core/protocol/dns/resolve-answer.ts";
import { addressBytes } from "../../unit/support/encode-records.ts";
import { ensure, type FuzzTarget } from "../engine/fuzz-target.ts";
import { readReference } from "../engine/reference-dns.ts";
import { ensureCanonicalAddress, ensureSafeName } from "../engine/safe-text.ts";
import { hexFixture } from "../engine/seed-files.ts";

const ADDRESS_TYPES: Readonly<Record<number, number>> = { 1: 4, 28: 16 };
const SERVICE_TYPES: ReadonlySet<number> = new Set([64, 65]);

/** The text of an address says its bytes; an IPv4-mapped one is written as IPv4. */
function ensureSaysBytes(address: string, data: Uint8Array): void {
  const isSame = address.includes(":")
    ? Buffer.from(addressBytes(address)).equals(data)
    : address === data.subarray(-4).join(".");
  ensure(isSame, () => `${address} is not ${data.join(".")}`);
}

/** What names and records say, in the words of the reference. */
function ensureAsReference(bytes: Uint8Array, { questions, answers }: DnsMessage): void {
  const reference = readReference(bytes);
  const asked = (list: readonly { name: string; type: number }[]): string =>
    list.map(({ name, type }) => `${name} ${type}`).join();
  ensure(
    asked(questions) === asked(reference.questions),
    () => `asked ${asked(questions)}, not ${asked(reference.questions)}`,
  );
  const known = reference.answers.filter(
    ({ type, isInternet, target }) =>
      isInternet && (target !== null || ADDRESS_TYPES[type] !== undefined || SERVICE_TYPES.has(type)),
  );
  ensure(known.length === answers.length, () => `${answers.length} answers, not ${known.length}`);
  for (const [index, { name, target, data }] of known.entries()) {
    const answer = answers[index];
    const isSame = answer?.name === name && (target === null || ("target" in answer && answer.target === target));
    ensure(isSame, () => `answer ${index} is ${JSON.stringify(answer)}, not of ${name} to ${target}`);
    if (answer?.kind === "address") ensureSaysBytes(answer.address, data);
  }
}

function run(input: Uint8Array): void {
  const bytes = input.subarray(1);
  const message = parseMessage(bytes, input[0] === 1);
  if (message === undefined) return;
  if (input[0] !== 1) ensureAsReference(bytes, message);
  // A record takes at least 11 bytes, a question 5: counts cannot outgrow the message.
  ensure(message.questions.length * 5 <= bytes.length, () => `${message.questions.length} questions`);
  ensure(message.answers.length * 11 <= bytes.length, () => `${message.answers.length} answers`);
  for (const { name } of message.questions) ensureSafeName(name);
  for (const record of message.answers) {
    ensureSafeName(record.name);
    if (record.kind === "address") ensureCanonicalAddress(record.address);
    else ensureSafeName(record.target);
    if (record.kind === "service") record.addressHints.forEach(ensureCanonicalAddress);
  }
  const asked = message.questions.slice(0, 2).map(({ name }) => resolveName(name, message.answers));
  for (const { aliases, addresses } of [...asked, ...resolveUnasked(message)]) {
    ensure(aliases.length <= 32, () => `a chain of ${aliases.length}`);
    ensure(new Set(addresses).size === addresses.length, () => "an address twice");
  }
}

/** 64 KiB of names with one address each, every one an alias of the next: all of them are looked for in all of it. */
function longChains(): Uint8Array {
  const head = [0, 0, 0, 0x84, 0, 0, 0, 0x0f, 0xff, 0, 0, 0, 0];
  const name = (index: number): number[] => [2, 0x61 + (index % 26), 0x30 + (Math.floor(index / 26) % 64), 0];
  const bytes = [...head];
  for (let index = 0; bytes.length < 0xffd0; index += 1) {
    bytes.push(...name(index), 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 192, 0, 2, index & 0xff);
    bytes.push(...name(index), 0, 5, 0, 1, 0, 0, 0, 60, 0, 4, ...name(index + 1));
  }
  const answers = Math.min(4096, (bytes.length - head.length) / 18);
  bytes[7] = answers >> 8;
  bytes[8] = answers & 0xff;
  return new Uint8Array(bytes);
}

export const target: FuzzTarget = {
  name: "dns",
  maxBytes: 512,
  seeds: () =>
    ["dns/dnsmasq.hex", "dns/services.hex"].flatMap(hexFixture).map((bytes) => new Uint8Array([0, ...bytes])),
  words: [
    new Uint8Array([0xc0, 0x0c]),
    new Uint8Array([0, 1, 0, 1]),
    new Uint8Array([0, 28, 0, 1]),
    new Uint8Array([0, 65, 0, 1]),
  ],
  worst: () => [longChains()],
  run,
};
