/** The script behind an interpreter, where that is the program: "backup.py", not "python3". */
import { baseName } from "../model/base-name.ts";

/** What is needed of a process: its own facts, or what is known of an ancestor. */
export interface Executed {
  readonly exe: string | null;
  readonly argv: readonly string[] | null;
  /** As given to exec; null: not known. */
  readonly filename: string | null;
}

interface Interpreter {
  /** Base names of its executables. */
  readonly pattern: RegExp;
  /** Options whose value is the next argument. */
  readonly valued: ReadonlySet<string>;
  /** Options whose value names the program: `-m module`, `-jar file`. */
  readonly naming: ReadonlySet<string>;
  /** Options followed by code: there is no script. */
  readonly inline: ReadonlySet<string>;
}

const set = (...values: string[]): ReadonlySet<string> => new Set(values);

const INTERPRETERS: readonly Interpreter[] = [
  { pattern: /^(python|pypy)[\d.]*$/, valued: set("-W", "-X", "-Q"), naming: set("-m"), inline: set("-c") },
  {
    pattern: /^(node|nodejs|bun)$/,
    valued: set("-r", "--require", "--import", "--loader", "--experimental-loader", "-C", "--conditions"),
    naming: set(),
    inline: set("-e", "--eval", "-p", "--print", "-pe"),
  },
  { pattern: /^perl[\d.]*$/, valued: set("-I"), naming: set(), inline: set("-e", "-E") },
  { pattern: /^ruby[\d.]*$/, valued: set("-I", "-r", "-C", "-E"), naming: set(), inline: set("-e") },
  { pattern: /^php[\d.]*$/, valued: set("-c", "-d", "-z", "-t"), naming: set("-f"), inline: set("-r", "-R", "-S") },
  { pattern: /^(ba|da|z|k|mk|fi|a)?sh$/, valued: set("-o", "-O", "--rcfile"), naming: set(), inline: set("-c") },
  {
    pattern: /^java$/,
    valued: set("-cp", "-classpath", "--class-path", "-p", "--module-path", "--add-modules", "--add-opens"),
    naming: set("-jar", "-m", "--module"),
    inline: set(),
  },
  {
    pattern: /^(lua[\d.]*|luajit|guile[\d.]*|tclsh[\d.]*|wish[\d.]*)$/,
    valued: set("-l"),
    naming: set(),
    inline: set("-e", "-c"),
  },
  {
    pattern: /^(mono|dotnet|gjs|gjs-console|Rscript|deno)$/,
    valued: set("-I"),
    naming: set(),
    inline: set("-e", "-c", "eval"),
  },
  // One for many applications, where the system brings it: `/usr/lib/electron33/electron /usr/lib/code/out/cli.js`.
  { pattern: /^electron[\d.]*$/, valued: set("-r", "--require"), naming: set(), inline: set("-e", "--eval") },
];

/** Subcommands in front of the script: `deno run x.ts`, `dotnet exec x.dll`, `bun run x.ts`. */
const SUBCOMMANDS: ReadonlySet<string> = new Set(["run", "exec"]);

const isInline = (interpreter: Interpreter, argument: string): boolean =>
  // `sh -ec code`: single-letter options may be joined.
  interpreter.inline.has(argument) ||
  (/^-[a-z]{2,4}$/.test(argument) && interpreter.inline.has("-c") && argument.endsWith("c"));

/** The script among an interpreter's arguments, or null: interactive, inline code, or not told. */
function scriptFromArguments(interpreter: Interpreter, argv: readonly string[]): string | null {
  for (let index = 1; index < argv.length; index += 1) {
    const argument = argv[index] ?? "";
    if (interpreter.naming.has(argument)) return argv[index + 1] ?? null;
    if (isInline(interpreter, argument)) return null;
    if (interpreter.valued.has(argument)) index += 1;
    else if (argument === "--") return argv[index + 1] ?? null;
    else if (!argument.startsWith("-") && !(index === 1 && SUBCOMMANDS.has(argument))) return argument;
  }
  return null;
}

/** Arguments that name no file: standard input, and "here" of a program under development. */
const NAMELESS: ReadonlySet<string> = new Set(["", "-", ".", ".."]);

/** null: not an interpreter, interactive, inline code, or not told. */
export function scriptOf({ exe, argv, filename }: Executed): string | null {
  if (exe === null) return null;
  const base = baseName(exe);
  const interpreter = INTERPRETERS.find(({ pattern }) => pattern.test(base));
  if (interpreter === undefined) return null;
  if (argv !== null && argv.length > 0) {
    const script = scriptFromArguments(interpreter, argv);
    return script === null || NAMELESS.has(script) ? null : script;
  }
  // Without arguments: what was given to exec, unless it is the interpreter under another of its names.
  return filename === null || interpreter.pattern.test(baseName(filename)) ? null : filename;
}
