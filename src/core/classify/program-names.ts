/**
 * The names a rule may know a program by. An interpreter says little: for
 * `node node_modules/next/dist/bin/next` the program is next.
 */
import type { Contact } from "./contact.ts";

export type Program = Pick<Contact, "exe" | "filename" | "argv" | "comm">;

const INTERPRETER = /^(node|nodejs|bun|deno|python|pypy|ruby|perl|php|java|bash|dash|sh|zsh|electron)[\d.]*$/;
/** Interpreter options whose value is the next argument, so it is not the script. */
const OPTION_WITH_VALUE = new Set(["-r", "--require", "--import", "--loader", "-W", "-X", "-cp", "-classpath", "-I"]);
/** More arguments than this before the script would be strange; it bounds the work on hostile argv. */
const MAX_ARGUMENTS_SEARCHED = 32;

const baseName = (path: string): string => path.slice(path.lastIndexOf("/") + 1);
const withoutExtension = (name: string): string => name.replace(/\.(c?js|mjs|ts|pyz?|rb|pl|php|jar|sh)$/, "");

/** Distinct names, most telling first: package and script of an interpreter, then what was executed, then the executable. */
export function programNames(program: Program): readonly string[] {
  const executable = program.exe === null ? null : baseName(program.exe).replace(/ \(deleted\)$/, "");
  const names = new Set<string>();
  const runs = executable ?? (program.argv?.[0] === undefined ? null : baseName(program.argv[0]));
  if (runs !== null && INTERPRETER.test(runs)) addScriptNames(names, program.argv ?? []);
  if (program.filename !== null) addPathNames(names, program.filename);
  if (executable !== null) names.add(executable);
  else if (program.comm !== null) names.add(program.comm); // a program sets its comm itself: only where nothing better is known
  return [...names].filter((name) => name !== "");
}

function addScriptNames(names: Set<string>, argv: readonly string[]): void {
  const searched = Math.min(argv.length, MAX_ARGUMENTS_SEARCHED);
  for (let i = 1; i < searched; i += 1) {
    const argument = argv[i] ?? "";
    if (argument === "-m" || argument === "-jar") {
      addPathNames(names, (argv[i + 1] ?? "").replace(/\..*$/, "")); // python -m streamlit.web: the top package
      return;
    }
    if (argument === "-c" || argument === "-e") return; // inline code has no name
    if (OPTION_WITH_VALUE.has(argument)) i += 1;
    else if (!argument.startsWith("-")) {
      addPathNames(names, argument);
      return;
    }
  }
}

function addPathNames(names: Set<string>, path: string): void {
  // Most paths have none: the pattern would try every slash of each.
  const packageName = path.includes("/node_modules/")
    ? /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1]
    : undefined;
  if (packageName !== undefined && packageName !== ".bin") names.add(packageName);
  const base = baseName(path);
  names.add(withoutExtension(base));
  names.add(base);
}
