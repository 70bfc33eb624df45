// @ts-check
/** One run of one virtual machine: boots, does the job, powers off; what it wrote is its answer. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { inRepo } from "../setup/repo.mjs";
import { tryRun } from "../setup/run.mjs";
import { makeInitramfs } from "./initramfs.mjs";
import { vmDir } from "./kernels.mjs";

/** @typedef {import("./private-apt.mjs").DebianMachine} DebianMachine */
/** @typedef {import("./initramfs.mjs").Share} Share */
/**
 * @typedef {object} Computer what a kernel is booted on
 * @property {DebianMachine} machine
 * @property {string} busybox static, of this machine
 * @property {string} node the program, as seen in the machine
 * @property {readonly Share[]} shares
 */

/** Software emulation: there is no KVM in most places where tests run, and times would differ. */
const HARDWARE = {
  amd64: ["qemu-system-x86_64", "-machine", "pc,accel=tcg", "-cpu", "max"],
  arm64: ["qemu-system-aarch64", "-machine", "virt,accel=tcg", "-cpu", "max,pauth-impdef=on"],
};
/* no_timer_check: on a busy host the emulated timer seems dead to the kernel's own look at it, and it gives up */
const PARAMETERS = { amd64: ["console=ttyS0", "no_timer_check"], arm64: ["console=ttyAMA0"] };
const SIZE = ["-smp", "2", "-m", "2560", "-nographic", "-no-reboot", "-net", "none"];

/** qemu's option syntax has commas of its own. @param {string} path */
const quoted = (path) => path.replaceAll(",", ",,");

/**
 * @param {{ image: string, modulesDir: string }} kernel @param {Computer} computer
 * @param {{ job: unknown, variant?: string, parameters?: readonly string[], timeoutMs: number }} run
 * @returns {Promise<{ answer: import("./guest.mjs").Answer | null, error: string | null }>} an answer of before a time limit has both
 */
export async function boot(kernel, computer, { job, variant = "", parameters = [], timeoutMs }) {
  mkdirSync(vmDir, { recursive: true });
  const dir = mkdtempSync(join(vmDir, "run-"));
  try {
    const out = join(dir, "out");
    mkdirSync(out);
    writeFileSync(join(out, "job.json"), JSON.stringify(job));
    const initramfs = await makeInitramfs(dir, computer.busybox, kernel.modulesDir, computer.shares);
    const environment = { VARIANT: variant, NODE: computer.node, GUEST: inRepo("scripts/vm/guest.mjs") };
    const words = Object.entries(environment).map(([name, value]) => `TELLTALE_${name}=${value}`);
    const line = [...PARAMETERS[computer.machine], "quiet", "panic=-1", ...parameters, ...words].join(" ");
    const shares = computer.shares.flatMap(({ tag, hostDir }) => [
      "-virtfs",
      `local,path=${quoted(hostDir)},mount_tag=${tag},security_model=none,readonly=on,multidevs=remap`,
    ]);
    const outShare = ["-virtfs", `local,path=${quoted(out)},mount_tag=out,security_model=none`];
    const entropy = ["-device", "virtio-rng-pci"];
    const system = ["-kernel", kernel.image, "-initrd", initramfs, "-append", line];
    const command = [...HARDWARE[computer.machine], ...SIZE, ...entropy, ...shares, ...outShare, ...system];
    const result = await tryRun(command, { timeoutMs });
    const answer = join(out, "answer.json");
    const said = existsSync(answer) ? JSON.parse(readFileSync(answer, "utf8")) : null;
    if (said?.isWhole === true) return { answer: said, error: null };
    const how = result.isTimedOut ? `took longer than ${timeoutMs / 1000} s` : "gave no whole answer";
    return { answer: said, error: `the machine ${how}: ${result.output.trim().slice(-2000)}` };
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}
