/**
 * What we need from the system, why, how to see that it is there, and which
 * package brings it. Presence is looked up (a program, a header, a library),
 * not asked of the package manager: a thing built by hand counts, and a
 * system with another package manager gets a useful list.
 */

import { dirname } from "node:path";

/** @typedef {import("./detect-distro.mjs").PackageManager} PackageManager */
/** build: to compile. run: to capture. window: Electron's libraries. test: what `npm test` drives. bench: what benches drive. */
/** @typedef {"build" | "run" | "window" | "test" | "bench"} Purpose */
/**
 * Alternatives are separated by `|`, best first: Debian 13 and Ubuntu 24.04 renamed some libraries.
 * @typedef {{
 *   id: string, why: string, purpose: Purpose,
 *   probe: { program: string } | { header: string } | { library: string } | { file: readonly string[] },
 *   packages: Readonly<Record<PackageManager, string>>,
 * }} SystemNeed
 */

/** The same name everywhere. @param {string} name */
const everywhere = (name) => ({ apt: name, dnf: name, pacman: name, zypper: name });

/** A Node that did not come with the distribution brings its headers, or node-gyp fetches them. */
const NODE_HEADERS = ["/usr/include/node/node_api.h", "/usr/include/nodejs/src/node_api.h"];
const nodeHeaderFiles = dirname(process.execPath) === "/usr/bin" ? NODE_HEADERS : [process.execPath];

