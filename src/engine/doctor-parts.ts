/** Doctor's look at our own parts and at what starts them. */
import { readdir } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { findProgram } from "./choose-launch.ts";
import type { DoctorCheck } from "./doctor-report.ts";
import type { AppPaths } from "./find-paths.ts";
import { installCommand } from "./install-command.ts";
import { isThere } from "./is-there.ts";
import { loadAddon } from "./load-addon.ts";
import { findPolkitLauncher } from "./polkit-action.ts";

const LIBC_NEED = "names that programs ask their C library for, where another process sends the query";
const BUILD = "npm start (builds what is missing)";

async function checkBuilt(id: string, title: string, file: string, need: string): Promise<DoctorCheck> {
  const isOk = await isThere(file);
  return {
    id,
    title,
    isOk,
    isRequired: true,
    found: isOk ? file : `${file} is missing`,
    need,
    fix: isOk ? null : BUILD,
  };
}

export const checkObject = (paths: AppPaths): Promise<DoctorCheck> =>
  checkBuilt("bpf-object", "capture programs", paths.objectFile, "what runs in the kernel");

export const checkHelper = (paths: AppPaths): Promise<DoctorCheck> =>
  checkBuilt("helper", "helper", paths.helperFile, "the part that runs as root");

/** Without it there is capture, with fewer names. */
export async function checkLibcWatch(paths: AppPaths): Promise<DoctorCheck> {
  const found = await checkBuilt("libc-watch", "watcher of C libraries", paths.libcWatchFile, LIBC_NEED);
  return { ...found, isRequired: false };
}

const LIBBPF = { apt: "libbpf1", dnf: "libbpf", pacman: "libbpf", zypper: "libbpf1" };

export async function checkAddon(paths: AppPaths): Promise<DoctorCheck> {
  const base = { id: "addon", title: "libbpf addon", isRequired: true, need: "loads the capture programs" };
  if (!(await isThere(paths.addonFile))) {
    return { ...base, isOk: false, found: `${paths.addonFile} is missing`, fix: BUILD };
  }
  const loaded = loadAddon(paths.addonFile);
  if (loaded.outcome === "loaded") return { ...base, isOk: true, found: paths.addonFile, fix: null };
  const isLibraryMissing = loaded.reason.includes("libbpf.so");
  return { ...base, isOk: false, found: loaded.reason, fix: isLibraryMissing ? await installCommand(LIBBPF) : BUILD };
}

/** Polkit is asked over the system bus, which starts it; pkexec listens to no other address than this. */
const SYSTEM_BUS = "/run/dbus/system_bus_socket";

/** In words: what there is to ask for root with; empty: nothing that works. */
async function waysToRoot(): Promise<{ readonly works: readonly string[]; readonly broken: readonly string[] }> {
  const [sudo, pkexec, launcher, hasBus] = await Promise.all([
    findProgram("sudo"),
    findProgram("pkexec"),
    findPolkitLauncher(),
    isThere(SYSTEM_BUS),
  ]);
  const bySudo = sudo === null ? [] : [sudo];
  if (pkexec === null) return { works: bySudo, broken: [] };
  if (!hasBus) return { works: bySudo, broken: [`${pkexec}, but no system bus (${SYSTEM_BUS}) to reach polkit`] };
  return { works: [...bySudo, pkexec, ...(launcher === null ? [] : [`polkit action for ${launcher}`])], broken: [] };
}

const PKEXEC = { apt: "pkexec", dnf: "polkit", pacman: "polkit", zypper: "pkexec" };

export async function checkElevation(): Promise<DoctorCheck> {
  const base = { id: "elevation", title: "a way to ask for root", isRequired: true, need: "starts the helper as root" };
  if (process.getuid?.() === 0) return { ...base, isOk: true, found: "not needed: already root", fix: null };
  const { works, broken } = await waysToRoot();
  if (works.length > 0) return { ...base, isOk: true, found: works.join(", "), fix: null };
  if (broken.length > 0)
    return { ...base, isOk: false, found: broken.join(", "), fix: "start dbus, install sudo, or run as root" };
  return { ...base, isOk: false, found: "neither sudo nor pkexec", fix: await installCommand(PKEXEC) };
}

export async function checkDisplay(): Promise<DoctorCheck> {
  const display = process.env.WAYLAND_DISPLAY || process.env.DISPLAY || "";
  const isOk = display !== "";
  return {
    id: "display",
    title: "a display",
    isOk,
    isRequired: false,
    found: isOk ? display : "none (WAYLAND_DISPLAY and DISPLAY are not set)",
    need: "the window; the terminal works without",
    fix: isOk ? null : "log in to a desktop, or use ssh -X; in the terminal: telltale watch",
  };
}

/** scripts/setup keeps runtimes there. */
async function cachedRuntime(): Promise<string | null> {
  const dir = join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "telltale");
  const names = await readdir(dir).catch(() => []);
  for (const name of names) {
    const file = join(dir, name, "electron");
    if (name.startsWith("electron-") && (await isThere(file))) return file;
  }
  return null;
}

export async function checkElectron(paths: AppPaths): Promise<DoctorCheck> {
  const override = process.env.ELECTRON_OVERRIDE_DIST_PATH;
  const file = process.versions.electron !== undefined ? process.execPath : await cachedRuntime();
  const found = override ? join(override, "electron") : file;
  const inModules = join(paths.rootDir, "node_modules/electron/dist/electron");
  const runtime = found ?? ((await isThere(inModules)) ? inModules : null);
  return {
    id: "electron",
    title: "Electron",
    isOk: runtime !== null,
    isRequired: false,
    found: runtime ?? "no runtime in the cache",
    need: "the window; the terminal works without",
    fix: runtime === null ? "npm start (obtains it)" : null,
  };
}
