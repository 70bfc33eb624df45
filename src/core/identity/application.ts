/**
 * The application behind a helper process: Chromium and Electron make one for
 * each page, for the network and for crashes; WebKit, Qt and Firefox do alike.
 *
 * Arguments and names only say that a process may be a helper. Whose it is,
 * its executable and its ancestors decide: only an ancestor with the same
 * executable, or one installed in the same directory of its own, can be the
 * application. So no program appears as another that did not start it.
 */
import { baseName } from "../model/base-name.ts";
import type { Ancestor, Process } from "../model/process.ts";
import { areInstalledTogether } from "./install-dir.ts";

export interface HelperOf {
  readonly application: Ancestor;
  /** How the helper is called: its executable, or "utility process" where that is the application's. */
  readonly helper: string;
}

/** Chromium's process types (content/public/common/content_switches.cc), and that of Electron's forks. */
const TYPE =
  /^--type=(renderer|utility|gpu-process|zygote|ppapi|broker|crashpad-handler|extension|ptyHost|fileWatcher)$/;

/** Executables that applications bring along for themselves. */
const HELPER_NAME =
  /^(?:chrome_crashpad_handler|crashpad_handler|chrome-sandbox|nacl_helper(?:_bootstrap)?|plugin-container|crashreporter|crashhelper|minidump-analyzer|pingsender|updater|fsnotifier|jcef_helper|cef_server|steamwebhelper|.+[-_ ][Hh]elper|.+Helper)$/;

/** Helpers of the system's web engines, for whichever application uses them. */
const ENGINE_HELPER =
  /^\/(?:usr|app|newroot|snap|nix|var\/lib\/(?:snapd|flatpak))\/.*\/(?:WebKit(?:Network|Web|GPU|Plugin)Process|QtWebEngineProcess)$/;

/** What stands between an application and its helpers without being either. */
const WRAPPER = /^(?:bwrap|xdg-dbus-proxy|flatpak-spawn|zypak-helper|zypak-sandbox|catatonit)$/;
/** Starts everything, so it is nobody's application. */
const MANAGER = /^(?:systemd|init|dinit|runit|s6-svscan|openrc|gnome-shell|plasmashell|kwin_.+|sd-pam)$/;

/** Chromium puts the type first; an argument far behind belongs to something else. */
const MAX_ARGUMENTS_SEARCHED = 16;

function typeOf(argv: readonly string[] | null): string | null {
  for (const argument of argv?.slice(1, MAX_ARGUMENTS_SEARCHED) ?? []) {
    const type = TYPE.exec(argument)?.[1];
    if (type !== undefined) return type;
  }
  return null;
}

const looksLikeHelper = (exe: string, argv: readonly string[] | null): boolean =>
  HELPER_NAME.test(baseName(exe)) || typeOf(argv) !== null;

const isManager = ({ pid, exe }: Ancestor): boolean => pid === 1 || exe === null || MANAGER.test(baseName(exe));

/** The application whose web engine this is: the first ancestor that is not part of the engine. */
function userOfEngine(ancestors: readonly Ancestor[]): Ancestor | null {
  for (const ancestor of ancestors) {
    if (isManager(ancestor) || ancestor.exe === null) return null;
    if (!ENGINE_HELPER.test(ancestor.exe) && !WRAPPER.test(baseName(ancestor.exe))) return ancestor;
  }
  return null;
}

/** The nearest ancestor installed with it that is no helper itself; through helpers and wrappers only. */
function ownerOf(exe: string, ancestors: readonly Ancestor[]): Ancestor | null {
  for (const ancestor of ancestors) {
    if (isManager(ancestor) || ancestor.exe === null) return null;
    if (ancestor.exe === exe || areInstalledTogether(ancestor.exe, exe)) {
      if (!looksLikeHelper(ancestor.exe, ancestor.argv)) return ancestor;
    } else if (!WRAPPER.test(baseName(ancestor.exe))) return null;
  }
  return null;
}

/** null: not a helper, or nobody's that we know. */
export function helperOf({ exe, argv, ancestors }: Process): HelperOf | null {
  if (exe === null || ancestors.length === 0) return null;
  const isOfEngine = ENGINE_HELPER.test(exe);
  if (!isOfEngine && !looksLikeHelper(exe, argv)) return null;
  const application = isOfEngine ? userOfEngine(ancestors) : ownerOf(exe, ancestors);
  if (application === null) return null;
  const type = application.exe === exe ? typeOf(argv) : null;
  return { application, helper: type === null ? baseName(exe) : `${type.replace(/-process$/, "")} process` };
}
