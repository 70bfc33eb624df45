// @ts-check
/**
 * Compiles the C traffic generators of test/fixtures/programs into
 * build/truth/bin, each under as many names as asked, so that every scenario
 * has an executable of its own.
 *
 * As a script: node test/truth/programs.mjs storm [traffic=01-tcp-download ...]
 */
import { execFileSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, readdirSync, renameSync, statSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { findProgram } from "../../scripts/setup/run.mjs";

export const repoDir = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..");
const sourceDir = path.join(repoDir, "test/fixtures/programs");
export const binDir = path.join(repoDir, "build/truth/bin");

/** @param {string} directory @returns {number} newest modification of a source, ms */
function newestSourceMs(directory) {
  const sources = readdirSync(directory).filter((name) => /\.[ch]$/.test(name));
  return Math.max(...sources.map((name) => statSync(path.join(directory, name)).mtimeMs));
}

/** Compilers by the C library a program is to use. */
const COMPILERS = {
  glibc: ["gcc"],
  musl: ["musl-gcc"],
  static: ["gcc", "-static"],
};
/** @typedef {keyof typeof COMPILERS} Flavour */

/** @param {Flavour} flavour @returns {boolean} whether this machine can compile it */
export const canCompile = (flavour) => findProgram(COMPILERS[flavour][0] ?? "") !== undefined;

/**
 * Path of program `source` under the name `name`, compiled when missing or stale.
 * @param {string} source base name of the C file
 * @param {string} [name]
 * @param {Flavour} [flavour]
 * @returns {string}
 */
export function programPath(source, name = source, flavour = "glibc") {
  const target = path.join(binDir, name);
  if (existsSync(target) && statSync(target).mtimeMs > newestSourceMs(sourceDir)) return target;
  mkdirSync(binDir, { recursive: true });
  if (name !== source && flavour === "glibc") {
    copyFileSync(programPath(source), `${target}.new`);
  } else {
    const [compiler = "", ...mode] = COMPILERS[flavour];
    const flags = [...mode, "-std=gnu11", "-O2", "-Wall", "-Wextra", "-Werror", "-pthread"];
    /* a static glibc warns that getaddrinfo wants its shared parts; the linker's words are of no use here */
    const sink = flavour === "static" ? "ignore" : "inherit";
    const output = ["-o", `${target}.new`, path.join(sourceDir, `${source}.c`)];
    execFileSync(compiler, [...flags, ...output], { stdio: ["ignore", "inherit", sink] });
  }
  renameSync(`${target}.new`, target); // a running copy of the old one stays whole
  return target;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const argument of process.argv.slice(2)) {
    const [source, name] = argument.split("=");
    if (source !== undefined) console.log(programPath(source, name));
  }
}
