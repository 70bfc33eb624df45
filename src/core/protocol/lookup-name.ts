/** What a program asks its C library for, or a hosts file names -> a name like those from DNS. */
import punycode from "punycode/punycode.js";
import { escapeNameByte } from "./dns/read-name.ts";
import { endsInNumber } from "./host-name.ts";
import { parseAddress } from "./parse-address.ts";

/** RFC 1035 section 2.3.4, as text without the trailing dot. */
const MAX_NAME_LENGTH = 253;
const MAX_LABEL_LENGTH = 63;
/** No text this long can be a name: escapes only make it longer. */
const MAX_TEXT_LENGTH = 1024;

const isAscii = (label: string): boolean => /^[\0-\x7f]*$/.test(label);

/** Letters, marks and digits of any script, and hyphens: what an internationalised label may be made of (RFC 5891). */
const isInternational = (label: string): boolean => /^[\p{L}\p{M}\p{N}-]+$/u.test(label) && !/^\p{M}/u.test(label);

/** RFC 3629, of one code point. */
function utf8Bytes(point: number): readonly number[] {
  if (point < 0x80) return [point];
  if (point < 0x800) return [0xc0 | (point >> 6), 0x80 | (point & 0x3f)];
  if (point < 0x10000) return [0xe0 | (point >> 12), 0x80 | ((point >> 6) & 0x3f), 0x80 | (point & 0x3f)];
  return [0xf0 | (point >> 18), 0x80 | ((point >> 12) & 0x3f), 0x80 | ((point >> 6) & 0x3f), 0x80 | (point & 0x3f)];
}

/** A label and how many bytes it takes on the wire. */
interface Label {
  readonly text: string;
  readonly bytes: number;
}

function escapeLabel(label: string): Label {
  const bytes = [...label].flatMap((character) => utf8Bytes(character.codePointAt(0) ?? 0));
  return { text: bytes.map(escapeNameByte).join(""), bytes: bytes.length };
}

/** Names are nearly always of these characters alone, which need no escape. */
const isPlain = (label: string): boolean => /^[a-zA-Z0-9_-]*$/.test(label);

/** The A-label (RFC 5890 section 2.3.2.1) where it is one of letters and digits; else its bytes escaped. */
function labelOf(label: string): Label {
  if (isPlain(label)) return { text: label.toLowerCase(), bytes: label.length };
  if (isAscii(label)) return escapeLabel(label);
  const mapped = label.normalize("NFKC").toLowerCase().normalize("NFC");
  if (isAscii(mapped)) return escapeLabel(mapped); // full-width letters
  if ([...mapped].length > MAX_LABEL_LENGTH || !isInternational(mapped)) return escapeLabel(label);
  const text = `xn--${punycode.encode(mapped)}`;
  return { text, bytes: text.length };
}

/**
 * Lower case, without trailing dot, internationalised labels as A-labels, other
 * bytes escaped. null: an address in any spelling, nothing, or too long for a name.
 */
export function parseLookupName(text: string): string | null {
  if (text.length > MAX_TEXT_LENGTH || parseAddress(text) !== undefined) return null;
  // RFC 3490 section 3.1: these separate labels, too.
  const dotted = text.replaceAll(/[\u3002\uff0e\uff61]/g, ".");
  const stem = dotted.endsWith(".") ? dotted.slice(0, -1) : dotted;
  if (stem === "") return null;
  const labels = stem.split(".").map(labelOf);
  if (labels.some(({ bytes }) => bytes === 0 || bytes > MAX_LABEL_LENGTH)) return null;
  if (labels.reduce((sum, { bytes }) => sum + bytes + 1, -1) > MAX_NAME_LENGTH) return null;
  const name = labels.map((label) => label.text).join(".");
  return endsInNumber(name) || name.includes("\\058") ? null : name;
}
