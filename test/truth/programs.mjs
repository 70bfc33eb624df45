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

export const repoDir = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..");
const sourceDir = path.join(repoDir, "test/fixtures/programs");
export const binDir = path.join(repoDir, "build/truth/bin");

/** @param {string} directory @returns {number} newest modification of a source, ms */
function newestSourceMs(directory) {
  const sources = readdirSync(directory).filter((name) => /\.[ch]$/.test(name));
  return Math.max(...sources.map((name) => statSync(path.join(directory, name)).mtimeMs));
}

/**
 * Path of program `source` under the name `name`, compiled when missing or stale.
 * @param {string} source base name of the C file
 * @param {string} [name]
 * @returns {string}
 */
export function programPath(source, name = source) {
  const target = path.join(binDir, name);
  if (existsSync(target) && statSync(target).mtimeMs > newestSourceMs(sourceDir)) return target;
  mkdirSync(binDir, { recursive: true });
  if (name !== source) {
    copyFileSync(programPath(source), `${target}.new`);
  } else {
    const flags = ["-std=gnu11", "-O2", "-Wall", "-Wextra", "-Werror", "-pthread"];
    execFileSync("gcc", [...flags, "-o", `${target}.new`, path.join(sourceDir, `${source}.c`)], { stdio: "inherit" });
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
