// @ts-check
/**
 * A computer of another kind: Debian's files for arm64, unpacked below the
 * cache, and our parts compiled for it into build/arm64. Nothing of it is
 * installed here and no foreign architecture is added to this system.
 */
import { cpSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { inRepo } from "../setup/repo.mjs";
import { findProgram, run } from "../setup/run.mjs";
import { SetupError, step } from "../setup/say.mjs";
import { vmDir } from "./kernels.mjs";
import { privateApt } from "./private-apt.mjs";

const COMPILER = "aarch64-linux-gnu-gcc"; // package gcc-aarch64-linux-gnu
const SUITES = ["trixie", "trixie-security"]; // the first release with Node 20
const PACKAGES = [
  ...["nodejs", "libnode-dev", "libbpf1", "libbpf-dev", "linux-libc-dev", "busybox-static"],
  ...["iproute2", "util-linux", "mount", "bash", "coreutils", "debianutils", "grep", "sed", "procps"],
  ...["dnsmasq-base", "openssl", "curl", "knot-dnsutils"],
];
const ACCOUNTS = {
  "etc/passwd": "root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/usr/sbin/nologin\n",
  "etc/group": "root:x:0:\nnogroup:x:65534:\n",
};

const rootDir = join(vmDir, "arm64-root");
const buildDir = inRepo("build/arm64");

/** What packages' own scripts would have done, as far as it is of use. @param {string} root */
function finishRoot(root) {
  for (const [file, text] of Object.entries(ACCOUNTS)) writeFileSync(join(root, file), text);
  symlinkSync("which.debianutils", join(root, "usr/bin/which"));
}

async function fetchRoot() {
  const apt = await privateApt({ suites: SUITES, machine: "arm64", dir: join(vmDir, "apt", "trixie-arm64") });
  const draft = `${rootDir}.new`;
  rmSync(draft, { recursive: true, force: true });
  await apt.unpackWithDependencies(PACKAGES, draft);
  finishRoot(draft);
  renameSync(draft, rootDir);
}

/** @param {string} dir @returns {string[]} */
const sourcesIn = (dir) =>
  readdirSync(inRepo(dir))
    .filter((name) => name.endsWith(".c"))
    .map((name) => inRepo(dir, name));

/** @param {string} output below build/arm64 @param {readonly string[]} words */
async function compile(output, words) {
  const target = join(buildDir, output);
  mkdirSync(dirname(target), { recursive: true });
  await run([COMPILER, "-std=gnu11", "-O2", "-D_GNU_SOURCE", ...words, "-o", target]);
}

/** All that is compiled, each time: it takes seconds, and a stale part would be a false answer. */
async function buildParts() {
  const headers = ["usr/include/nodejs/src", "usr/include"].flatMap((dir) => ["-idirafter", join(rootDir, dir)]);
  /* by its file: that folder also holds a newer C library, which is not the compiler's */
  const libraries = [join(rootDir, "usr/lib/aarch64-linux-gnu/libbpf.so.1"), "-Wl,--allow-shlib-undefined"];
  const addon = ["-shared", "-fPIC", "-DNAPI_VERSION=8", "-fvisibility=hidden", `-I${inRepo("bpf")}`, ...headers];
  await compile("Release/telltale_native.node", [...addon, ...sourcesIn("native"), ...libraries]);
  const watcher = [...sourcesIn("native/libc-watch"), inRepo("native/privilege.c")];
  await compile("Release/telltale-libc-watch", ["-fPIE", "-pie", ...headers, ...watcher]);
  for (const name of ["traffic", "segmented-send"])
    await compile(`truth/bin/${name}`, ["-pthread", inRepo("test/fixtures/programs", `${name}.c`)]);
  await run([process.execPath, inRepo("scripts/build-bpf.mjs"), "--arch", "arm64"]);
  if (existsSync(inRepo("build/vm"))) cpSync(inRepo("build/vm"), join(buildDir, "vm"), { recursive: true });
}

/** Why there can be none here, or undefined. */
export function arm64Obstacle() {
  const lacking = [COMPILER, "qemu-system-aarch64"].filter((name) => findProgram(name) === undefined);
  return lacking.length === 0
    ? undefined
    : `needs ${lacking.join(", ")} (packages gcc-aarch64-linux-gnu, qemu-system-arm)`;
}

/** @returns {Promise<import("./boot.mjs").Computer>} */
export async function arm64Computer() {
  const obstacle = arm64Obstacle();
  if (obstacle !== undefined) throw new SetupError(obstacle);
  if (!existsSync(rootDir)) await step("Fetching Debian's files for arm64", fetchRoot);
  await step("Compiling for arm64", buildParts);
  return {
    machine: "arm64",
    busybox: join(rootDir, "usr/bin/busybox"),
    node: "/usr/bin/node",
    shares: [
      { tag: "root", hostDir: rootDir, path: "/" },
      { tag: "repo", hostDir: inRepo(), path: inRepo() },
      { tag: "build", hostDir: buildDir, path: inRepo("build") },
    ],
  };
}
