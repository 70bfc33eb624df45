/**
 * Text from outside (argv, comm, paths, names) made safe to print. A program
 * chooses its own argv: control characters can drive a terminal, bidirectional
 * controls can make a name read as another, invisible ones can hide a part.
 * They become visible escapes; everything else, any script, stays as it is.
 */

/**
 * What never reaches a screen raw: controls, unpaired surrogates, line and
 * paragraph separators, and what Unicode says turns text round or is not to be
 * seen (zero-width characters, fillers, variation selectors, tags); and the
 * anchors of interlinear annotation, which hide the text between them.
 */
const UNSAFE = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}\p{Default_Ignorable_Code_Point}\ufff9-\ufffb]/gu;

function visibleEscape(codePoint: number): string {
  if (codePoint <= 0xff) return `\\x${codePoint.toString(16).padStart(2, "0")}`;
  if (codePoint <= 0xffff) return `\\u${codePoint.toString(16).padStart(4, "0")}`;
  return `\\u{${codePoint.toString(16)}}`;
}

/** `text` with every control, bidirectional and invisible character as a visible escape (`\x1b`, `\u202e`). */
export function displayText(text: string): string {
  if (/^[ -~]*$/.test(text)) return text; // printable ASCII: nearly every name and path
  return text.replace(UNSAFE, (character) => visibleEscape(character.codePointAt(0) ?? 0));
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
