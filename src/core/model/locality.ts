/** Where an address lives, from its text. */
import type { Locality } from "./endpoint.ts";

function localityOfIpv4(address: string): Locality {
  const first = Number.parseInt(address, 10); // up to the dot: this runs for each flow
  if (first === 127 || first === 0) return "loopback"; // 0.0.0.0 as a destination is this host (RFC 1122 section 3.2.1.3)
  if (first === 10) return "private";
  const second = Number.parseInt(address.slice(address.indexOf(".") + 1), 10);
  if (first === 172 && second >= 16 && second <= 31) return "private";
  if (first === 192 && second === 168) return "private";
  if (first === 100 && second >= 64 && second <= 127) return "private"; // shared address space, RFC 6598
  if (first === 169 && second === 254) return "link-local";
  if (first >= 224 && first <= 239) return "multicast";
  if (first === 255) return "link-local"; // limited broadcast never leaves the link
  return "internet";
}

function localityOfIpv6(address: string): Locality {
  if (address === "::1" || address === "::") return "loopback";
  const head = Number.parseInt(address.split(":", 1)[0] || "0", 16);
  if (head >= 0xff00) return "multicast";
  if (head >= 0xfe80 && head <= 0xfebf) return "link-local";
  if (head >= 0xfc00 && head <= 0xfdff) return "private"; // unique local, RFC 4193
  return "internet";
}

const ETHERNET = /^(?:[0-9a-f]{2}:){5}[0-9a-f]{2}$/;
const ETHERNET_CHARACTERS = 17;

/** A frame goes no further than its link; the lowest bit of the first byte says to a group (IEEE 802, section 8.2.2). */
const localityOfEthernet = (address: string): Locality =>
  (Number.parseInt(address.slice(0, 2), 16) & 1) === 1 ? "multicast" : "link-local";

/** `address` as the decoder writes it: dotted IPv4, RFC 5952 IPv6 or an Ethernet address. */
export function localityOf(address: string): Locality {
  if (!address.includes(":")) return localityOfIpv4(address);
  if (address.length === ETHERNET_CHARACTERS && ETHERNET.test(address)) return localityOfEthernet(address);
  return localityOfIpv6(address);
}

export const isLoopbackAddress = (address: string): boolean => localityOf(address) === "loopback";
