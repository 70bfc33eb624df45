/**
 * Whether one internationalised label of a name may be shown as Unicode. After
 * Chromium's policy (docs/idn.md, components/url_formatter/spoof_checks) and
 * UTS 39, on the strict side: a label that is refused is shown as the ASCII it
 * is sent as, which is never wrong, only harder to read. What cannot be judged
 * without knowing every other name (`googlé` beside `google`) is not judged.
 */
import { isWholeLookAlike } from "./look-alike-letters.ts";

/** Scripts in everyday use (UAX 31 table 5), Latin and those of CJK apart. Others, full of look-alikes, are never shown. */
const SINGLE_SCRIPTS = [
  "Arabic",
  "Armenian",
  "Bengali",
  "Cyrillic",
  "Devanagari",
  "Ethiopic",
  "Georgian",
  "Greek",
  "Gujarati",
  "Gurmukhi",
  "Hebrew",
  "Kannada",
  "Khmer",
  "Lao",
  "Malayalam",
  "Myanmar",
  "Oriya",
  "Sinhala",
  "Tamil",
  "Telugu",
  "Thaana",
  "Thai",
  "Tibetan",
] as const;

/**
 * Lower-case Latin that living languages write with: Latin-1, Extended-A,
 * Romanian, Vietnamese, and what is made from them with diacritics. Without
 * kra, long s, n with apostrophe, clicks, phonetic and turned letters.
 */
const LATIN =
  "a-z\\u00df-\\u00ef\\u00f1-\\u00f6\\u00f8-\\u00fd\\u00ff-\\u0130\\u0132-\\u0137\\u0139-\\u0148\\u014a-\\u017e\\u01a1\\u01b0\\u01ce-\\u01dc\\u01e7\\u01f5\\u01f9\\u0219\\u021b\\u0227\\u022f\\u0233\\u1e00-\\u1e99\\u1ea0-\\u1ef9";
const DIGITS = "0-9\\-";

/** UTS 39 section 5.2, highly restrictive: one script, or one of three combinations with plain Latin. */
const ALLOWED_LABELS: readonly RegExp[] = [
  new RegExp(`^[${LATIN}${DIGITS}\\u00b7\\u00f0\\u00fe\\u0131\\u0259]+$`, "u"),
  ...SINGLE_SCRIPTS.map((script) => new RegExp(`^[\\p{scx=${script}}${DIGITS}]+$`, "u")),
  new RegExp(`^[\\p{scx=Han}\\p{scx=Hiragana}\\p{scx=Katakana}a-z${DIGITS}]+$`, "u"),
  new RegExp(`^[\\p{scx=Han}\\p{scx=Bopomofo}a-z${DIGITS}]+$`, "u"),
  new RegExp(`^[\\p{scx=Han}\\p{scx=Hangul}a-z${DIGITS}]+$`, "u"),
];

const KANA_OR_HAN = "\\p{sc=Han}\\p{sc=Hiragana}\\p{sc=Katakana}\\u30fc";
/** Han and kana drawn like a hyphen, a slash or a dot. */
const STROKES = "\\u3031-\\u3035\\u4e00\\u4e36\\u4e3f\\u30ce\\u30f3\\u30bd\\u30be\\u30fc\\u3127";

