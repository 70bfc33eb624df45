/** Addresses written by people and programs -> the one form we use everywhere (RFC 5952, IPv4-mapped as IPv4). */
import { formatIpv6 } from "../event/decode-text.ts";

const GROUPS = 8;

/** Dotted decimal as inet_pton(3) takes it: no leading zeros, no fewer parts. */
function parseIpv4(text: string): readonly number[] | undefined {
  const parts = text.split(".");
  if (parts.length !== 4) return undefined;
  const bytes: number[] = [];
  for (const part of parts) {
    if (!/^(?:0|[1-9]\d{0,2})$/.test(part)) return undefined;
    const value = Number(part);
    if (value > 255) return undefined;
    bytes.push(value);
  }
  return bytes;
}

/** Bytes of one side of `::`. RFC 4291 section 2.2: the last group may be an IPv4 address. */
function parseGroups(text: string, mayEndInIpv4: boolean): readonly number[] | undefined {
  if (text === "") return [];
  const bytes: number[] = [];
  const groups = text.split(":");
  for (const [index, group] of groups.entries()) {
    if (mayEndInIpv4 && index === groups.length - 1 && group.includes(".")) {
      const ipv4 = parseIpv4(group);
      if (ipv4 === undefined) return undefined;
      bytes.push(...ipv4);
      continue;
    }
    if (!/^[0-9a-fA-F]{1,4}$/.test(group)) return undefined;
    const value = Number.parseInt(group, 16);
    bytes.push(value >> 8, value & 0xff);
  }
  return bytes;
}

function parseIpv6(text: string): Uint8Array | undefined {
  const halves = text.split("::");
  const [front = "", back] = halves;
  if (halves.length > 2) return undefined;
  const head = parseGroups(front, back === undefined);
  const tail = back === undefined ? [] : parseGroups(back, true);
  if (head === undefined || tail === undefined) return undefined;
  const given = head.length + tail.length;
  // Section 2.2: `::` stands for one group at least.
  if (back === undefined ? given !== GROUPS * 2 : given > GROUPS * 2 - 2) return undefined;
  const bytes = new Uint8Array(GROUPS * 2);
  bytes.set(head);
  bytes.set(tail, bytes.length - tail.length);
  return bytes;
}

/** Longest text of an address (45) with a zone: interface names have 15 characters. */
const MAX_TEXT = 64;

/** The address without its zone (RFC 4007 section 11); undefined: not an address. */
export function parseAddress(text: string): string | undefined {
  if (text.length > MAX_TEXT) return undefined;
  if (!text.includes(":")) {
    const ipv4 = parseIpv4(text);
    return ipv4?.join(".");
  }
  const zoneAt = text.indexOf("%");
  const bytes = parseIpv6(zoneAt < 0 ? text : text.slice(0, zoneAt));
  return bytes === undefined || zoneAt === text.length - 1 ? undefined : formatIpv6(bytes, 0);
}
