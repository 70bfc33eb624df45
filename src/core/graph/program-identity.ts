/**
 * Which program is this? The executable, except behind an interpreter: there
 * the script is the program ("backup.py", not "python3").
 */
import { type NodeId, nodeId } from "../model/ids.ts";
import type { Process } from "../model/process.ts";

export interface ProgramIdentity {
  readonly id: NodeId;
  readonly label: string;
  readonly exe: string | null;
  readonly script: string | null;
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
];

/** Subcommands in front of the script: `deno run x.ts`, `dotnet exec x.dll`, `bun run x.ts`. */
const SUBCOMMANDS: ReadonlySet<string> = new Set(["run", "exec"]);

export function baseName(path: string): string {
  const trimmed = path.endsWith("/") ? path.slice(0, -1) : path;
  return trimmed.slice(trimmed.lastIndexOf("/") + 1);
}

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

function scriptOf(process: Process): string | null {
  if (process.exe === null) return null;
  const interpreter = INTERPRETERS.find(({ pattern }) => pattern.test(baseName(process.exe ?? "")));
  if (interpreter === undefined) return null;
  if (process.argv !== null && process.argv.length > 0) {
    const script = scriptFromArguments(interpreter, process.argv);
    return script === null || script === "" || script === "-" ? null : script;
  }
  // Without arguments: what was given to exec, unless it is the interpreter under another of its names.
  if (process.filename === null || interpreter.pattern.test(baseName(process.filename))) return null;
  return process.filename;
}

/** Files that hold the entry point in a directory named after the program. */
const ANONYMOUS_SCRIPT = /^(index|main|server|app|cli|__main__|start|run)\.[a-z]{1,4}$/;

/** `…/foo/index.js` says little: show `foo/index.js`. */
function scriptLabel(script: string): string {
  const base = baseName(script);
  if (!ANONYMOUS_SCRIPT.test(base) || !script.includes("/")) return base;
  const parent = baseName(script.slice(0, script.length - base.length - 1));
  return parent === "" || parent === "." ? base : `${parent}/${base}`;
}

/** Appended by the kernel to the path of an executable that was replaced while running. */
const DELETED_SUFFIX = " (deleted)";

function executableLabel(exe: string): string {
  const path = exe.endsWith(DELETED_SUFFIX) ? exe.slice(0, -DELETED_SUFFIX.length) : exe;
  return baseName(path) || path;
}

export const UNKNOWN_PROGRAM: ProgramIdentity = {
  id: nodeId("program:"),
  label: "unknown program",
  exe: null,
  script: null,
};

/** `null`: the kernel did not tell who owns the socket. */
export function identifyProgram(process: Process | null): ProgramIdentity {
  if (process === null) return UNKNOWN_PROGRAM;
  const { exe } = process;
  // Brackets, as ps shows a process without an executable.
  if (exe === null) return { id: nodeId(`program:[${process.comm}]`), label: process.comm, exe, script: null };
  const script = scriptOf(process);
  if (script === null) return { id: nodeId(`program:${exe}`), label: executableLabel(exe), exe, script };
  return { id: nodeId(`program:${exe} ${script}`), label: scriptLabel(script) || baseName(exe), exe, script };
}
