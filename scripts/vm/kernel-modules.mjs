// @ts-check
/**
 * Of a kernel's thousands of modules the few a virtual machine needs, unpacked
 * and numbered in the order they must be loaded: there is no modprobe in it.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { SetupError } from "../setup/say.mjs";

/** What the machine is made of (the host's files over virtio), and what scenarios' networks are made of. */
const WANTED = [
  "virtio_pci",
  "virtio_rng",
  "9pnet_virtio",
  "9p",
  "overlay",
  "veth",
  "dummy",
  "tun",
  "crc32c_generic",
  "sctp",
];

/** "9pnet-virtio.ko.xz" and 9pnet_virtio are one module. @param {string} file */
const moduleName = (file) =>
  basename(file)
    .replace(/\.ko(\.\w+)?$/, "")
    .replaceAll("-", "_");

/** @param {string} file */
function readModule(file) {
  if (!file.endsWith(".xz")) return readFileSync(file);
  const { status, stdout, error } = spawnSync("xz", ["-dc", file], { maxBuffer: 256 * 1024 * 1024 });
  if (status !== 0) throw new SetupError(`xz could not unpack ${file}: ${error?.message ?? `exit ${status}`}`);
  return stdout;
}

/** A module's own words on what it stands on: `depends=a,b` in its .modinfo. @param {Buffer} bytes */
export function dependenciesOf(bytes) {
  const [, list = ""] = /\0depends=([\w,-]*)\0/.exec(bytes.toString("latin1")) ?? [];
  return list.split(",").flatMap((name) => (name === "" ? [] : [name.replaceAll("-", "_")]));
}

/** @param {string} dir */
export function filesBelow(dir) {
  const entries = readdirSync(dir, { withFileTypes: true, recursive: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

/**
 * What a kernel has built in is no file: that is fine, also for what is wanted.
 * @param {string} unpacked the package's root @param {string} target
 */
export function keepModules(unpacked, target) {
  /** @type {Map<string, string>} */
  const files = new Map();
  for (const file of filesBelow(unpacked)) if (/\.ko(\.\w+)?$/.test(file)) files.set(moduleName(file), file);
  mkdirSync(target, { recursive: true });
  /** @type {Set<string>} */
  const kept = new Set();
  /** @param {string} name */
  const keep = (name) => {
    const file = files.get(name);
    if (file === undefined || kept.has(name)) return;
    kept.add(name); // before what it needs: a circle would have no end
    const bytes = readModule(file);
    for (const needed of dependenciesOf(bytes)) keep(needed);
    order.push({ name, bytes });
  };
  /** @type {{ name: string, bytes: Buffer }[]} */
  const order = [];
  for (const name of WANTED) keep(name);
  for (const [index, { name, bytes }] of order.entries())
    writeFileSync(join(target, `${String(index).padStart(3, "0")}-${name}.ko`), bytes);
}
