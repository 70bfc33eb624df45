/** What keeps the network running, recognised by its port: name resolution, time, addresses. */
import type { Contact } from "./contact.ts";

const PURPOSES: Readonly<Record<string, string>> = {
  "udp/53": "Name resolution (DNS)",
  "tcp/53": "Name resolution (DNS over TCP)",
  "tcp/853": "Name resolution (DNS over TLS, RFC 7858)",
  "udp/853": "Name resolution (DNS over QUIC, RFC 9250)",
  "udp/5353": "Names on the local link (mDNS, RFC 6762)",
  "udp/5355": "Names on the local link (LLMNR, RFC 4795)",
  "udp/123": "Time (NTP, RFC 5905)",
  "tcp/4460": "Time (NTS key exchange, RFC 8915)",
  "udp/67": "Address assignment (DHCP, RFC 2131)",
  "udp/68": "Address assignment (DHCP, RFC 2131)",
  "udp/546": "Address assignment (DHCPv6, RFC 8415)",
  "udp/547": "Address assignment (DHCPv6, RFC 8415)",
};

/** A sentence, or null: the port says nothing of the kind. Ports are habits, so this never outranks a name. */
export function infrastructurePurpose(contact: Contact): string | null {
  const purpose = PURPOSES[`${contact.transport}/${contact.remote.port}`];
  if (purpose !== undefined) return `${purpose}, judged by its port.`;
  return contact.transport === "icmp" ? "Reachability (ICMP)." : null;
}
