// @ts-check
/** Starts the real servers of debian.mjs, each with the least configuration, where a scenario wants them. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { until } from "./children.mjs";
import { debian } from "./debian.mjs";
import { DNS_ADDRESS, untilBound } from "./network.mjs";
import { resolverFiles } from "./room.mjs";

/** @typedef {import("./world.mjs").World} World */

let rooms = 0;

/** The machine's own list with one more account, for a daemon that wants its user. @param {string} name */
const accountFiles = (name) => ({
  passwd: `${readFileSync("/etc/passwd", "utf8")}\n${name}:x:64990:64990::/:/usr/sbin/nologin\n`,
  group: `${readFileSync("/etc/group", "utf8")}\n${name}:x:64990:\n`,
});

/**
 * A machine whose C library asks nscd by its socket.
 * @param {World} world
 */
export async function machineWithNscd(world) {
  const { program, env } = await debian();
  const options = ["enable-cache hosts yes", "check-files hosts no", "persistent hosts no", "shared hosts no", ""];
  const room = await world.room(`nscd-${rooms++}`, { ...resolverFiles(DNS_ADDRESS), "nscd.conf": options.join("\n") });
  mkdirSync(path.join(room.runDir, "nscd"));
  world.run([program("usr/sbin/nscd"), "--foreground"], "client", { room, env });
  await until("nscd's socket", () => existsSync(path.join(room.runDir, "nscd/socket")));
  return { room };
}

/**
 * A machine whose C library asks systemd-resolved by varlink (nss-resolve).
 * @param {World} world
 */
export async function machineWithResolved(world) {
  const { program, env } = await debian();
  const options = ["[Resolve]", `DNS=${DNS_ADDRESS}`, "FallbackDNS=", "DNSStubListener=no", "LLMNR=no", "DNSSEC=no"];
  const files = {
    ...accountFiles("systemd-resolve"),
    "resolv.conf": "nameserver 127.0.0.99\n",
    "nsswitch.conf": "passwd: files\ngroup: files\nhosts: files resolve [!UNAVAIL=return]\n",
    "systemd/resolved.conf": [...options, "MulticastDNS=no", ""].join("\n"),
  };
  const room = await world.room("resolved", files);
  mkdirSync(path.join(room.runDir, "systemd"));
  const daemon = world.run([program("lib/systemd/systemd-resolved")], "client", { room, env });
  const socket = path.join(room.runDir, "systemd/resolve/io.systemd.Resolve");
  await until(`systemd-resolved's socket (${daemon.complaint()})`, () => existsSync(socket));
  return { room, env };
}

/**
 * unbound, which passes every question on to the first name server.
 * @param {World} world @param {string} address @param {readonly string[]} [options] more lines of its `server:` section
 */
export async function startUnbound(world, address, options = []) {
  const { program, env } = await debian();
  const file = path.join(world.directory, `unbound-${address}.conf`);
  const empty = ["username: ''", "chroot: ''", "directory: ''", "pidfile: ''", "use-syslog: no"];
  const open = [`interface: ${address}`, "access-control: 0.0.0.0/0 allow", "do-not-query-localhost: no"];
  const server = [...open, ...empty, "module-config: 'iterator'", ...options];
  const forward = ["forward-zone:", "  name: '.'", `  forward-addr: ${DNS_ADDRESS}`];
  const rest = ["remote-control:", "  control-enable: no", ...forward, ""];
  writeFileSync(file, ["server:", ...server.map((line) => `  ${line}`), ...rest].join("\n"));
  const daemon = world.server([program("usr/sbin/unbound"), "-d", "-p", "-c", file], "server", env);
  await untilBound(daemon.pid, "udp", 53);
  return daemon;
}

const AVAHI = [
  "[server]",
  "use-ipv6=no",
  "allow-interfaces=tt0",
  "enable-dbus=no",
  "ratelimit-interval-usec=0",
  "[publish]",
  "publish-addresses=no",
  "publish-hinfo=no",
  "publish-workstation=no",
  "",
].join("\n");
const AVAHI_AS_IT_IS = ["--no-drop-root", "--no-chroot", "--no-rlimits", "--no-proc-title"];

/**
 * @param {World} world @param {"client" | "server"} side @param {Readonly<Record<string, string>>} files
 */
async function startAvahi(world, side, files) {
  const { program, env } = await debian();
  const shared = { ...accountFiles("avahi"), "avahi/avahi-daemon.conf": AVAHI };
  const room = await world.room(`avahi-${side}`, { ...shared, ...files });
  const daemon = world.run([program("usr/sbin/avahi-daemon"), ...AVAHI_AS_IT_IS], side, { room, env });
  const socket = path.join(room.runDir, "avahi-daemon/socket");
  await until(`avahi-daemon's socket (${daemon.complaint()})`, () => existsSync(socket));
  return { room, env };
}

/** A machine of the server side that answers to a name of the local network. @param {World} world @param {string} name @param {string} address */
export const publishByMdns = (world, name, address) =>
  startAvahi(world, "server", { ...resolverFiles(DNS_ADDRESS), "avahi/hosts": `${address} ${name}\n` });

/** A machine whose C library asks avahi for names of the local network. @param {World} world */
export const machineWithAvahi = (world) =>
  startAvahi(world, "client", {
    ...resolverFiles(DNS_ADDRESS),
    "nsswitch.conf": "passwd: files\ngroup: files\nhosts: files mdns4_minimal [NOTFOUND=return] dns\n",
    "avahi/hosts": "",
  });
