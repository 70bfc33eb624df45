/** What keeps the network running, recognised by its port: name resolution, time, addresses. */
import type { Transport } from "../model/endpoint.ts";
import type { Contact } from "./contact.ts";

const UDP: ReadonlyMap<number, string> = new Map([
  [53, "Name resolution (DNS)"],
  [67, "Address assignment (DHCP, RFC 2131)"],
  [68, "Address assignment (DHCP, RFC 2131)"],
  [123, "Time (NTP, RFC 5905)"],
  [546, "Address assignment (DHCPv6, RFC 8415)"],
  [547, "Address assignment (DHCPv6, RFC 8415)"],
  [853, "Name resolution (DNS over QUIC, RFC 9250)"],
  [5353, "Names on the local link (mDNS, RFC 6762)"],
  [5355, "Names on the local link (LLMNR, RFC 4795)"],
]);

/** DHCP clients write their own packets until the machine has an address. */
const PACKET: ReadonlyMap<number, string> = new Map([
  [67, "Address assignment (DHCP, RFC 2131)"],
  [68, "Address assignment (DHCP, RFC 2131)"],
]);

const TCP: ReadonlyMap<number, string> = new Map([
  [53, "Name resolution (DNS over TCP)"],
  [853, "Name resolution (DNS over TLS, RFC 7858)"],
  [4460, "Time (NTS key exchange, RFC 8915)"],
]);

const BY_TRANSPORT: Readonly<Partial<Record<Transport, ReadonlyMap<number, string>>>> = {
  tcp: TCP,
  udp: UDP,
  packet: PACKET,
};

/** A sentence, or null: the port says nothing of the kind. Ports are habits, so this never outranks a name. */
export function infrastructurePurpose({ transport, remote }: Contact): string | null {
  if (transport === "icmp") return "Reachability (ICMP).";
  const purpose = BY_TRANSPORT[transport]?.get(remote.port);
  return purpose === undefined ? null : `${purpose}, judged by its port.`;
}
