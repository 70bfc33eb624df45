/**
 * What a program's menu entry calls it (Desktop Entry Specification). Only
 * entries that root installed count: anybody can put one that says "Firefox"
 * into their own home.
 */
import { readdir, realpath } from "node:fs/promises";
import { basename, join } from "node:path";
import type { Bundle } from "../core/model/process-context.ts";
import { readSmallFile } from "./read-small-file.ts";

const ENTRY_DIRS = [
  "/usr/share/applications",
  "/usr/local/share/applications",
  "/var/lib/flatpak/exports/share/applications",
  "/var/lib/snapd/desktop/applications",
];
/** With names in a hundred languages some reach 60 kB. */
const MAX_ENTRY_BYTES = 256 * 1024;
/** A desktop has some 300. */
const MAX_ENTRIES = 2000;
const MAX_NAME_CHARACTERS = 100;
const AT_A_TIME = 16;

export interface DesktopEntry {
  readonly name: string;
  /** The program it starts, as written: a path, or a name for PATH. */
  readonly program: string;
}

/** The first word of Exec, behind `env A=B`; quoted words are rare and left alone. */
const programOf = (exec: string): string | undefined =>
  exec.split(/\s+/).find((word) => word !== "" && word !== "env" && word !== "/usr/bin/env" && !word.includes("="));

/** undefined: hidden, not an application, or without name or program. */
export function parseDesktopEntry(text: string): DesktopEntry | undefined {
  const start = text.indexOf("[Desktop Entry]");
  if (start < 0) return undefined;
  const values = new Map<string, string>();
  for (const line of text.slice(start).split("\n").slice(1)) {
    if (line.startsWith("[")) break;
    const at = line.indexOf("=");
    const key = line.slice(0, Math.max(0, at)).trim();
    if (at > 0 && !values.has(key)) values.set(key, line.slice(at + 1).trim());
  }
  const name = values.get("Name") ?? "";
  const program = programOf(values.get("Exec") ?? "");
  if (values.get("Type") !== "Application" || values.get("Hidden") === "true") return undefined;
  if (name === "" || name.length > MAX_NAME_CHARACTERS || program === undefined) return undefined;
  return { name, program };
}

/** Flatpak and snap make the file's name; of all others what it starts decides. */
const isOfBundle = (file: string, { kind, id }: Bundle): boolean =>
  kind === "flatpak" ? file === `${id}.desktop` : kind === "snap" && file.startsWith(`${id}_`);

async function startsIt({ program }: DesktopEntry, exe: string): Promise<boolean> {
  if (program === exe) return true;
  const path = program.startsWith("/") ? program : `/usr/bin/${program}`;
  // Another name never links here, nearly always: no need to ask the disk.
  if (program.includes("/") && !program.startsWith("/")) return false;
  return (await realpath(path).catch(() => null)) === exe;
}

async function nameIn(path: string, exe: string, bundle: Bundle | null): Promise<string | null> {
  // Flatpak's and others' are links; root made them.
  const target = await realpath(path).catch(() => path);
  const text = (await readSmallFile(target, MAX_ENTRY_BYTES))?.toString("utf8");
  const entry = text === undefined ? undefined : parseDesktopEntry(text);
  if (entry === undefined) return null;
  if (bundle !== null && bundle.kind !== "appimage") return isOfBundle(basename(path), bundle) ? entry.name : null;
  return (await startsIt(entry, exe)) ? entry.name : null;
}

/** null: no entry starts it. */
export async function desktopNameOf(
  exe: string,
  bundle: Bundle | null,
  dirs: readonly string[] = ENTRY_DIRS,
): Promise<string | null> {
  const paths: string[] = [];
  for (const dir of dirs) {
    const files = await readdir(dir).catch(() => []);
    for (const file of files.sort()) if (file.endsWith(".desktop")) paths.push(join(dir, file));
  }
  const searched = paths.slice(0, MAX_ENTRIES);
  for (let at = 0; at < searched.length; at += AT_A_TIME) {
    const names = await Promise.all(searched.slice(at, at + AT_A_TIME).map((path) => nameIn(path, exe, bundle)));
    const name = names.find((found) => found !== null);
    if (name !== undefined) return name;
  }
  return null;
}
