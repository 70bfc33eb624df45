/**
 * Which program is this? The executable, except behind an interpreter, where
 * the script is the program ("backup.py", not "python3"), and behind a helper,
 * where the application is ("code", not its network process).
 *
 * The same path is another file in a container or a Flatpak, so these are
 * programs of their own. Names, units and bundles never join two programs:
 * whoever runs a program may choose them.
 */
import { helperOf } from "../identity/application.ts";
import { placeOf } from "../identity/process-context.ts";
import { scriptOf } from "../identity/script-of.ts";
import { baseName } from "../model/base-name.ts";
import { type NodeId, nodeId } from "../model/ids.ts";
import type { Process } from "../model/process.ts";
import type { Container } from "../model/process-context.ts";

export interface ProgramIdentity {
  readonly id: NodeId;
  readonly label: string;
  readonly exe: string | null;
  readonly script: string | null;
  readonly container: Container | null;
}

/** Files that hold the entry point in a directory named after the program. */
const ANONYMOUS_SCRIPT = /^(index|main|server|app|cli|__main__|start|run)\.[a-z]{1,4}$/;

/** Directories that are called alike in every program. */
const ANONYMOUS_DIRECTORY = /^(out|dist|build|lib|src|app|bin|cjs|esm|resources)$/;
const MAX_ANONYMOUS_DIRECTORIES = 4;

/** `…/foo/dist/index.js` says little: show `foo/index.js`. */
function scriptLabel(script: string): string {
  const base = baseName(script);
  if (!ANONYMOUS_SCRIPT.test(base) || !script.includes("/")) return base;
  const directories = script.split("/").slice(0, -1).slice(-MAX_ANONYMOUS_DIRECTORIES);
  const parent = directories.findLast((name) => !ANONYMOUS_DIRECTORY.test(name)) ?? directories.at(-1) ?? "";
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
  container: null,
};

/** The character in between is in no path and no argument: the kernel ends both with it. */
const placeKey = (key: string | null): string => (key === null ? "" : `\0${key}`);

/** An edge's id has an arrow between those of its ends: no file or script may be called so that two edges share theirs. */
const textOfId = (text: string): string => text.replaceAll("-> ", "\0-> ");

/** `null`: the kernel did not tell who owns the socket. */
export function identifyProgram(process: Process | null): ProgramIdentity {
  if (process === null) return UNKNOWN_PROGRAM;
  const { exe: ownExe, comm } = process;
  const { key, container } = placeOf(process.cgroup, ownExe);
  const place = placeKey(key);
  // Brackets, as ps shows a process without an executable.
  if (ownExe === null) {
    return { id: nodeId(textOfId(`program:[${comm}]${place}`)), label: comm, exe: null, script: null, container };
  }
  const application = helperOf(process)?.application;
  const executed = application === undefined ? process : { ...application, filename: null };
  const exe = executed.exe ?? ownExe;
  const script = scriptOf(executed);
  if (script === null) {
    return { id: nodeId(textOfId(`program:${exe}${place}`)), label: executableLabel(exe), exe, script, container };
  }
  const label = scriptLabel(script) || baseName(exe);
  return { id: nodeId(textOfId(`program:${exe} ${script}${place}`)), label, exe, script, container };
}
