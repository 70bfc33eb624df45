// @ts-check
/**
 * Two network namespaces joined by a veth pair: programs under test live in
 * the client one, their servers in the other. Nothing leaves them.
 */
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { until } from "./children.mjs";
import { SCENARIO_ADDRESSES } from "./hosts.mjs";

export const CLIENT_ADDRESS = "10.77.0.1";
export const SERVER_ADDRESS = "10.77.0.2";
export const CLIENT_ADDRESS_6 = "fd77::1";
export const SERVER_ADDRESS_6 = "fd77::2";
export const DNS_ADDRESS = "10.77.0.53";
/** In front of dnsmasq: passes DNS over TCP on in awkward pieces. */
export const SPLITTING_DNS_ADDRESS = "10.77.0.54";
/** A second name server, of another make: passes questions on to the first. */
export const UNBOUND_ADDRESS = "10.77.0.56";
/** Nobody answers here: its neighbour entry names a card that does not exist. */
export const SILENT_ADDRESS = "10.77.0.251";

/** @param {readonly string[]} args */
const ip = (...args) => void execFileSync("ip", args, { stdio: ["ignore", "ignore", "pipe"] });

const PREFIX = "telltale-truth-";

/** Namespaces a killed run left behind, with what still runs in them; those of runs still alive stay. */
function removeLeftovers() {
  const directory = "/run/netns";
  if (!existsSync(directory)) return;
  for (const name of readdirSync(directory)) {
    const owner = name.startsWith(PREFIX) ? Number(name.slice(PREFIX.length).split("-")[0]) : 0;
    if (owner === 0 || existsSync(`/proc/${owner}`)) continue;
    const inside = execFileSync("ip", ["netns", "pids", name], { encoding: "utf8" });
    /* dnsmasq changes its credentials, which makes the kernel forget that it should die with us */
    for (const pid of inside.split("\n").filter((line) => line !== "")) process.kill(Number(pid), "SIGKILL");
    ip("netns", "delete", name);
  }
}

/**
 * @typedef {object} Network
 * @property {(command: readonly string[]) => string[]} inClient the command that runs `command` there, in the same process
 * @property {(command: readonly string[]) => string[]} inServer
 * @property {readonly string[]} namespaces both, by inode, as the kernel tells them
 * @property {() => void} destroy
 */

/**
 * @param {readonly string[]} [moreAddresses] IPv4 addresses the server side answers on too, of any network
 * @returns {Network}
 */
export function createNetwork(moreAddresses = []) {
  removeLeftovers();
  const client = `${PREFIX}${process.pid}-client`;
  const server = `${PREFIX}${process.pid}-server`;
  const destroy = () => {
    for (const name of [client, server]) {
      if (existsSync(`/run/netns/${name}`)) ip("netns", "delete", name);
    }
  };
  try {
    ip("netns", "add", client);
    ip("netns", "add", server);
    ip("-n", client, "link", "add", "tt0", "type", "veth", "peer", "name", "tt0", "netns", server);
    for (const name of [client, server]) ip("-n", name, "link", "set", "lo", "up");
    addAddresses(client, [CLIENT_ADDRESS], CLIENT_ADDRESS_6);
    addAddresses(
      server,
      [SERVER_ADDRESS, DNS_ADDRESS, SPLITTING_DNS_ADDRESS, UNBOUND_ADDRESS, ...SCENARIO_ADDRESSES],
      SERVER_ADDRESS_6,
    );
    for (const name of [client, server]) ip("-n", name, "route", "add", "224.0.0.0/4", "dev", "tt0");
    for (const address of moreAddresses) {
      ip("-n", server, "addr", "add", `${address}/32`, "dev", "tt0");
      ip("-n", client, "route", "add", `${address}/32`, "dev", "tt0");
    }
    ip("-n", client, "neigh", "add", SILENT_ADDRESS, "lladdr", "02:00:00:00:00:99", "dev", "tt0", "nud", "permanent");
    /* whoever wants to may ping without a raw socket, as on a desktop */
    ip("netns", "exec", client, "sh", "-c", "echo 0 2147483647 > /proc/sys/net/ipv4/ping_group_range");
    /* one retry: an unanswered connect gives up after 3 s, not after two minutes */
    ip("netns", "exec", client, "sh", "-c", "echo 1 > /proc/sys/net/ipv4/tcp_syn_retries");
  } catch (error) {
    destroy();
    throw error;
  }
  /* nsenter and not `ip netns exec`: the latter also gives the program mounts of its own */
  const inside = (/** @type {string} */ name) => (/** @type {readonly string[]} */ command) => [
    ...["setpriv", "--pdeathsig", "KILL"], // should we be killed, nothing lives on
    ...["nsenter", `--net=/run/netns/${name}`],
    ...command,
  ];
  const namespaces = [client, server].map((name) => String(statSync(`/run/netns/${name}`).ino));
  return { inClient: inside(client), inServer: inside(server), namespaces, destroy };
}

/** @param {string} namespace @param {readonly string[]} addresses @param {string} address6 */
function addAddresses(namespace, addresses, address6) {
  for (const address of addresses) ip("-n", namespace, "addr", "add", `${address}/24`, "dev", "tt0");
  ip("-n", namespace, "addr", "add", `${address6}/64`, "dev", "tt0", "nodad");
  ip("-n", namespace, "link", "set", "tt0", "up");
}

/**
 * Until a socket of the namespace of `pid` is bound to the port, without sending it anything.
 * @param {number} pid @param {"tcp" | "udp"} transport @param {number} port
 */
export async function untilBound(pid, transport, port) {
  const wanted = `:${port.toString(16).toUpperCase().padStart(4, "0")}`;
  await until(`${transport} port ${port} of process ${pid}`, () =>
    ["", "6"].some((family) => {
      const table = `/proc/${pid}/net/${transport}${family}`;
      if (!existsSync(table)) return false;
      return readFileSync(table, "latin1")
        .split("\n")
        .some((line) => line.trim().split(/\s+/)[1]?.endsWith(wanted) === true);
    }),
  );
}
