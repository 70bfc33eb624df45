/**
 * `npm run install-helper` (and `uninstall-helper`): puts the capture helper
 * where only root can change it, with a polkit action of its own. From then
 * on the system's dialog names Telltale, and what it lets through is exactly
 * the installed launcher, not whatever lies in a folder the user can write.
 */
import { spawnSync } from "node:child_process";
import {
  chmodSync,
  chownSync,
  copyFileSync,
  existsSync,
  lstatSync,
  mkdirSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { inRepo } from "./setup/repo.mjs";
import { findProgram } from "./setup/run.mjs";
import { fail, SetupError, say } from "./setup/say.mjs";

const LIB_DIR = "/usr/local/lib/telltale";
const POLICY = "/usr/share/polkit-1/actions/org.telltale.capture.policy";
const ICON = "/usr/share/icons/hicolor/256x256/apps/telltale.png";

/** @typedef {{ from: string, to: string, mode: number }} InstalledFile @type {readonly InstalledFile[]} */
const FILES = [
  { from: "out/node/helper.mjs", to: `${LIB_DIR}/helper.mjs`, mode: 0o644 },
  { from: "build/bpf/telltale.bpf.o", to: `${LIB_DIR}/telltale.bpf.o`, mode: 0o644 },
  { from: "build/Release/telltale_native.node", to: `${LIB_DIR}/telltale_native.node`, mode: 0o644 },
  { from: "build/Release/telltale-libc-watch", to: `${LIB_DIR}/telltale-libc-watch`, mode: 0o755 },
  { from: "resources/polkit/capture-launcher", to: `${LIB_DIR}/capture-launcher`, mode: 0o755 },
  { from: "resources/icons/telltale-256.png", to: ICON, mode: 0o644 },
  // Last: from this file on polkit knows the action, and everything it allows is in place.
  { from: "resources/polkit/org.telltale.capture.policy", to: POLICY, mode: 0o644 },
];

/** Whether only root can replace this file: it and every folder above it. @param {string} file */
function belongsToRoot(file) {
  for (let path = file; ; path = dirname(path)) {
    const { uid, mode } = statSync(path);
    const isSticky = (mode & 0o1000) !== 0;
    if (uid !== 0 || ((mode & 0o022) !== 0 && !isSticky)) return false;
    if (path === "/") return true;
  }
}

/** Whoever owned the folder could exchange what root runs from it: one that is not root's, or only a link, is made anew. */
function makeLibDir() {
  const found = lstatSync(LIB_DIR, { throwIfNoEntry: false });
  if (found !== undefined && (!found.isDirectory() || found.uid !== 0)) rmSync(LIB_DIR, { recursive: true });
  mkdirSync(LIB_DIR, { recursive: true, mode: 0o755 });
  chownSync(LIB_DIR, 0, 0);
  chmodSync(LIB_DIR, 0o755);
}

/** The Node that root will run: the system's, or a copy of one that lies in a user's folder. */
function installNode() {
  const node = realpathSync(process.execPath);
  const target = join(LIB_DIR, "node");
  rmSync(target, { force: true });
  if (belongsToRoot(node)) {
    symlinkSync(node, target);
    say(`  ${target} -> ${node}`);
    return;
  }
  installFile({ from: node, to: target, mode: 0o755 });
}

/** @param {InstalledFile} file `from` relative to the repo, or absolute */
function installFile({ from, to, mode }) {
  mkdirSync(dirname(to), { recursive: true, mode: 0o755 });
  rmSync(to, { force: true }); // a new file, not new bytes in one that may be mapped
  copyFileSync(from.startsWith("/") ? from : inRepo(from), to);
  chownSync(to, 0, 0);
  chmodSync(to, mode);
  say(`  ${to}`);
}

function install() {
  const missing = FILES.filter(({ from }) => !existsSync(inRepo(from)));
  if (missing.length > 0) {
    throw new SetupError(
      `Not built yet: ${missing.map(({ from }) => from).join(", ")}.\nRun npm start once, then this again.`,
    );
  }
  say("Installing, owned by root:");
  makeLibDir();
  installNode();
  for (const file of FILES) installFile(file);
  say("Telltale's own polkit action is in place. After an update of Telltale, run this again.");
}

function uninstall() {
  for (const path of [POLICY, ICON, LIB_DIR]) {
    if (!existsSync(path)) continue;
    rmSync(path, { recursive: true });
    say(`  removed ${path}`);
  }
  say("Telltale's polkit action is gone.");
}

function becomeRoot() {
  const asker = ["sudo", "pkexec"].find((name) => findProgram(name) !== undefined);
  if (asker === undefined) throw new SetupError("This needs root, and there is neither sudo nor pkexec.");
  const self = [process.execPath, fileURLToPath(import.meta.url), ...process.argv.slice(2)];
  say(`This needs root: ${asker} ${self.join(" ")}`);
  return spawnSync(asker, self, { stdio: "inherit" }).status ?? 1;
}

try {
  if (process.getuid?.() !== 0) process.exitCode = becomeRoot();
  else if (process.argv.includes("--uninstall")) uninstall();
  else install();
} catch (error) {
  fail(error);
}
