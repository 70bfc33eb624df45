/** What is not seen without a program, in plain words. One row a feature of native.ts. */
import type { Feature } from "../core/model/coverage.ts";
import type { NativeFeature } from "./native.ts";

const UNSEEN: ReadonlyMap<string, string> = new Map([
  ["connect4", "which program opens a connection over IPv4"],
  ["connect6", "which program opens a connection over IPv6"],
  ["sendmsg4", "which program sends datagrams over IPv4 without connecting first"],
  ["sendmsg6", "which program sends datagrams over IPv6 without connecting first"],
  ["bind4", "which program a connection accepted over IPv4 belongs to"],
  ["bind6", "which program a connection accepted over IPv6 belongs to"],
  ["create", "which program a ping or raw socket belongs to that only receives"],
  ["accept", "accepted connections, until their first packet; and their program"],
  ["release", "when a socket other than TCP was closed, with its last byte counts"],
  ["tcp_state", "whether a connection was established, failed or closed, and its final byte counts"],
  ["egress", "bytes and names (DNS, TLS) in packets that are sent"],
  ["ingress", "bytes and names (DNS) in packets that are received"],
  ["packet_send", "what programs send through packet sockets (AF_PACKET): DHCP clients, ARP tools, injected packets"],
  ["process_exec", "programs started after the capture began: their executable and arguments"],
  ["process_fork", "which process started which"],
  ["process_exit", "when a process ended"],
  ["cgroup_mkdir", "containers and services created after the capture began"],
  ["existing_processes", "programs that ran before the capture began"],
  ["existing_flows", "connections opened before the capture began, and their program"],
  ["lookup_getaddrinfo", "names that programs ask their C library for with getaddrinfo"],
  ["lookup_gethostbyname_r", "names that programs ask their C library for with gethostbyname"],
  ["lookup_gethostbyname2_r", "names that programs ask their C library for with gethostbyname2"],
  ["lookup_return", "names that programs ask their C library for"],
  ["byte_counts", "byte counts of connections while they are open"],
]);

const OTHER_SOCKETS = "packets of ping, raw and SCTP sockets, and who uses a socket that another process opened";

/** What is not seen with the fallbacks (X__plain of the BPF object). */
const LACKS: ReadonlyMap<string, string | null> = new Map([
  [
    "release",
    "the last byte counts of a socket other than TCP, of half a second at most; and that a connection was given up before anything was sent",
  ],
  ["existing_flows", "which program an older connection belongs to, but for what is told once at the start"],
  // One refused makes both plain: see tt_config.
  ["egress", OTHER_SOCKETS],
  ["ingress", OTHER_SOCKETS],
  ["tcp_state", null],
]);

function lacksOf(id: string): string | null {
  const lacks = LACKS.get(id);
  return lacks === undefined ? `some of what the program ${id} would tell` : lacks;
}

export function describeFeatures(features: readonly NativeFeature[]): Feature[] {
  return features.map(({ id, isAttached, isFallback, reason }) => ({
    id: id.replaceAll("_", "-"),
    isAttached,
    reason: isAttached ? null : reason,
    unseen: UNSEEN.get(id) ?? `what the program ${id} would tell`,
    ...(isFallback ? { fallback: { refusal: reason ?? "refused", lacks: lacksOf(id) } } : {}),
  }));
}
