/** Command line words into values; what is wrong is said in one sentence. */
import { parseArgs } from "node:util";

/** The user's mistake: shown with the command's usage, exit code 2. */
export class UsageError extends Error {}

interface OptionKinds {
  readonly [name: string]: { readonly type: "boolean" | "string"; readonly short?: string };
}

export interface ParsedArguments {
  readonly has: (name: string) => boolean;
  readonly text: (name: string) => string | null;
  readonly files: readonly string[];
}

/** Node advises how to pass a word that looks like an option; our commands take none. */
const inPlainWords = (message: string): string =>
  message.replace(/^Unknown option '(-[^']*)'.*$/s, "there is no option $1 here");

export function parseArguments(words: readonly string[], options: OptionKinds): ParsedArguments {
  try {
    const parsed = parseArgs({ args: [...words], options, allowPositionals: true, strict: true });
    const value = (name: string): unknown => Reflect.get(parsed.values, name);
    return {
      has: (name) => value(name) === true,
      text: (name) => {
        const found = value(name);
        return typeof found === "string" ? found : null;
      },
      files: parsed.positionals,
    };
  } catch (error) {
    throw new UsageError(inPlainWords(error instanceof Error ? error.message : String(error)));
  }
}

const MAX_SECONDS = 7 * 24 * 3600; // a timer holds 24 days; a week is a long look

export function parseSeconds(text: string | null): number | null {
  if (text === null) return null;
  const seconds = Number(text);
  if (!/^\d+(\.\d+)?$/.test(text) || seconds <= 0 || seconds > MAX_SECONDS) {
    throw new UsageError(`--seconds needs a number above 0 and at most ${MAX_SECONDS}, not "${text}"`);
  }
  return seconds;
}

export function requireFile(files: readonly string[], what: string): string {
  const [file, ...more] = files;
  if (file === undefined || file === "") throw new UsageError(`${what} is missing`);
  if (more.length > 0) throw new UsageError(`one file at a time: "${more[0]}" is too much`);
  return file;
}

export function requireNoFile(files: readonly string[]): void {
  if (files.length > 0) throw new UsageError(`"${files[0]}" is not expected here`);
}
