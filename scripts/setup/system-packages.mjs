/** Installs what the system lacks: shown first, with sudo only where we are not root. */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { thisDistro } from "./detect-distro.mjs";
import { findProgram } from "./run.mjs";
import { SetupError, say, step } from "./say.mjs";
import { missingNeeds, packagesFor } from "./system-needs.mjs";

/** @typedef {import("./detect-distro.mjs").PackageManager} PackageManager */

/** refresh: where the package lists must be fetched first. @type {Readonly<Record<PackageManager, { refresh?: readonly string[], install: readonly string[] }>>} */
export const COMMANDS = {
  apt: {
    refresh: ["apt-get", "update", "-q"],
    install: ["apt-get", "install", "-y", "-q", "--no-install-recommends"],
  },
  dnf: { install: ["dnf", "install", "-y", "--setopt=install_weak_deps=False"] },
  pacman: { install: ["pacman", "-Sy", "--needed", "--noconfirm"] },
  zypper: { install: ["zypper", "--non-interactive", "install", "--no-recommends"] },
};

const HEADER_DIRS = ["/usr/include", "/usr/local/include"];

export function thisSystem() {
  const listed = spawnSync(findProgram("ldconfig") ?? "ldconfig", ["-p"], { encoding: "utf8" }).stdout ?? "";
  return {
    hasProgram: (/** @type {string} */ name) => findProgram(name) !== undefined,
    hasHeader: (/** @type {string} */ name) => HEADER_DIRS.some((dir) => existsSync(`${dir}/${name}`)),
    // "\tlibbpf.so.1 (libc6,x86-64) => …"; `libbpf.so` stands for any version of it.
    hasLibrary: (/** @type {string} */ name) => listed.includes(`\t${name} `) || listed.includes(`\t${name}.`),
    hasFile: (/** @type {string} */ path) => existsSync(path),
  };
}

const isRoot = () => process.getuid?.() === 0;

/** @param {readonly string[]} command */
function asRoot(command) {
  if (isRoot()) return [...command];
  // Without a terminal nobody can type a password: sudo must not wait for one.
  return process.stdin.isTTY ? ["sudo", ...command] : ["sudo", "--non-interactive", ...command];
}

/** What a person types to do the same. @param {PackageManager} manager @param {readonly string[]} packages */
export function commandLine(manager, packages, sudo = isRoot() ? "" : "sudo ") {
  const { refresh, install } = COMMANDS[manager];
  const lines = [...(refresh === undefined ? [] : [refresh]), [...install, ...packages]];
  return lines.map((line) => `${sudo}${line.join(" ")}`).join(" && ");
}

/**
 * Output goes to the terminal: a package manager explains itself best.
 * @param {readonly string[]} command
 * @param {string} advice
 */
function runLoudly(command, advice) {
  const [program = "", ...args] = asRoot(command);
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  const { status, error } = spawnSync(program, args, { stdio: ["inherit", 2, 2], env });
  if (status === 0) return;
  const why = error === undefined ? `ended with ${status}` : error.message;
  throw new SetupError(`\`${[program, ...args].join(" ")}\` ${why}.\n${advice}`);
}

/** @param {string} name */
function isKnownToApt(name) {
  const { stdout } = spawnSync("apt-cache", ["policy", name], {
    encoding: "utf8",
    env: { ...process.env, LC_ALL: "C" },
  });
  return /Candidate: (?!\(none\))/.test(stdout ?? "");
}

/**
 * @param {readonly import("./system-needs.mjs").Purpose[]} purposes
 * @param {string} hint what still works where this is refused
 */
export async function ensureSystemPackages(purposes, hint = "") {
  const missing = missingNeeds(purposes, thisSystem());
  if (missing.length === 0) return;
  const { name, manager } = await thisDistro();
  const list = missing.map((need) => `  ${need.id}: ${need.why}`).join("\n");
  if (manager === undefined) {
    throw new SetupError(
      `${name} lacks what Telltale needs, and we do not know its package manager:\n${list}\n${hint}`,
    );
  }
  const { refresh, install } = COMMANDS[manager];
  const adviceFor = (/** @type {readonly string[]} */ packages) =>
    `Install them yourself, then start again:\n  ${commandLine(manager, packages)}\n${hint}`;
  const guess = packagesFor(missing, manager, () => true);
  say(`${name} lacks:\n${list}\nThey come with these packages: ${guess.join(" ")}`);
  if (!isRoot() && findProgram("sudo") === undefined) {
    throw new SetupError(`Only root can install packages, and there is no sudo here.\n${adviceFor(guess)}`);
  }
  await step(`Installing ${guess.length} system packages`, () => {
    if (refresh !== undefined) runLoudly(refresh, adviceFor(guess));
    const packages = packagesFor(missing, manager, manager === "apt" ? isKnownToApt : () => true);
    runLoudly([...install, ...packages], adviceFor(packages));
  });
  const still = missingNeeds(purposes, thisSystem());
  if (still.length > 0) {
    throw new SetupError(`Installed, and still not found: ${still.map((need) => need.id).join(", ")}.\n${hint}`);
  }
}
