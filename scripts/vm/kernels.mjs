// @ts-check
/** The kernels, and how to get one: downloaded once and unpacked below the user's cache. */
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { release } from "node:os";
import { basename, join } from "node:path";
import { cacheDir } from "../setup/repo.mjs";
import { SetupError, step } from "../setup/say.mjs";
import { filesBelow, keepModules } from "./kernel-modules.mjs";
import { privateApt } from "./private-apt.mjs";

/** @typedef {import("./private-apt.mjs").DebianMachine} DebianMachine */
/**
 * @typedef {{ name: string, machine: DebianMachine, suites: readonly string[], pattern: string, parts?: readonly string[], scenarios?: readonly string[] }} Kernel
 * pattern: of the package's name; parts: what stands for "image" in the packages that hold it, since Debian splits it;
 * scenarios: ids of those played unless others are asked for; all when not told
 */
/** @typedef {{ image: string, modulesDir: string, packageName: string }} KernelFiles modulesDir: files in the order they are to be loaded */

const BULLSEYE = ["bullseye", "bullseye-security"];
const BOOKWORM = ["bookworm", "bookworm-security"];
const BACKPORTS = ["trixie-backports"];
const SPLIT = ["binary", "modules"];
/* TCP, UDP and DNS: that emulation is slower still, and its root has no servers but dnsmasq */
const FEW = ["1", "2", "3", "4", "7", "16", "24", "N1", "N2", "N3", "N4", "N5", "N9"];

/** @type {readonly Kernel[]} */
export const KERNELS = [
  { name: "5.10", machine: "amd64", suites: BULLSEYE, pattern: "^linux-image-5.10.0-[0-9]+-amd64$" },
  { name: "6.1", machine: "amd64", suites: BOOKWORM, pattern: "^linux-image-6.1.0-[0-9]+-amd64$" },
  { name: "6.12", machine: "amd64", suites: BOOKWORM, pattern: "^linux-image-6.12[0-9.]*[+]deb12-amd64$" },
  { name: "6.18", machine: "amd64", suites: BACKPORTS, pattern: "^linux-image-6.18[0-9.]*[+]deb13-amd64$" },
  { name: "newest", machine: "amd64", suites: BACKPORTS, pattern: "^linux-image-[0-9.]+[+]deb13-amd64$", parts: SPLIT },
  {
    name: "arm64-6.1",
    machine: "arm64",
    suites: BOOKWORM,
    pattern: "^linux-image-6.1.0-[0-9]+-arm64$",
    scenarios: FEW,
  },
  {
    name: "arm64-6.12",
    machine: "arm64",
    suites: BOOKWORM,
    pattern: "^linux-image-6.12[0-9.]*[+]deb12-arm64$",
    scenarios: FEW,
  },
];

export const vmDir = join(cacheDir(), "vm");

/** @param {Kernel} kernel @param {string} dir */
async function fetch({ machine, suites, pattern, parts = ["image"] }, dir) {
  const apt = await privateApt({ suites, machine, dir: join(vmDir, "apt", `${suites[0]}-${machine}`) });
  const name = await apt.newest(pattern);
  if (name === undefined) throw new SetupError(`no package fits ${pattern} in ${suites.join(", ")}`);
  const draft = `${dir}.new`;
  for (const stale of [dir, draft]) rmSync(stale, { recursive: true, force: true });
  const unpacked = join(draft, "package");
  const packages = parts.map((part) => name.replace("-image-", `-${part}-`));
  await apt.unpack(packages, unpacked);
  const image = filesBelow(unpacked).find((file) => basename(file).startsWith("vmlinuz"));
  if (image === undefined) throw new SetupError(`${packages.join(", ")} hold no kernel`);
  renameSync(image, join(draft, "vmlinuz"));
  keepModules(unpacked, join(draft, "modules"));
  writeFileSync(join(draft, "name"), name);
  rmSync(unpacked, { recursive: true });
  renameSync(draft, dir);
}

/** @param {Kernel} kernel @returns {Promise<KernelFiles>} */
export async function fetchKernel(kernel) {
  const dir = join(vmDir, "kernels", kernel.name);
  if (!existsSync(dir)) await step(`Fetching Debian's kernel ${kernel.name}`, () => fetch(kernel, dir));
  return {
    image: join(dir, "vmlinuz"),
    modulesDir: join(dir, "modules"),
    packageName: readFileSync(join(dir, "name"), "utf8"),
  };
}

/** This machine's own kernel, or why it cannot be booted. @returns {KernelFiles | { reason: string }} */
export function ownKernel() {
  const image = `/boot/vmlinuz-${release()}`;
  if (!existsSync(image)) return { reason: `/boot holds no image of ${release()}` };
  const modulesDir = join(vmDir, "own-modules");
  rmSync(modulesDir, { recursive: true, force: true });
  keepModules(`/lib/modules/${release()}`, modulesDir);
  return { image, modulesDir, packageName: "installed here" };
}
