/** Doctor's look at the kernel. */
import { access, readFile } from "node:fs/promises";
import { release } from "node:os";
import type { DoctorCheck } from "./doctor-report.ts";

const OLDEST_TRIED = { major: 5, minor: 10 };

/** A hint for people. What a kernel allows is found by trying, see `doctor --probe`: distributions bring hooks to older ones. */
export function isKernelTried(kernelRelease: string): boolean {
  const [major = 0, minor = 0] = kernelRelease.split(".", 2).map((part) => Number.parseInt(part, 10));
  return major > OLDEST_TRIED.major || (major === OLDEST_TRIED.major && minor >= OLDEST_TRIED.minor);
}

export async function checkKernel(): Promise<DoctorCheck> {
  const found = release();
  const isOk = isKernelTried(found);
  return {
    id: "kernel",
    title: "kernel",
    isOk,
    isRequired: false,
    found: isOk ? `Linux ${found}` : `Linux ${found}, older than any that was tried (5.10)`,
    need: "the hooks that see connections; what this kernel allows is found by trying",
    fix: isOk ? null : "telltale doctor --probe (tries every hook and says which are refused)",
  };
}

async function firstReadable(files: readonly string[]): Promise<string | null> {
  for (const file of files) {
    try {
      await access(file);
      return file;
    } catch {
      // the next one
    }
  }
  return null;
}

export async function checkBtf(): Promise<DoctorCheck> {
  const file = await firstReadable(["/sys/kernel/btf/vmlinux"]);
  return {
    id: "btf",
    title: "kernel type information (BTF)",
    isOk: file !== null,
    isRequired: true,
    found: file ?? "no /sys/kernel/btf/vmlinux",
    need: "fits the capture programs to this kernel",
    fix: file === null ? "use a kernel built with CONFIG_DEBUG_INFO_BTF=y (every current distribution kernel)" : null,
  };
}

export interface Mount {
  readonly dir: string;
  readonly type: string;
}

/** /proc/self/mounts; spaces in paths are written \040. */
export function parseMounts(text: string): readonly Mount[] {
  return text.split("\n").flatMap((line) => {
    const [, dir, type] = line.split(" ");
    if (dir === undefined || type === undefined) return [];
    const decoded = dir.replace(/\\([0-7]{3})/g, (_, digits: string) =>
      String.fromCharCode(Number.parseInt(digits, 8)),
    );
    return [{ dir: decoded, type }];
  });
}

async function findMount(type: string): Promise<string | null> {
  try {
    const mounts = parseMounts(await readFile("/proc/self/mounts", "utf8"));
    return mounts.find((mount) => mount.type === type)?.dir ?? null;
  } catch {
    return null;
  }
}

export async function checkCgroup2(): Promise<DoctorCheck> {
  const dir = await findMount("cgroup2");
  return {
    id: "cgroup2",
    title: "cgroup v2 hierarchy",
    isOk: dir !== null,
    isRequired: true,
    found: dir === null ? "not mounted" : `mounted at ${dir}`,
    need: "the place where the hooks sit",
    fix: dir === null ? "mkdir -p /run/cgroup2 && mount -t cgroup2 none /run/cgroup2 (as root)" : null,
  };
}

export async function checkTracefs(): Promise<DoctorCheck> {
  const dir = await findMount("tracefs");
  return {
    id: "tracefs",
    title: "tracefs",
    isOk: dir !== null,
    isRequired: false,
    found: dir === null ? "not mounted" : `mounted at ${dir}`,
    need: "on some kernels: starts and ends of programs",
    fix: dir === null ? "mount -t tracefs tracefs /sys/kernel/tracing (as root)" : null,
  };
}

export async function checkUprobes(): Promise<DoctorCheck> {
  const file = await firstReadable(["/sys/bus/event_source/devices/uprobe/type"]);
  return {
    id: "uprobes",
    title: "probes in user space (uprobes)",
    isOk: file !== null,
    isRequired: false,
    found: file ?? "no /sys/bus/event_source/devices/uprobe",
    need: "names that programs ask their C library for, where another process sends the query",
    fix: file === null ? "use a kernel built with CONFIG_UPROBE_EVENTS=y (every current distribution kernel)" : null,
  };
}

/** capability.h; CAP_SYS_ADMIN stands in for the newer ones. */
const CAPABILITIES = { CAP_NET_ADMIN: 12n, CAP_SYS_ADMIN: 21n, CAP_PERFMON: 38n, CAP_BPF: 39n } as const;

/** Names of what the helper would lack; empty: all there. */
export function missingCapabilities(status: string): readonly string[] {
  const effective = BigInt(`0x${/^CapEff:\s*([0-9a-f]+)$/m.exec(status)?.[1] ?? "0"}`);
  const has = (bit: bigint): boolean => ((effective >> bit) & 1n) === 1n;
  const isAdmin = has(CAPABILITIES.CAP_SYS_ADMIN);
  const needed = [
    { name: "CAP_BPF", isThere: has(CAPABILITIES.CAP_BPF) || isAdmin },
    { name: "CAP_PERFMON", isThere: has(CAPABILITIES.CAP_PERFMON) || isAdmin },
    { name: "CAP_NET_ADMIN", isThere: has(CAPABILITIES.CAP_NET_ADMIN) },
  ];
  return needed.filter(({ isThere }) => !isThere).map(({ name }) => name);
}

export async function checkCapabilities(): Promise<DoctorCheck> {
  const id = "permission";
  const title = "permission to watch all programs";
  const need = "the kernel lets only root attach the hooks";
  if (process.getuid?.() !== 0) {
    const found = "an ordinary user; Telltale asks for root when it starts capturing";
    return { id, title, isOk: true, isRequired: true, found, need, fix: null };
  }
  const missing = missingCapabilities(await readFile("/proc/self/status", "utf8").catch(() => ""));
  const isOk = missing.length === 0;
  return {
    id,
    title,
    isOk,
    isRequired: true,
    found: isOk ? "root with the capabilities needed" : `root, but without ${missing.join(", ")}`,
    need,
    fix: isOk ? null : `give the container ${missing.map((name) => `--cap-add ${name.slice(4)}`).join(" ")}`,
  };
}