/** @type {readonly SystemNeed[]} */
export const SYSTEM_NEEDS = [
  {
    id: "clang",
    why: "compiles the kernel programs",
    purpose: "build",
    probe: { program: "clang" },
    packages: everywhere("clang"),
  },
  {
    id: "llvm-strip",
    why: "strips the kernel programs' debug data",
    purpose: "build",
    probe: { program: "llvm-strip" },
    packages: everywhere("llvm"),
  },
  {
    id: "libbpf headers",
    why: "kernel programs and loader",
    purpose: "build",
    probe: { header: "bpf/bpf_helpers.h" },
    packages: { apt: "libbpf-dev", dnf: "libbpf-devel", pacman: "libbpf", zypper: "libbpf-devel" },
  },
  {
    id: "kernel headers",
    why: "the kernel's interface",
    purpose: "build",
    probe: { header: "linux/bpf.h" },
    packages: {
      apt: "linux-libc-dev",
      dnf: "kernel-headers",
      pacman: "linux-api-headers",
      zypper: "linux-glibc-devel",
    },
  },
  {
    id: "make",
    why: "compiles the loader (node-gyp)",
    purpose: "build",
    probe: { program: "make" },
    packages: everywhere("make"),
  },
  {
    id: "g++",
    why: "compiles the loader",
    purpose: "build",
    probe: { program: "g++" },
    packages: { apt: "g++", dnf: "gcc-c++", pacman: "gcc", zypper: "gcc-c++" },
  },
  {
    id: "python3",
    why: "compiles the loader (node-gyp)",
    purpose: "build",
    probe: { program: "python3" },
    packages: { apt: "python3", dnf: "python3", pacman: "python", zypper: "python3" },
  },
  {
    id: "Node's headers",
    why: "compiles the loader",
    purpose: "build",
    probe: { file: nodeHeaderFiles },
    packages: { apt: "libnode-dev", dnf: "nodejs-devel", pacman: "nodejs", zypper: "nodejs-devel" },
  },
  {
    id: "libbpf",
    why: "loads the kernel programs",
    purpose: "run",
    probe: { library: "libbpf.so" },
    packages: { apt: "libbpf1|libbpf0", dnf: "libbpf", pacman: "libbpf", zypper: "libbpf1" },
  },
  {
    id: "gtk 3",
    why: "the window",
    purpose: "window",
    probe: { library: "libgtk-3.so.0" },
    packages: { apt: "libgtk-3-0t64|libgtk-3-0", dnf: "gtk3", pacman: "gtk3", zypper: "libgtk-3-0" },
  },
  {
    id: "nss",
    why: "the window",
    purpose: "window",
    probe: { library: "libnss3.so" },
    packages: { apt: "libnss3", dnf: "nss", pacman: "nss", zypper: "mozilla-nss" },
  },
  {
    id: "alsa",
    why: "the window (Electron links it)",
    purpose: "window",
    probe: { library: "libasound.so.2" },
    packages: { apt: "libasound2t64|libasound2", dnf: "alsa-lib", pacman: "alsa-lib", zypper: "libasound2" },
  },
  {
    id: "gbm",
    why: "the window",
    purpose: "window",
    probe: { library: "libgbm.so.1" },
    packages: { apt: "libgbm1", dnf: "mesa-libgbm", pacman: "mesa", zypper: "libgbm1" },
  },
  {
    id: "tar",
    why: "unpacks Electron",
    purpose: "window",
    probe: { program: "tar" },
    packages: everywhere("tar"),
  },
  {
    id: "Xvfb",
    why: "tests the window without a screen",
    purpose: "test",
    probe: { program: "Xvfb" },
    packages: { apt: "xvfb", dnf: "xorg-x11-server-Xvfb", pacman: "xorg-server-xvfb", zypper: "xorg-x11-server-Xvfb" },
  },
  {
    id: "xauth",
    why: "tests the window without a screen",
    purpose: "test",
    probe: { program: "xauth" },
    packages: { apt: "xauth", dnf: "xorg-x11-xauth", pacman: "xorg-xauth", zypper: "xauth" },
  },
  {
    id: "dbus",
    why: "tests the permission dialog",
    purpose: "test",
    probe: { program: "dbus-daemon" },
    packages: { apt: "dbus", dnf: "dbus-daemon", pacman: "dbus", zypper: "dbus-1-daemon|dbus-1" },
  },
  {
    id: "polkitd",
    why: "tests the permission dialog",
    purpose: "test",
    probe: { file: ["/usr/lib/polkit-1/polkitd", "/usr/libexec/polkitd", "/usr/libexec/polkit-1/polkitd"] },
    packages: { apt: "polkitd|policykit-1", dnf: "polkit", pacman: "polkit", zypper: "polkit" },
  },
  {
    id: "pkexec",
    why: "tests the permission dialog",
    purpose: "test",
    probe: { program: "pkexec" },
    packages: { apt: "pkexec|policykit-1", dnf: "polkit", pacman: "polkit", zypper: "pkexec|polkit" },
  },
  {
    id: "dnsmasq",
    why: "a real name server for the ground truth",
    purpose: "test",
    probe: { program: "dnsmasq" },
    packages: { apt: "dnsmasq-base", dnf: "dnsmasq", pacman: "dnsmasq", zypper: "dnsmasq" },
  },
  {
    id: "ip",
    why: "network namespaces for the ground truth",
    purpose: "test",
    probe: { program: "ip" },
    packages: { apt: "iproute2", dnf: "iproute", pacman: "iproute2", zypper: "iproute2" },
  },
  {
    id: "bpftool",
    why: "looks for kernel programs left behind",
    purpose: "test",
    probe: { program: "bpftool" },
    packages: { apt: "bpftool|linux-tools-generic", dnf: "bpftool", pacman: "bpf", zypper: "bpftool" },
  },
  {
    id: "openssl",
    why: "certificates for the ground truth",
    purpose: "test",
    probe: { program: "openssl" },
    packages: everywhere("openssl"),
  },
  {
    id: "curl",
    why: "a program that looks up, speaks TLS and HTTP, and goes through proxies, for the ground truth",
    purpose: "test",
    probe: { program: "curl" },
    packages: everywhere("curl"),
  },
  {
    id: "musl-gcc",
    why: "programs of another C library for the ground truth",
    purpose: "test",
    probe: { program: "musl-gcc" },
    packages: { apt: "musl-tools", dnf: "musl-gcc", pacman: "musl", zypper: "musl-devel" },
  },
  {
    id: "kdig",
    why: "a program that asks by DNS over TLS, for the ground truth",
    purpose: "test",
    probe: { program: "kdig" },
    packages: { apt: "knot-dnsutils", dnf: "knot-utils", pacman: "knot", zypper: "knot-utils" },
  },
  {
    id: "tshark",
    why: "a second opinion on every name in the ground truth's packets",
    purpose: "test",
    probe: { program: "tshark" },
    packages: { apt: "tshark", dnf: "wireshark-cli", pacman: "wireshark-cli", zypper: "wireshark" },
  },
  {
    id: "qemu",
    why: "boots other kernels for the tests",
    purpose: "test",
    probe: { program: "qemu-system-x86_64" },
    packages: { apt: "qemu-system-x86", dnf: "qemu-system-x86-core", pacman: "qemu-system-x86", zypper: "qemu-x86" },
  },
  {
    id: "busybox",
    why: "the first program in those kernels",
    purpose: "test",
    probe: { program: "busybox" },
    packages: { apt: "busybox-static", dnf: "busybox", pacman: "busybox", zypper: "busybox-static" },
  },
  {
    id: "cpio",
    why: "packs what those kernels start from",
    purpose: "test",
    probe: { program: "cpio" },
    packages: everywhere("cpio"),
  },
  {
    id: "xz",
    why: "unpacks those kernels' modules",
    purpose: "test",
    probe: { program: "xz" },
    packages: { apt: "xz-utils", dnf: "xz", pacman: "xz", zypper: "xz" },
  },
  {
    id: "nginx",
    why: "a server whose connections are watched",
    purpose: "bench",
    probe: { program: "nginx" },
    packages: { apt: "nginx-light|nginx", dnf: "nginx", pacman: "nginx", zypper: "nginx" },
  },
  {
    id: "wrk",
    why: "asks it, a connection a request",
    purpose: "bench",
    probe: { program: "wrk" },
    packages: everywhere("wrk"),
  },
  {
    id: "iperf3",
    why: "one fast stream",
    purpose: "bench",
    probe: { program: "iperf3" },
    packages: everywhere("iperf3"),
  },
  {
    id: "sockperf",
    why: "many small datagrams",
    purpose: "bench",
    probe: { program: "sockperf" },
    packages: everywhere("sockperf"),
  },
  {
    id: "unbound",
    why: "a resolver whose answers are watched",
    purpose: "bench",
    probe: { program: "unbound" },
    packages: everywhere("unbound"),
  },
  {
    id: "dnsperf",
    why: "asks it",
    purpose: "bench",
    probe: { program: "dnsperf" },
    packages: everywhere("dnsperf"),
  },
  {
    id: "bpftrace",
    why: "watches the same, to compare with",
    purpose: "bench",
    probe: { program: "bpftrace" },
    packages: everywhere("bpftrace"),
  },
  {
    id: "tcpdump",
    why: "watches the same, to compare with",
    purpose: "bench",
    probe: { program: "tcpdump" },
    packages: everywhere("tcpdump"),
  },
  {
    id: "nethogs",
    why: "watches the same, to compare with",
    purpose: "bench",
    probe: { program: "nethogs" },
    packages: everywhere("nethogs"),
  },
];

