/** Base64 (RFC 4648 section 4) -> bytes; core has no atob. */

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const VALUE_OF = new Map([...ALPHABET].map((character, value) => [character, value]));

/** undefined: not Base64 with its padding. */
export function decodeBase64(text: string): Uint8Array | undefined {
  if (text.length % 4 !== 0) return undefined;
  const padding = text.endsWith("==") ? 2 : text.endsWith("=") ? 1 : 0;
  const bytes = new Uint8Array((text.length / 4) * 3 - padding);
  let bits = 0;
  let at = 0;
  for (let index = 0; index < text.length - padding; index += 1) {
    const value = VALUE_OF.get(text[index] ?? "");
    if (value === undefined) return undefined;
    bits = ((bits << 6) | value) & 0xffffff;
    if (index % 4 === 0) continue;
    // The second, third and fourth character of a group each complete a byte.
    const rest = 6 - 2 * (index % 4);
    bytes[at] = (bits >> rest) & 0xff;
    at += 1;
  }
  return bytes;
}
