// @ts-check
/**
 * An ordinary user's session with a real system bus and a real polkitd, all in
 * a mount namespace of its own: the users, the rules and the bus socket exist
 * only in there, so nothing of the machine is changed and nothing stays.
 */
import {
  chmodSync,
  chownSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { start } from "../truth/children.mjs";

/** Not in use on any sane machine; they exist in the namespace only. */
export const USER = { name: "telltale-user", uid: 61_001 };
export const STRANGER = { name: "telltale-stranger", uid: 61_002 };

const POLKIT_ACTIONS = "/usr/share/polkit-1/actions";

/* $1: our folder. Binds come in pairs after it; the end of stdin ends all. */
const SETUP = `
set -e
dir=$1; shift
mkdir -p /run/dbus
mount -t tmpfs -o mode=755 tmpfs /run/dbus
while [ $# -gt 0 ]; do mount --bind "$1" "$2"; shift 2; done
dbus-daemon --system --nofork --nopidfile >"$dir/dbus.log" 2>&1 & bus=$!
tries=0
while [ ! -S /run/dbus/system_bus_socket ]; do
  tries=$((tries + 1)); [ $tries -lt 100 ] || { cat "$dir/dbus.log" >&2; exit 1; }
  sleep 0.05
done
"$(ls /usr/lib/polkit-1/polkitd /usr/libexec/polkitd 2>/dev/null | head -n 1)" --no-debug >"$dir/polkit.log" 2>&1 & agent=$!
tries=0
while ! dbus-send --system --print-reply --dest=org.freedesktop.DBus / org.freedesktop.DBus.NameHasOwner \\
    string:org.freedesktop.PolicyKit1 2>/dev/null | grep -q 'boolean true'; do
  tries=$((tries + 1)); [ $tries -lt 100 ] || { cat "$dir/polkit.log" >&2; exit 1; }
  sleep 0.05
done
echo '{"ready":true}'
read -r _ || true
kill $agent $bus
wait
`;

/** What a machine must have; undefined when all is there. @returns {string | undefined} */
export function missingForPolkit() {
  if (process.getuid?.() !== 0) return "needs root";
  const polkitd = ["/usr/lib/polkit-1/polkitd", "/usr/libexec/polkitd"].some((file) => existsSync(file));
  const programs = ["/usr/bin/dbus-daemon", "/usr/bin/dbus-send", "/usr/bin/pkexec", "/usr/bin/unshare"];
  const missing = programs.filter((file) => !existsSync(file));
  if (!polkitd) missing.push("polkitd");
  return missing.length === 0 ? undefined : `missing: ${missing.join(", ")}`;
}

/** Copies of the account files with our two users in them. @param {string} directory */
function writeAccounts(directory) {
  const users = [USER, STRANGER];
  const home = path.join(directory, "home");
  const added = {
    passwd: users.map(({ name, uid }) => `${name}:x:${uid}:${uid}::${home}:/bin/sh\n`),
    group: users.map(({ name, uid }) => `${name}:x:${uid}:\n`),
    shadow: users.map(({ name }) => `${name}:*:19000:0:99999:7:::\n`),
  };
  return Object.entries(added).flatMap(([name, lines]) => {
    const copy = path.join(directory, name);
    writeFileSync(copy, readFileSync(path.join("/etc", name), "utf8") + lines.join(""));
    chmodSync(copy, name === "shadow" ? 0o600 : 0o644);
    return [copy, path.join("/etc", name)];
  });
}

/** @param {string} directory @param {number} uid @param {number} mode */
function makeOwned(directory, uid, mode) {
  mkdirSync(directory);
  chownSync(directory, uid, uid);
  chmodSync(directory, mode);
  return directory;
}

/**
 * Our polkit action as an administrator would install it. The mount makes it
 * seem installed; the machine's own folders stay as they are.
 * @param {string} directory @param {string} repo
 */
function installAction(directory, repo) {
  const actions = path.join(directory, "actions");
  const lib = path.join(directory, "lib");
  cpSync(POLKIT_ACTIONS, actions, { recursive: true });
  copyFileSync(
    path.join(repo, "resources/polkit/org.telltale.capture.policy"),
    path.join(actions, "org.telltale.capture.policy"),
  );
  const installed = path.join(lib, "telltale");
  mkdirSync(installed, { recursive: true });
  const native = ["telltale_native.node", "telltale-libc-watch"].map((name) => `build/Release/${name}`);
  const built = ["out/node/helper.mjs", "build/bpf/telltale.bpf.o", ...native];
  for (const file of built) copyFileSync(path.join(repo, file), path.join(installed, path.basename(file)));
  copyFileSync(process.execPath, path.join(installed, "node"));
  copyFileSync(path.join(repo, "resources/polkit/capture-launcher"), path.join(installed, "capture-launcher"));
  for (const name of ["node", "capture-launcher"]) chmodSync(path.join(installed, name), 0o755);
  return [actions, POLKIT_ACTIONS, lib, "/usr/local/lib"];
}

/**
 * @param {"YES" | "NO"} answer polkit's answer to what the user asks for
 * @param {{ repo: string, electron?: string, hasOwnAction?: boolean, thinkingSec?: number }} files what the user
 * must be able to read, wherever it lies; hasOwnAction: our action is installed, and the answer is for it alone;
 * thinkingSec: how long the answer takes, as if a person read the dialog
 */
export async function openPolkitSession(answer, files) {
  const directory = mkdtempSync(path.join(tmpdir(), "telltale-session-"));
  chmodSync(directory, 0o755);
  const rules = path.join(directory, "rules");
  mkdirSync(rules);
  const asked = files.hasOwnAction === true ? 'action.id == "org.telltale.capture"' : "true";
  const rule = `polkit.addRule(function (action, subject) {
  if (subject.user != "${USER.name}" || !(${asked})) return;
  polkit.spawn(["sleep", "${files.thinkingSec ?? 0}"]);
  return polkit.Result.${answer};
});\n`;
  writeFileSync(path.join(rules, "10-telltale-test.rules"), rule);
  const home = makeOwned(path.join(directory, "home"), USER.uid, 0o700);
  const runtimeDir = makeOwned(path.join(directory, "run"), USER.uid, 0o700);
  const repo = path.join(directory, "telltale");
  const electron = path.join(directory, "electron");
  mkdirSync(repo);
  mkdirSync(electron);
  const binds = [...writeAccounts(directory), rules, "/etc/polkit-1/rules.d", files.repo, repo];
  if (files.electron !== undefined) binds.push(files.electron, electron);
  if (files.hasOwnAction === true) binds.push(...installAction(directory, files.repo));
  const shell = ["sh", "-c", SETUP, "sh", directory, ...binds];
  const keeper = start(["unshare", "--mount", "--propagation", "private", ...shell]);
  const close = async () => {
    keeper.endInput();
    await keeper.ended;
    rmSync(directory, { recursive: true, force: true });
  };
  try {
    await keeper.line((line) => line.ready === true);
  } catch (error) {
    await close();
    throw error;
  }
  const inside = ["nsenter", `--mount=/proc/${keeper.pid}/ns/mnt`];
  /** @param {{ uid: number }} user @param {readonly string[]} command */
  const as = (user, command) => {
    const identity = ["setpriv", `--reuid=${user.uid}`, `--regid=${user.uid}`, "--clear-groups"];
    const env = ["env", "-i", `--chdir=${repo}`, "PATH=/usr/local/bin:/usr/bin:/bin", "LANG=C.UTF-8", `HOME=${home}`];
    const display = process.env.DISPLAY === undefined ? [] : [`DISPLAY=${process.env.DISPLAY}`];
    return [...inside, ...identity, ...env, `XDG_RUNTIME_DIR=${runtimeDir}`, ...display, ...command];
  };
  return { directory, home, runtimeDir, repo, electron: path.join(electron, "electron"), as, inside, close };
}