/**
 * @param {SystemNeed} need
 * @param {{ hasProgram: (name: string) => boolean, hasHeader: (name: string) => boolean, hasLibrary: (name: string) => boolean, hasFile: (path: string) => boolean }} system
 */
function isMet({ probe }, system) {
  if ("program" in probe) return system.hasProgram(probe.program);
  if ("header" in probe) return system.hasHeader(probe.header);
  if ("library" in probe) return system.hasLibrary(probe.library);
  return probe.file.some(system.hasFile);
}

/**
 * @param {readonly Purpose[]} purposes
 * @param {Parameters<typeof isMet>[1]} system
 */
export function missingNeeds(purposes, system) {
  return SYSTEM_NEEDS.filter((need) => purposes.includes(need.purpose) && !isMet(need, system));
}

/**
 * @param {readonly SystemNeed[]} needs
 * @param {PackageManager} manager
 * @param {(name: string) => boolean} isKnown whether the manager has a package of this name
 * @returns {string[]} each package once, in the table's order
 */
export function packagesFor(needs, manager, isKnown) {
  const names = needs.map((need) => {
    const alternatives = need.packages[manager].split("|");
    return alternatives.length === 1 ? need.packages[manager] : (alternatives.find(isKnown) ?? alternatives[0] ?? "");
  });
  return [...new Set(names)];
}
