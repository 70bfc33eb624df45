/** Names that no program asked for: /etc/hosts, and reverse lookups the user wanted. For flows with no better one. */
import { isLoopbackAddress } from "../model/locality.ts";
import type { NameEvidence } from "../model/name-evidence.ts";
import { oldestFirst } from "../model/oldest-first.ts";
import { parseHostsFile } from "../protocol/hosts/parse-hosts-file.ts";
import { parseLookupName } from "../protocol/lookup-name.ts";

export interface FallbackNames {
  /** Replaces what the file said before. */
  readonly readHostsFile: (bytes: Uint8Array, timeNs: number) => void;
  /** False: not a name. */
  readonly addReverseName: (address: string, name: string, timeNs: number) => boolean;
  /** Strongest first. */
  readonly at: (address: string) => readonly NameEvidence[];
}

/** Each is a click of the user's. */
const MAX_REVERSE_ADDRESSES = 4096;
/** Name servers may give several; a reader needs one. */
const MAX_REVERSE_NAMES = 4;
/** Lines for one address beyond this say nothing more. */
const MAX_HOSTS_NAMES = 4;

const NONE: readonly NameEvidence[] = [];

/** The first name of a line is the canonical one, the others its aliases (hosts(5)). */
function namesOfFile(bytes: Uint8Array, timeNs: number): Map<string, NameEvidence[]> {
  const names = new Map<string, NameEvidence[]>();
  for (const line of parseHostsFile(bytes)) {
    const [name] = line.names;
    // What this machine calls itself, and what block lists send nowhere, names no service of it.
    if (name === undefined || isLoopbackAddress(line.address)) continue;
    const known = names.get(line.address) ?? [];
    if (known.length >= MAX_HOSTS_NAMES || known.some((evidence) => evidence.name === name)) continue;
    known.push({ name, source: "hosts-file", observedAtNs: timeNs });
    names.set(line.address, known);
  }
  return names;
}

export function createFallbackNames(): FallbackNames {
  let hosts = new Map<string, NameEvidence[]>();
  const reverse = new Map<string, NameEvidence[]>();
  const byAge = oldestFirst(reverse);

  function addReverseName(address: string, text: string, timeNs: number): boolean {
    const name = parseLookupName(text);
    if (name === null) return false;
    const known = reverse.get(address) ?? [];
    if (known.length >= MAX_REVERSE_NAMES || known.some((evidence) => evidence.name === name)) return true;
    reverse.set(address, [...known, { name, source: "reverse-dns", observedAtNs: timeNs }]);
    if (reverse.size > MAX_REVERSE_ADDRESSES) {
      const oldest = byAge.next();
      if (oldest !== undefined) reverse.delete(oldest);
      byAge.rest();
    }
    return true;
  }

  return {
    readHostsFile: (bytes, timeNs) => {
      hosts = namesOfFile(bytes, timeNs);
    },
    addReverseName,
    at: (address) => {
      const fromFile = hosts.get(address);
      const fromOwner = reverse.get(address);
      if (fromFile === undefined) return fromOwner ?? NONE;
      return fromOwner === undefined ? fromFile : [...fromFile, ...fromOwner];
    },
  };
}
