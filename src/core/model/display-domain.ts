/**
 * Names of hosts as a person reads them. A name is kept and compared as the
 * ASCII it is sent as; where its internationalised labels are safe to show
 * (safe-label.ts) they are shown as Unicode, each label for itself, else as
 * they are. What comes out says exactly one name: encoding it gives it back.
 */
import punycode from "punycode/punycode.js";
import { displayText } from "./display-text.ts";
import { isRightToLeft, isSafeLabel } from "./safe-label.ts";

const ACE_PREFIX = "xn--";
/** RFC 1035 section 2.3.4. */
const MAX_LABEL_LENGTH = 63;
const MAX_NAME_LENGTH = 253;

/** The Unicode of an A-label, or undefined: it is none, or not the one way to write it (RFC 5890 section 2.3.2.1). */
function decodeLabel(label: string): string | undefined {
  if (!label.startsWith(ACE_PREFIX) || label.length > MAX_LABEL_LENGTH) return undefined;
  const encoded = label.slice(ACE_PREFIX.length);
  try {
    const decoded = punycode.decode(encoded);
    return punycode.encode(decoded) === encoded ? decoded : undefined;
  } catch {
    return undefined; // the codec throws RangeError at what is not punycode; names like that are normal
  }
}

function displayLabels(labels: readonly string[]): readonly string[] {
  const last = labels.at(-1) ?? "";
  const topLevel = decodeLabel(last) ?? last;
  const shown = labels.map((label) => {
    const decoded = decodeLabel(label);
    return decoded !== undefined && isSafeLabel(decoded, topLevel) ? decoded : label;
  });
  return readsInOrder(shown)
    ? shown
    : shown.map((label, index) => (isRightToLeft(label) ? (labels[index] ?? "") : label));
}

/**
 * Labels written from right to left change places on the screen with what is
 * beside them (RFC 5893 section 4): two of them with others around, or one
 * beside a label that begins with a digit, read as another name.
 */
function readsInOrder(labels: readonly string[]): boolean {
  const turned = labels.filter(isRightToLeft).length;
  if (turned === 0 || turned === labels.length) return true;
  return turned === 1 && !labels.some((label) => /^\d/.test(label));
}

function displayName(name: string): string {
  if (name.length > MAX_NAME_LENGTH || !/^[\0-\x7f]*$/.test(name)) return displayText(name);
  return displayText(displayLabels(name.split(".")).join("."));
}

/** One name, or several with words between them ("a.example or b.example"); display-safe whatever comes in. */
export function displayDomain(text: string): string {
  if (!text.includes(ACE_PREFIX)) return displayText(text);
  return text.split(" ").map(displayName).join(" ");
}
