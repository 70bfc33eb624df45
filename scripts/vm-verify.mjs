#!/usr/bin/env node
// @ts-check
/**
 * Boots Debian's kernels under qemu's software emulation, has each verifier
 * judge our probes and runs test/vm/probe.ts there. Kernels are downloaded and
 * unpacked, not installed, into the cache folder outside the repository.
 *
 * node scripts/vm-verify.mjs [--json] [5.10 6.1 6.12]
 *
 * Needs a Debian apt, qemu-system-x86, busybox-static and cpio.
 */
import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { build } from "vite";
import { programPath } from "../test/truth/programs.mjs";
import { cacheDir, inRepo } from "./setup/repo.mjs";

/** Which releases of Debian carry which kernel. */
const KERNELS = [
  { series: "5.10", suites: ["bullseye", "bullseye-security"], name: "^linux-image-5.10.0-[0-9]+-amd64$" },
  { series: "6.1", suites: ["bookworm", "bookworm-security"], name: "^linux-image-6.1.0-[0-9]+-amd64$" },
  { series: "6.12", suites: ["bookworm", "bookworm-security"], name: "^linux-image-6.12.*deb12-amd64$" },
];
const KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg";
const BOOT_TIMEOUT_MS = 180_000; // a boot takes seconds, emulated traffic a little more
const RESULT_MARK = "TELLTALE-VM ";

const vmDir = join(cacheDir(), "vm");

/** @param {string} command @param {readonly string[]} args @param {import("node:child_process").SpawnSyncOptions} [options] */
function run(command, args, options = {}) {
  const result = spawnSync(command, args, { maxBuffer: 256 * 1024 * 1024, encoding: "utf8", ...options });
  if (result.error !== undefined || result.status !== 0) {
    throw new Error(`${command} ${args.slice(0, 3).join(" ")}: ${result.error?.message ?? result.stderr}`);
  }
  return String(result.stdout);
}

/** The mirrors this system's apt uses, by what they hold. */
function mirrors() {
  const listed = run("apt-get", ["indextargets", "--format", "$(REPO_URI)", "Created-By: Packages"]).split("\n");
  const find = (/** @type {string} */ ending) => listed.find((uri) => uri.replace(/\/$/, "").endsWith(ending));
  return { main: find("/debian"), security: find("/debian-security") };
}

/** An apt of its own: the system's sources and lists stay untouched. @param {readonly string[]} suites */
function privateApt(suites) {
  const dir = join(vmDir, "apt", suites[0] ?? "");
  for (const part of ["lists/partial", "archives/partial"]) mkdirSync(join(dir, part), { recursive: true });
  const { main, security } = mirrors();
  const lines = suites.flatMap((suite) => {
    const base = suite.endsWith("-security") ? security : main;
    return base === undefined ? [] : `deb [signed-by=${KEYRING}] ${base} ${suite} main`;
  });
  writeFileSync(join(dir, "sources.list"), `${lines.join("\n")}\n`);
  const settings = {
    "Dir::Etc::sourcelist": join(dir, "sources.list"),
    "Dir::Etc::sourceparts": "/dev/null",
    "Dir::State::lists": join(dir, "lists"),
    "Dir::Cache": dir,
    "APT::Architecture": "amd64",
    "APT::Sandbox::User": "root",
  };
  return Object.entries(settings).flatMap(([key, value]) => ["-o", `${key}=${value}`]);
}

/** Unpacks the series' newest kernel; its file. @param {(typeof KERNELS)[number]} kernel */
function fetchKernel(kernel) {
  const dir = join(vmDir, kernel.series);
  const images = () =>
    existsSync(join(dir, "boot")) ? readdirSync(join(dir, "boot")).filter((name) => name.startsWith("vmlinuz")) : [];
  if (images().length === 0) {
    const options = privateApt(kernel.suites);
    run("apt-get", [...options, "-qq", "update"]);
    const found = run("apt-cache", [...options, "search", "--names-only", kernel.name]);
    const names = found
      .split("\n")
      .flatMap((line) => line.split(" ").slice(0, 1))
      .filter((name) => name !== "");
    const newest = names.sort(new Intl.Collator("en", { numeric: true }).compare).at(-1);
    if (newest === undefined) throw new Error(`no package ${kernel.name}`);
    mkdirSync(dir, { recursive: true });
    run("apt-get", [...options, "-qq", "download", newest], { cwd: dir });
    const archive = readdirSync(dir).find((name) => name.endsWith(".deb"));
    if (archive === undefined) throw new Error(`${newest} was not downloaded`);
    run("dpkg-deb", ["-x", archive, "."], { cwd: dir });
    rmSync(join(dir, archive));
    rmSync(join(dir, "lib"), { recursive: true, force: true }); // modules: none is needed
    rmSync(join(dir, "usr"), { recursive: true, force: true });
  }
  return join(dir, "boot", images()[0] ?? "");
}

