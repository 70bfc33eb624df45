/** What readers get of a flow, and the kernel's numbers in words. */
import type { Transport } from "../model/endpoint.ts";
import type { Flow } from "../model/flow.ts";
import type { FlowEntry } from "./entries.ts";

/** An immutable copy for readers. */
export const toFlow = (entry: FlowEntry): Flow => ({
  key: entry.key,
  process: entry.process?.key ?? null,
  transport: entry.transport,
  direction: entry.direction,
  local: entry.local,
  remote: entry.remote,
  locality: entry.locality,
  peer: entry.peer,
  naming: entry.naming,
  encryptedDns: entry.encryptedDns,
  verdict: entry.verdict,
  state: entry.state,
  failure: entry.failure,
  bytesSent: entry.bytesSent,
  bytesReceived: entry.bytesReceived,
  openedAtNs: entry.openedAtNs,
  lastActiveNs: entry.lastActiveNs,
  closedAtNs: entry.closedAtNs,
  isOlderThanCapture: entry.isOlderThanCapture,
});

const TRANSPORTS: Readonly<Record<number, Transport>> = {
  6: "tcp",
  262: "tcp", // MPTCP: what the program sees is a TCP socket
  17: "udp",
  136: "udp", // UDP-Lite
  1: "icmp",
  58: "icmp", // ICMPv6
};

/** IPPROTO_* -> Transport. */
export const transportOf = (protocol: number): Transport => TRANSPORTS[protocol] ?? "other";

const FAILURES: Readonly<Record<number, string>> = {
  111: "refused", // ECONNREFUSED
  110: "timed out", // ETIMEDOUT
  101: "unreachable", // ENETUNREACH
  113: "unreachable", // EHOSTUNREACH
  104: "reset", // ECONNRESET
};

/** errno -> Flow.failure; null: the kernel named no reason we know. */
export const failureOf = (error: number): string | null => FAILURES[error] ?? null;
