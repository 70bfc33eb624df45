/** What every parser owes to those who show its results, written independently of the code under test. */
import { isIPv4, isIPv6 } from "node:net";
import { ensure } from "./fuzz-target.ts";

/** Labels of a-z, 0-9, hyphen, underscore and `\ddd`, or the root. */
const SAFE_NAME = /^(?:\.|(?:[a-z0-9_-]|\\\d{3})+(?:\.(?:[a-z0-9_-]|\\\d{3})+)*)$/;

/** RFC 1035 section 2.3.4, without length bytes and root. */
const MAX_NAME_BYTES = 253;
const MAX_LABEL_BYTES = 63;

export function ensureSafeName(name: string): void {
  ensure(SAFE_NAME.test(name), () => `not a safe name: ${JSON.stringify(name)}`);
  const onWire = name.includes("\\") ? name.replaceAll(/\\\d{3}/g, "?") : name;
  ensure(onWire.length <= MAX_NAME_BYTES, () => `a name of ${onWire.length} bytes`);
  for (const label of onWire.split(".")) {
    ensure(label.length <= MAX_LABEL_BYTES, () => `a label of ${label.length} bytes`);
  }
}

/** Printable ASCII. */
export function ensurePrintable(text: string): void {
  ensure(/^[ -~]*$/.test(text), () => `not printable: ${JSON.stringify(text)}`);
}

/** Groups of an IPv6 address as text, `::` filled in. */
function ipv6Groups(address: string): string[] {
  const [head = "", tail] = address.split("::");
  const list = (text: string): string[] => (text === "" ? [] : text.split(":"));
  if (tail === undefined) return list(head);
  return [...list(head), ...Array(8 - list(head).length - list(tail).length).fill("0"), ...list(tail)];
}

/** RFC 5952 section 4, checked from the text alone. */
function isCanonicalIpv6(address: string): boolean {
  if (!isIPv6(address) || !/^[0-9a-f:]+$/.test(address)) return false;
  const groups = ipv6Groups(address);
  if (groups.length !== 8 || groups.some((group) => group.length > 1 && group.startsWith("0"))) return false;
  const runs = groups.join(":").match(/(?:^|:)0(?::0)+(?![^:])/g) ?? [];
  const longest = Math.max(0, ...runs.map((run) => run.replace(/^:/, "").split(":").length));
  const shortened = address.includes("::") ? 8 - address.split(":").filter((group) => group !== "").length : 0;
  return longest < 2 ? shortened === 0 : shortened === longest;
}

export function ensureCanonicalAddress(address: string): void {
  const isCanonical = isIPv4(address) ? !/(?:^|\.)0\d/.test(address) : isCanonicalIpv6(address);
  ensure(isCanonical, () => `not a canonical address: ${JSON.stringify(address)}`);
}

/** Of a flow's end: packet sockets also speak to Ethernet addresses. */
export function ensureEndAddress(address: string): void {
  if (!/^[0-9a-f]{2}(?::[0-9a-f]{2}){5}$/.test(address)) ensureCanonicalAddress(address);
}