const INIT = `#!/bin/busybox sh
/bin/busybox mkdir -p /proc /sys /dev /tmp /sys/fs/cgroup
/bin/busybox mount -t proc proc /proc
/bin/busybox mount -t sysfs sysfs /sys
/bin/busybox mount -t devtmpfs dev /dev
/bin/busybox mount -t cgroup2 cgroup2 /sys/fs/cgroup
/bin/busybox ip link set lo up
TELLTALE_ROOT=/telltale /usr/bin/node /telltale/probe.mjs
/bin/busybox poweroff -f
`;

/** @param {string} file */
function librariesOf(file) {
  return [...run("ldd", [file]).matchAll(/(?:=> |^\s+)(\/\S+)/gm)].map(([, path]) => path ?? "");
}

/** Node, the addon, the object and the probe in one archive that serves all kernels. */
async function makeInitramfs() {
  const tree = join(vmDir, "tree");
  rmSync(tree, { recursive: true, force: true });
  /** @param {string} from @param {string} to */
  const put = (from, to) => {
    mkdirSync(dirname(join(tree, to)), { recursive: true });
    copyFileSync(from, join(tree, to));
  };
  const addon = "build/Release/telltale_native.node";
  const watcher = "build/Release/telltale-libc-watch";
  for (const file of [addon, watcher, "build/bpf/telltale.bpf.o"]) put(inRepo(file), `telltale/${file}`);
  const sender = programPath("segmented-send");
  put(sender, "telltale/build/truth/bin/segmented-send");
  put(process.execPath, "usr/bin/node");
  put("/bin/busybox", "bin/busybox");
  for (const path of new Set([process.execPath, inRepo(addon), sender].flatMap(librariesOf))) put(path, path);
  writeFileSync(join(tree, "init"), INIT, { mode: 0o755 });
  await build({
    configFile: false,
    logLevel: "warn",
    build: {
      ssr: inRepo("test/vm/probe.ts"),
      target: "node20",
      outDir: join(tree, "telltale"),
      emptyOutDir: false,
      rollupOptions: { output: { entryFileNames: "probe.mjs" } },
    },
  });
  const archive = join(vmDir, "initramfs.gz");
  run("sh", ["-c", `find . | cpio --quiet -o -H newc | gzip -1 > "$1"`, "sh", archive], { cwd: tree });
  return archive;
}

/** @typedef {{ id: string, isAttached: boolean, reason: string | null }} Feature */
/** @typedef {{ title: string, passed: boolean, detail: string | null }} Check */
/** @typedef {{ kernel?: string, loadMs?: number, features?: Feature[], checks?: Check[], error?: string }} Report */

/** @param {string} kernelFile @param {string} initramfs @returns {Report} */
function boot(kernelFile, initramfs) {
  const machine = ["-machine", "pc,accel=tcg", "-cpu", "max", "-smp", "2", "-m", "1024", "-nographic", "-no-reboot"];
  const system = ["-kernel", kernelFile, "-initrd", initramfs, "-append", "console=ttyS0 quiet panic=-1"];
  const result = spawnSync("qemu-system-x86_64", [...machine, "-net", "none", ...system], {
    encoding: "utf8",
    timeout: BOOT_TIMEOUT_MS,
    maxBuffer: 64 * 1024 * 1024,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const output = result.stdout ?? "";
  const line = output.split("\n").find((text) => text.includes(RESULT_MARK));
  if (line === undefined)
    return { error: `the machine said nothing: ${(output + (result.stderr ?? "")).slice(-2000)}` };
  return JSON.parse(line.slice(line.indexOf(RESULT_MARK) + RESULT_MARK.length));
}

/** @param {Report} report */
const isGood = ({ error, checks, features }) =>
  error === undefined && (checks ?? []).every(({ passed }) => passed) && (features ?? []).every((f) => f.isAttached);

/** @param {string} series @param {Report} report */
function print(series, report) {
  console.log(
    `${isGood(report) ? "ok  " : "not "} ${series}: ${report.kernel ?? "did not answer"}, loaded in ${report.loadMs} ms`,
  );
  if (report.error !== undefined) console.log(`       ${report.error}`);
  for (const { id, isAttached, reason } of report.features ?? []) {
    console.log(`       ${isAttached ? "attached" : "REFUSED "} ${id}${reason === null ? "" : `: ${reason}`}`);
  }
  for (const { title, passed, detail } of report.checks ?? []) {
    console.log(`       ${passed ? "passed  " : "FAILED  "} ${title}${detail === null ? "" : `: ${detail}`}`);
  }
}

async function main() {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: { json: { type: "boolean" } } });
  const chosen = KERNELS.filter(({ series }) => positionals.length === 0 || positionals.includes(series));
  mkdirSync(vmDir, { recursive: true });
  const initramfs = await makeInitramfs();
  /** @type {Record<string, Report>} */
  const reports = {};
  for (const kernel of chosen) {
    const report = boot(fetchKernel(kernel), initramfs);
    reports[kernel.series] = report;
    if (values.json !== true) print(kernel.series, report);
  }
  if (values.json === true) console.log(JSON.stringify(reports, null, 2));
  process.exitCode = Object.values(reports).every(isGood) ? 0 : 1;
}

await main();
