/** What readers get of a flow, and the kernel's numbers in words. */

import type { FlowStateEvent } from "../event/kernel-event.ts";
import { FRAME_PROTOCOL, PROTOCOL_FLAG } from "../event/layout.ts";
import type { Endpoint, Transport } from "../model/endpoint.ts";
import type { Flow, Peer } from "../model/flow.ts";
import type { FlowKey, SocketCookie } from "../model/ids.ts";
import type { FlowEntry } from "./entries.ts";
import type { ProcessImage } from "./process-entry.ts";

/** See FlowKey. `attempt` above 1: the socket connected again after its flow ended. */
export function flowKey(cookie: SocketCookie, transport: Transport, remote: Endpoint, attempt = 1): FlowKey {
  const key = transport === "tcp" ? `${cookie}` : `${cookie}/${remote.address}:${remote.port}`;
  return (attempt === 1 ? key : `${key}#${attempt}`) as FlowKey;
}

const peerOf = ({ facts: { key, pid, exe, comm } }: ProcessImage): Peer => ({ key, pid, exe, comm });

/** An immutable copy for readers. */
export const toFlow = (entry: FlowEntry): Flow => ({
  key: flowKey(entry.cookie, entry.transport, entry.remote, entry.attempt),
  process: entry.process?.key ?? null,
  openedBy: entry.openedBy,
  transport: entry.transport,
  ipProtocol: ipProtocolOf(entry),
  etherType: etherTypeOf(entry),
  direction: entry.direction,
  local: entry.local,
  remote: entry.remote,
  locality: entry.locality,
  peer: entry.peer === null ? null : peerOf(entry.peer),
  naming: entry.naming,
  encryptedDns: entry.encryptedDns,
  verdict: entry.verdict,
  state: entry.state,
  failure: entry.failure,
  bytesSent: entry.bytesSent,
  bytesReceived: entry.bytesReceived,
  packetsSent: entry.transport === "tcp" ? null : entry.packetsSent,
  packetsReceived: entry.transport === "tcp" ? null : entry.packetsReceived,
  handshakeNs: entry.handshakeNs,
  rttUs: entry.rttUs,
  retransmits: entry.retransmits,
  openedAtNs: entry.openedAtNs,
  lastActiveNs: entry.lastActiveNs,
  closedAtNs: entry.closedAtNs,
  isOlderThanCapture: entry.isOlderThanCapture,
});

const PROTOCOL_MASK = 0xfff;

/** The IP protocol a program writes by itself; null where the kernel speaks it, and where it is no IP. */
function ipProtocolOf({ transport, protocol }: FlowEntry): number | null {
  if (transport !== "raw" && transport !== "packet" && transport !== "other") return null;
  return protocol >= FRAME_PROTOCOL ? null : protocol & PROTOCOL_MASK;
}

const etherTypeOf = ({ protocol }: FlowEntry): number | null =>
  protocol >= FRAME_PROTOCOL ? protocol - FRAME_PROTOCOL : null;

const TRANSPORTS: Readonly<Record<number, Transport>> = {
  6: "tcp",
  262: "tcp", // MPTCP: what the program sees is a TCP socket
  17: "udp",
  136: "udp", // UDP-Lite
  1: "icmp",
  58: "icmp", // ICMPv6
  132: "sctp",
};

/** Endpoints.protocol -> Transport. */
export function transportOf(protocol: number): Transport {
  const known = TRANSPORTS[protocol];
  if (known !== undefined) return known;
  if (protocol >= FRAME_PROTOCOL || (protocol & PROTOCOL_FLAG.packet) !== 0) return "packet";
  return (protocol & PROTOCOL_FLAG.raw) !== 0 ? "raw" : "other";
}

/** Port 0: unconnected sockets, and libc's probes for the best source address (RFC 6724). */
export const reachesNobody = (transport: Transport, remote: Endpoint): boolean =>
  remote.port === 0 && (transport === "tcp" || transport === "udp" || transport === "sctp");

const FAILURES: Readonly<Record<number, string>> = {
  111: "refused", // ECONNREFUSED
  110: "timed out", // ETIMEDOUT
  101: "unreachable", // ENETUNREACH
  113: "unreachable", // EHOSTUNREACH
  104: "reset", // ECONNRESET
  32: "reset", // EPIPE: reset after the other end had said that it is done
};

const TCP_CLOSE = 7;

/**
 * How the kernel ended a TCP flow -> Flow.failure; null: well, or for no reason we know. A socket that never left the
 * closed state was refused by its own kernel before anything was sent, which is what happens without a route.
 */
export function failureOf({ error, oldState }: Pick<FlowStateEvent, "error" | "oldState">): string | null {
  const wasNeverTried = error === 0 && oldState === TCP_CLOSE;
  return wasNeverTried ? "unreachable" : (FAILURES[error] ?? null);
}
