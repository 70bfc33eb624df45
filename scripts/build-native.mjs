#!/usr/bin/env node
/**
 * Compiles native/ to build/Release/telltale_native.node and
 * build/Release/telltale-libc-watch with the node-gyp that npm brings along.
 * binding.gyp is not in the repository's root: there, npm would build it
 * unasked at every install.
 */
import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const sourceDir = join(root, "native");
const outputs = ["telltale_native.node", "telltale-libc-watch"].map((name) => join(root, "build", "Release", name));

/** @param {string} message @returns {never} */
function fail(message) {
  console.error(`build-native: ${message}`);
  process.exit(1);
}

/** @param {string} dir @param {RegExp} pattern */
function filesOf(dir, pattern) {
  return readdirSync(dir)
    .filter((name) => pattern.test(name))
    .map((name) => join(dir, name));
}

function isFresh() {
  if (!outputs.every((output) => existsSync(output))) return false;
  const builtMs = Math.min(...outputs.map((output) => statSync(output).mtimeMs));
  const inputs = [
    ...[sourceDir, join(sourceDir, "libc-watch")].flatMap((dir) => filesOf(dir, /\.(c|h|gyp)$/)),
    ...filesOf(join(root, "bpf"), /^(event|config)\.h$/),
  ];
  return [...inputs, fileURLToPath(import.meta.url)].every((path) => statSync(path).mtimeMs <= builtMs);
}

/** node-gyp's script, next to the npm that runs us or the one beside this Node. */
function findNodeGyp() {
  const prefix = dirname(dirname(process.execPath));
  const npmDirs = [
    process.env.npm_execpath === undefined ? undefined : dirname(dirname(process.env.npm_execpath)),
    join(prefix, "lib", "node_modules", "npm"),
    join(prefix, "share", "nodejs", "npm"),
    "/usr/lib/node_modules/npm",
    "/usr/share/nodejs/npm",
    "/usr/local/lib/node_modules/npm",
  ];
  for (const dir of npmDirs) {
    if (dir === undefined || !existsSync(join(dir, "package.json"))) continue;
    try {
      return createRequire(join(dir, "package.json")).resolve("node-gyp/bin/node-gyp.js");
    } catch {
      // This npm has none; try the next.
    }
  }
  return fail("no node-gyp found: it comes with npm; is npm installed?");
}

/** Node's headers: the system's where they belong to this Node, else node-gyp fetches them. */
function headerArguments() {
  const prefix = dirname(dirname(process.execPath));
  const hasHeaders = existsSync(join(prefix, "include", "node", "node_api.h"));
  return hasHeaders ? [`--nodedir=${prefix}`] : [];
}

function build() {
  if (!existsSync("/usr/include/bpf/libbpf.h"))
    fail("libbpf's headers are missing (Debian: apt-get install libbpf-dev)");
  const args = [findNodeGyp(), "rebuild", "-C", sourceDir, "--loglevel=warn", ...headerArguments()];
  const result = spawnSync(process.execPath, args, { encoding: "utf8", maxBuffer: 64 * 1024 * 1024 });
  if (result.status !== 0) {
    console.error(`${result.stdout ?? ""}${result.stderr ?? ""}${result.error?.message ?? ""}`);
    fail("node-gyp failed, see above (it needs make, a C compiler and python3; Debian: build-essential python3)");
  }
  for (const output of outputs) {
    mkdirSync(dirname(output), { recursive: true });
    // Not over the old file: a running helper may have it mapped.
    const draft = `${output}.${process.pid}`;
    copyFileSync(join(sourceDir, "build", "Release", basename(output)), draft);
    renameSync(draft, output);
  }
  // Left there, it would count as a changed source.
  rmSync(join(sourceDir, "build"), { recursive: true, force: true });
}

if (process.argv.includes("--force") || !isFresh()) {
  build();
  console.log("build-native: built the addon and telltale-libc-watch");
} else {
  console.log("build-native: the addon and telltale-libc-watch are up to date");
}
