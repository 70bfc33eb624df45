/**
 * Text and names made safe to show. The first byte chooses where the text comes
 * from: UTF-8, UTF-16 with unpaired halves, or a name whose labels are encoded
 * as punycode, so that mutation works on what they decode to.
 */
import punycode from "punycode/punycode.js";
import { decodeUtf8 } from "../../../src/core/event/decode-text.ts";
import { displayDomain } from "../../../src/core/model/display-domain.ts";
import { displayArguments, displayText, shortenMiddle } from "../../../src/core/model/display-text.ts";
import { ensure, type FuzzTarget } from "../engine/fuzz-target.ts";
import { bytesOfText } from "../engine/seed-files.ts";

/** Controls, halves of characters, line ends, what turns text round, what cannot be seen (Unicode's own words for them). */
const NEVER_SHOWN = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}\p{Default_Ignorable_Code_Point}]/u;

function ensureShowable(shown: string, from: string): void {
  const code = NEVER_SHOWN.exec(shown)?.[0]?.codePointAt(0);
  ensure(code === undefined, () => `U+${(code ?? 0).toString(16)} shown of ${JSON.stringify(from)}`);
}

const encodeLabel = (label: string): string => (/^[\0-\x7f]*$/.test(label) ? label : `xn--${punycode.encode(label)}`);

/** A name whose labels are shown must be the only one that is written so. */
function checkDomain(name: string): void {
  const shown = displayDomain(name);
  ensureShowable(shown, name);
  if (!/^[a-z0-9_.-]{1,253}$/.test(name)) return;
  const written = shown.split(".").map(encodeLabel).join(".");
  ensure(written === name, () => `${name} is shown as ${shown}, which is ${written}`);
  // One label must not read as two, nor as what only the address bar has.
  ensure(!/[\s/?#@:%\\\u2044\u2215\u3002\uff0e\uff61]/u.test(shown), () => `${name} is shown as ${shown}`);
}

function textOf(input: Uint8Array): string {
  if (input[0] === 1) return Buffer.from(input.subarray(1)).toString("utf16le");
  const text = decodeUtf8(input, 1, input.length);
  return input[0] === 2 ? text.toLowerCase().split(".").map(encodeLabel).join(".") : text;
}

function run(input: Uint8Array): void {
  const text = textOf(input);
  ensureShowable(displayText(text), text);
  ensureShowable(displayArguments([text, text.slice(1)]), text);
  const short = shortenMiddle(text, 8);
  ensure([...short].length <= 8, () => `${JSON.stringify(short)} is longer than 8`);
  checkDomain(text);
}

const NAMES = [
  "bücher.example",
  "пример.рф",
  "аррӏе.com",
  "例え.テスト",
  "mañana.es",
  "שלום.il",
  "a١.مثال",
  "l·l.cat",
  "co‍l.in",
];
const TEXTS = [
  "/usr/bin/a b",
  "\u001b[31m\u202ereverse",
  "a\u00adb\ufeff",
  "xn--bcher-kva.example or xn--80ak6aa92e.com",
  "e\u0301",
];

const seeds = (): Uint8Array[] => [
  ...TEXTS.map((text) => new Uint8Array([0, ...bytesOfText(text)])),
  ...NAMES.map((text) => new Uint8Array([2, ...bytesOfText(text)])),
  new Uint8Array([1, ...Buffer.from("\ud800a\u2066", "utf16le")]),
];

const words = [
  "xn--",
  "\u3164",
  "\u034f",
  "\u115f",
  "\ufe0f",
  "\u{e0100}",
  "\u{e0041}",
  "\u180b",
  "ʼ",
  "ı",
  "ö",
  "ж",
  "א",
  "ع",
  "中",
  "が",
  "ß",
  "ς",
  "・",
  "١",
  "\u0301",
];

export const target: FuzzTarget = { name: "display", maxBytes: 100, longBytes: 4096, seeds, words, run };
