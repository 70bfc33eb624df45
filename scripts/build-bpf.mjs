#!/usr/bin/env node
/**
 * Compiles bpf/telltale.bpf.c to build/bpf/telltale.bpf.o, with `--arch arm64`
 * (or x64) for another machine to build/arm64/bpf. Needs clang and libbpf's
 * headers; needs neither kernel headers nor the kernel's BTF.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const { values } = parseArgs({ options: { force: { type: "boolean" }, arch: { type: "string" } } });
const arch = values.arch ?? process.arch;
const root = dirname(dirname(fileURLToPath(import.meta.url)));
const sourceDir = join(root, "bpf");
const outputName = join("build", ...(values.arch === undefined ? [] : [arch]), "bpf", "telltale.bpf.o");
const output = join(root, outputName);

/** Debian keeps <asm/types.h>, which <linux/types.h> needs, in a folder named after the machine; those of a cross compiler lie elsewhere. */
function machineIncludes() {
  /** @type {Record<string, string | undefined>} */
  const machines = { x64: "x86_64-linux-gnu", arm64: "aarch64-linux-gnu", riscv64: "riscv64-linux-gnu" };
  const machine = machines[arch];
  if (machine === undefined) return [];
  const dirs = [`/usr/include/${machine}`, `/usr/${machine}/include`];
  return dirs.filter((dir) => existsSync(dir)).map((dir) => `-I${dir}`);
}

/** What registers are called depends on the machine. */
function machineMacro() {
  /** @type {Record<string, string | undefined>} */
  const machines = { x64: "x86", arm64: "arm64" };
  const machine = machines[arch];
  return machine === undefined ? fail(`no probes for ${arch} yet`) : `-D__TARGET_ARCH_${machine}`;
}

function isFresh() {
  if (!existsSync(output)) return false;
  const builtMs = statSync(output).mtimeMs;
  const inputs = readdirSync(sourceDir).map((name) => join(sourceDir, name));
  return [...inputs, fileURLToPath(import.meta.url)].every((path) => statSync(path).mtimeMs <= builtMs);
}

/** @param {string} message @returns {never} */
function fail(message) {
  console.error(`build-bpf: ${message}`);
  process.exit(1);
}

/** @param {string} command @param {readonly string[]} args */
function run(command, args) {
  const result = spawnSync(command, args, { stdio: ["ignore", "inherit", "inherit"] });
  if (result.error !== undefined) {
    const isMissing = "code" in result.error && result.error.code === "ENOENT";
    fail(
      isMissing ? `${command} is not installed (Debian: apt-get install clang llvm libbpf-dev)` : result.error.message,
    );
  }
  return result.status === 0;
}

function build() {
  mkdirSync(dirname(output), { recursive: true });
  const draft = `${output}.${process.pid}`;
  // v2: the newest instruction set that a 5.10 kernel and clang 11 agree on.
  const flags = ["-O2", "-g", "-Wall", "-Werror", "-target", "bpf", "-mcpu=v2", machineMacro(), ...machineIncludes()];
  const isCompiled = run("clang", [...flags, "-c", join(sourceDir, "telltale.bpf.c"), "-o", draft]);
  if (!isCompiled) {
    rmSync(draft, { force: true });
    const hasHeaders = existsSync("/usr/include/bpf/bpf_helpers.h");
    fail(hasHeaders ? "clang refused the source, see above" : "libbpf's headers are missing (Debian: libbpf-dev)");
  }
  // Only types are of use at run time, not the debugger's information.
  spawnSync("llvm-strip", ["-g", draft], { stdio: "ignore" });
  renameSync(draft, output);
}

if (values.force === true || !isFresh()) {
  build();
  console.log(`build-bpf: built ${outputName}`);
} else {
  console.log(`build-bpf: ${outputName} is up to date`);
}