/** Each is a way to draw something that the name does not say. */
const DANGEROUS: readonly RegExp[] = [
  // Anything that is not a letter, a mark of one, a digit, a hyphen or the Catalan dot: no control, space, dot, slash, symbol, emoji, unassigned.
  /[^\p{L}\p{M}\p{Nd}\-\u00b7]/u,
  /\p{Default_Ignorable_Code_Point}|\p{Bidi_Control}|\p{Deprecated}|\p{Noncharacter_Code_Point}/u,
  // A combining mark on its own, or a row of them.
  /^\p{M}|-\p{M}|[0-9]\p{M}|\p{Mn}{3}|(\p{Mn})\1/u,
  // Marks that NFC could not join to a letter of these scripts: dots over i, strokes, rings.
  /[\p{sc=Latin}\p{sc=Greek}\p{sc=Cyrillic}]\p{M}/u,
  // The Catalan dot only between two l (RFC 5892 appendix A.3).
  /(?<!l)\u00b7|\u00b7(?!l)/u,
  // Strokes beside anything else than their own kind of writing, or with nothing beside them.
  new RegExp(`[^${KANA_OR_HAN}][${STROKES}]|[${STROKES}][^${KANA_OR_HAN}]|^[${STROKES}]+$`, "u"),
  // What repeats or lengthens the character before it, without one.
  /^[\u3005\u3031-\u3035\u309d\u309e\u30fc-\u30fe]/u,
  // Hiragana he, be and pe among nothing but katakana, and the other way round: drawn alike.
  /^\p{scx=Katakana}*[\u3078-\u307a]\p{scx=Katakana}+$|^\p{scx=Katakana}+[\u3078-\u307a]\p{scx=Katakana}*$/u,
  /^\p{scx=Hiragana}*[\u30d8-\u30da]\p{scx=Hiragana}+$|^\p{scx=Hiragana}+[\u30d8-\u30da]\p{scx=Hiragana}*$/u,
  // Letters drawn like apostrophes and quotes, also in Armenian.
  /[\u02b0-\u02ff\u0559]/u,
  // Historic letters and such for phonetics: Cyrillic, Greek, Arabic (and its filler), Hangul.
  /[\u0460-\u0489\u0500-\u052f\u1c80-\u1c8f\u2de0-\u2dff\ua640-\ua69f]/u,
  /[\u0370-\u038f\u03d0-\u03ff\u1f00-\u1fff]/u,
  /[\u1100-\u11ff\ua960-\ua97f\ud7b0-\ud7ff]/u,
  /[\u0640\u0750-\u077f\u0870-\u08ff]/u,
  // Gershayim and geresh read as quotes; Arabic numeral separators as commas.
  /[\u05be-\u05c7\u05f0-\u05f4\u066a-\u066d\u06d4]/u,
];

/** Letters that read as another one except where people write with them (Chromium shows them there alone). */
const AT_HOME: readonly (readonly [RegExp, ReadonlySet<string>])[] = [
  [/[\u00f0\u00fe]/u, new Set(["is", "fo"])],
  [/\u0131/u, new Set(["tr", "az"])],
  [/\u0259/u, new Set(["az"])],
];

/** Digits of a set stand together; the first is its zero. */
function zeroOf(digit: string): number {
  let zero = digit.codePointAt(0) ?? 0;
  for (let step = 0; step < 9 && /\p{Nd}/u.test(String.fromCodePoint(zero - 1)); step += 1) zero -= 1;
  return zero;
}

const digitsAgree = (label: string): boolean =>
  new Set([...label].filter((character) => /\p{Nd}/u.test(character)).map(zeroOf)).size <= 1;

const isStable = (label: string): boolean =>
  label.normalize("NFC") === label && label.normalize("NFKC") === label && label.toLowerCase() === label;

const RIGHT_TO_LEFT = /[\p{sc=Arabic}\p{sc=Hebrew}\p{sc=Thaana}]/u;

export const isRightToLeft = (label: string): boolean => RIGHT_TO_LEFT.test(label);

/** RFC 5893 section 2, for labels that ALLOWED_LABELS already keeps to one script: begins and ends with a letter of it, marks aside. */
const obeysBidiRule = (label: string): boolean =>
  !isRightToLeft(label) || (/^\p{L}/u.test(label) && /[\p{L}\p{Nd}]\p{M}*$/u.test(label));

const hasLegalHyphens = (label: string): boolean =>
  !label.startsWith("-") && !label.endsWith("-") && label.slice(2, 4) !== "--";

/** `label` decoded; `topLevel`: the name's last label, decoded. */
export function isSafeLabel(label: string, topLevel: string): boolean {
  return (
    /[^\0-\x7f]/.test(label) &&
    isStable(label) &&
    hasLegalHyphens(label) &&
    ALLOWED_LABELS.some((allowed) => allowed.test(label)) &&
    !DANGEROUS.some((pattern) => pattern.test(label)) &&
    AT_HOME.every(([letters, homes]) => !letters.test(label) || homes.has(topLevel)) &&
    digitsAgree(label) &&
    obeysBidiRule(label) &&
    !isWholeLookAlike(label, topLevel)
  );
}
