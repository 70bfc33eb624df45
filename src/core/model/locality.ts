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

/** `address` as the decoder writes it: dotted IPv4, or RFC 5952 IPv6. */
export const localityOf = (address: string): Locality =>
  address.includes(":") ? localityOfIpv6(address) : localityOfIpv4(address);

export const isLoopbackAddress = (address: string): boolean => localityOf(address) === "loopback";
