/**
 * Names as programs give them to their C library, and addresses as text. The
 * first byte tells whether the rest is UTF-8, or UTF-16 with unpaired halves
 * (as JSON can write them).
 */
import { isIP } from "node:net";
import punycode from "punycode/punycode.js";
import { decodeUtf8 } from "../../../src/core/event/decode-text.ts";
import { parseLookupName } from "../../../src/core/protocol/lookup-name.ts";
import { parseAddress } from "../../../src/core/protocol/parse-address.ts";
import { ensure, type FuzzTarget } from "../engine/fuzz-target.ts";
import { ensureCanonicalAddress, ensureSafeName } from "../engine/safe-text.ts";
import { bytesOfText } from "../engine/seed-files.ts";

const textOf = (input: Uint8Array): string =>
  input[0] === 1 ? Buffer.from(input.subarray(1)).toString("utf16le") : decodeUtf8(input, 1, input.length);

/** What we made is punycode that says something beyond ASCII, and says it in the one way there is. */
function ensureOwnPunycode(label: string): void {
  const encoded = label.slice("xn--".length);
  const decoded = punycode.decode(encoded);
  ensure(/[^\0-\x7f]/.test(decoded), () => `${label} is ASCII in disguise`);
  ensure(punycode.encode(decoded) === encoded, () => `${label} is not how ${decoded} is written`);
}

function checkName(text: string): void {
  const name = parseLookupName(text);
  if (name === null) return;
  ensureSafeName(name);
  for (const label of name.split(".")) {
    if (label.startsWith("xn--") && !text.toLowerCase().includes("xn--")) ensureOwnPunycode(label);
  }
  if (name.includes("\\")) return;
  const again = parseLookupName(name);
  ensure(again === name, () => `${JSON.stringify(name)} read again is ${JSON.stringify(again)}`);
}

function checkAddress(text: string): void {
  const address = parseAddress(text);
  if (address !== undefined) ensureCanonicalAddress(address);
  if (text.includes("%") || text.length > 64) return;
  ensure((address !== undefined) === (isIP(text) !== 0), () => `${JSON.stringify(text)} read as ${address}`);
}

function run(input: Uint8Array): void {
  const text = textOf(input);
  checkName(text);
  checkAddress(text);
}

const SEEDS = [
  "a.example",
  "A.B.Example.",
  "bücher.example",
  "例え。テスト",
  "ａｂｃ.example",
  "straße.de",
  "192.0.2.1",
  "2001:db8::1",
  "::ffff:192.0.2.1",
  "fe80::1%eth0",
  "xn--bcher-kva.example",
  "_srv._tcp.a.example",
  "a b\u0000c",
];

const seeds = (): Uint8Array[] => [
  ...SEEDS.map((text) => new Uint8Array([0, ...bytesOfText(text)])),
  ...["bü.ex", "\ud800a", "e\u0301.ex"].map((text) => new Uint8Array([1, ...Buffer.from(text, "utf16le")])),
];

const words = [
  "ü",
  "ß",
  "İ",
  "ſ",
  "\u0301",
  "\u3002",
  "\uff0e",
  "ﬁ",
  "が",
  "\u200d",
  "한",
  "مثال",
  "::",
  "%1",
  "0x",
  "xn--",
  "😀",
];

export const target: FuzzTarget = { name: "lookup-name", maxBytes: 120, longBytes: 1024, seeds, words, run };
