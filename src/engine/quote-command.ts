/**
 * A command line for sudo-prompt. It passes through two shells: the user's
 * `sh -c`, where it stands inside double quotes and `$`, backquotes and
 * backslashes are live, then root's `bash -c`. No quoting survives both, so a
 * word with a live character is refused; the rest is single-quoted for the
 * second shell. sudo-prompt also writes the working folder into the first one.
 */
export type QuoteResult =
  | { readonly outcome: "quoted"; readonly command: string }
  | { readonly outcome: "unsafe"; readonly reason: string };

/** Letters and digits of any script, and marks that mean nothing to a shell inside the quotes. */
const SAFE_WORD = /^[\p{L}\p{N}\p{M} _./:@%+=,~()[\]{}#&;-]+$/u;

export function quoteForSudoPrompt(words: readonly string[], workingDir: string): QuoteResult {
  for (const word of [...words, workingDir]) {
    if (!SAFE_WORD.test(word)) {
      const shown = JSON.stringify(word);
      return {
        outcome: "unsafe",
        reason: `a folder name has characters a shell would act on; move Telltale: ${shown}`,
      };
    }
  }
  return { outcome: "quoted", command: `exec ${words.map((word) => `'${word}'`).join(" ")}` };
}
