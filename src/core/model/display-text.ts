/**
 * Text from outside (argv, comm, paths, names) made safe to print. A program
 * chooses its own argv: control characters can drive a terminal, bidirectional
 * controls can make a name read as another, invisible ones can hide a part.
 * They become visible escapes; everything else, any script, stays as it is.
 */

/** Code point ranges, inclusive, that never reach a screen raw. */
const UNSAFE_RANGES: readonly (readonly [number, number])[] = [
  [0x00, 0x1f], // C0 controls
  [0x7f, 0x9f], // DEL and C1 controls
  [0xad, 0xad], // soft hyphen: invisible
  [0x61c, 0x61c], // Arabic letter mark
  [0x180e, 0x180e], // Mongolian vowel separator
  [0x200b, 0x200f], // zero-width characters and left/right marks
  [0x2028, 0x202e], // line and paragraph separators, embeddings and overrides
  [0x2060, 0x206f], // word joiner, invisible operators, isolates
  [0xd800, 0xdfff], // a surrogate without its other half
  [0xfeff, 0xfeff], // byte order mark
  [0xfff9, 0xfffb], // interlinear annotation
  [0xe0000, 0xe007f], // tags: invisible copies of ASCII
];

const isUnsafe = (codePoint: number): boolean =>
  UNSAFE_RANGES.some(([first, last]) => codePoint >= first && codePoint <= last);

function visibleEscape(codePoint: number): string {
  if (codePoint <= 0xff) return `\\x${codePoint.toString(16).padStart(2, "0")}`;
  if (codePoint <= 0xffff) return `\\u${codePoint.toString(16).padStart(4, "0")}`;
  return `\\u{${codePoint.toString(16)}}`;
}

/** `text` with every control, bidirectional and invisible character as a visible escape (`\x1b`, `\u202e`). */
export function displayText(text: string): string {
  if (/^[ -~]*$/.test(text)) return text; // printable ASCII: nearly every name and path
  let safe = "";
  for (const character of text) {
    const codePoint = character.codePointAt(0) ?? 0;
    safe += isUnsafe(codePoint) ? visibleEscape(codePoint) : character;
  }
  return safe;
}

/** Keeps both ends of a long text, where paths and arguments say most; at most `maxCharacters` code points. */
export function shortenMiddle(text: string, maxCharacters: number): string {
  const characters = [...text];
  if (characters.length <= maxCharacters) return text;
  const head = Math.ceil((maxCharacters - 1) / 2);
  const tail = Math.max(0, maxCharacters - 1 - head);
  return `${characters.slice(0, head).join("")}…${tail === 0 ? "" : characters.slice(-tail).join("")}`;
}

/** One command line, display-safe; arguments a shell would split or expand are quoted. For reading, not for running. */
export function displayArguments(argv: readonly string[]): string {
  return argv
    .map((argument) =>
      /^[\w@%+=:,./-]+$/.test(argument) ? argument : `'${displayText(argument).replaceAll("'", "'\\''")}'`,
    )
    .join(" ");
}
