/** Words for what a socket speaks where that is no usual transport, and for who opened it. */
import type { Flow, OpenedBy } from "./flow.ts";
import { transportLabel } from "./format.ts";
import { processText } from "./process-text.ts";

/** IANA's numbers that people meet in raw and packet sockets. */
const IP_PROTOCOLS: ReadonlyMap<number, string> = new Map([
  [1, "ICMP"],
  [2, "IGMP"],
  [6, "TCP"],
  [17, "UDP"],
  [41, "IPv6"],
  [47, "GRE"],
  [50, "ESP"],
  [58, "ICMPv6"],
  [89, "OSPF"],
  [103, "PIM"],
  [112, "VRRP"],
  [132, "SCTP"],
]);

/** IEEE's numbers that stand behind frames programs send by themselves. */
const ETHER_TYPES: ReadonlyMap<number, string> = new Map([
  [0x0806, "ARP"],
  [0x8863, "PPPoE discovery"],
  [0x8864, "PPPoE"],
  [0x888e, "EAPOL"],
  [0x88cc, "LLDP"],
]);

function innerText({ ipProtocol, etherType }: Pick<Flow, "ipProtocol" | "etherType">): string | null {
  if (etherType !== null) return ETHER_TYPES.get(etherType) ?? `type 0x${etherType.toString(16).padStart(4, "0")}`;
  return ipProtocol === null ? null : (IP_PROTOCOLS.get(ipProtocol) ?? `protocol ${ipProtocol}`);
}

/** `TCP`, `raw IP (OSPF)`, `packet socket (ARP)`. */
export function spokenText(flow: Pick<Flow, "transport" | "ipProtocol" | "etherType">): string {
  const inner = innerText(flow);
  return inner === null ? transportLabel(flow.transport) : `${transportLabel(flow.transport)} (${inner})`;
}

/** `opened by sshd[812]` */
export const openedByText = (opener: OpenedBy): string => `opened by ${processText(opener)}`;
