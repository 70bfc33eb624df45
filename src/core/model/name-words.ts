/**
 * All that is known about a name, in the words window, terminal and reports
 * share: its age, what else it may be, where sources disagree, what hides it.
 */
import { displayDomain } from "./display-domain.ts";
import { formatDuration, nameSourceWords, type Words } from "./format.ts";
import type { EchState, EncryptedDns, NameSource } from "./name-evidence.ts";

/** Of one name: enough to speak about it. */
export interface KnownName {
  readonly name: string;
  readonly source: NameSource;
}

/** Sources that are a lookup somebody made before the connection; their age says something. */
const LOOKED_UP: ReadonlySet<NameSource> = new Set([
  "own-answer",
  "own-lookup",
  "inherited-answer",
  "cgroup-answer",
  "host-answer",
]);

/** Lookups of the program itself or of the one it was started by: what its connections can contradict. */
const OWN_LOOKUPS: ReadonlySet<NameSource> = new Set(["own-answer", "own-lookup", "inherited-answer"]);

/** What the program says on the connection itself, in the words of a contradiction. */
const SAYINGS: Partial<Readonly<Record<NameSource, string>>> = {
  "server-name": "TLS says",
  "connect-target": "asked its proxy for",
  "http-host": "its request says",
};

/**
 * `asked for by this program, 3 min 5 s before connecting`, `asked for by this
 * program; the answer arrived 200 ms after connecting`; the source alone where
 * it has no age of its own. `ageNs`: opening of the connection minus time of
 * the answer.
 */
export function nameKnownText(source: NameSource | null, ageNs: number | null): string {
  const { plain } = nameSourceWords(source);
  if (source === null || ageNs === null || !LOOKED_UP.has(source)) return plain;
  if (ageNs >= 0 && ageNs < 1e6) return `${plain}, just before connecting`;
  return ageNs < 0
    ? `${plain}; the answer arrived ${formatDuration(-ageNs)} after connecting`
    : `${plain}, ${formatDuration(ageNs)} before connecting`;
}

/** At most two names are told one by one; more are counted. */
const NAMES_TOLD = 2;

const tellNames = (names: readonly string[], joint: string): string => {
  const told = names.slice(0, NAMES_TOLD).map(displayDomain);
  const rest = names.length - told.length;
  return rest === 0
    ? told.join(` ${joint} `)
    : `${told.join(", ")} ${joint} ${rest} ${rest === 1 ? "other" : "others"}`;
};

/** `looked up a.example, TLS says b.example`; `names` strongest first. */
export function contradictionText(names: readonly KnownName[]): string {
  const said = names.find(({ source }) => SAYINGS[source] !== undefined);
  const lookedUp = names.filter(({ name, source }) => OWN_LOOKUPS.has(source) && name !== said?.name);
  if (said === undefined || lookedUp.length === 0) return "its lookup and its connection disagree";
  const asked = tellNames(
    lookedUp.map(({ name }) => name),
    "and",
  );
  return `looked up ${asked}, ${SAYINGS[said.source]} ${displayDomain(said.name)}`;
}

/** `a.example or b.example`, `a.example or 3 others`: as the graph labels such a destination; "" without any. */
export function candidateNames([first, second, ...more]: readonly string[]): string {
  if (first === undefined) return "";
  if (second === undefined) return displayDomain(first);
  return `${displayDomain(first)} or ${more.length === 0 ? displayDomain(second) : `${more.length + 1} others`}`;
}

const CANDIDATES_TOLD = 8;

/** Why a destination is called `a.example or 3 others`, and which they are. */
export function candidatesText(candidates: readonly string[]): string {
  const told = candidates.slice(0, CANDIDATES_TOLD).map(displayDomain);
  const more = candidates.length > told.length ? ` and ${candidates.length - told.length} more` : "";
  const who = candidates.length === 2 ? "both names" : `${told.join(", ")}${more}`;
  return `${who} share an address, and nothing on the connection says which it was`;
}

const ECH_WORDS: Readonly<Record<EchState, Words>> = {
  "outer-name": {
    plain: "the real name is hidden by encryption; this is the name its provider shows instead",
    exact: "Encrypted Client Hello (RFC 9849): only the name its provider shows for many sites is in clear",
  },
  offered: {
    plain: "another name may be hidden by encryption; browsers also only pretend to hide one",
    exact: "Encrypted Client Hello (RFC 9849) with nothing that says whether it was real or a decoy (GREASE)",
  },
};

export const echWords = (ech: EchState): Words => ECH_WORDS[ech];

/** `through proxy.example:3128`. */
export const hopsText = (hops: readonly string[]): string => `through ${hops.map(displayDomain).join(", ")}`;

export const ENCRYPTED_DNS_LABELS: Readonly<Record<EncryptedDns["protocol"], string>> = {
  dot: "DNS over TLS",
  doh: "DNS over HTTPS",
  doq: "DNS over QUIC",
};

/** `sends its lookups to dns.google, encrypted: Telltale sees them only as connections`. */
export function encryptedDnsWords(used: readonly EncryptedDns[]): Words {
  const resolvers = tellNames([...new Set(used.map(({ resolver }) => resolver))], "and");
  const protocols = [...new Set(used.map(({ protocol }) => ENCRYPTED_DNS_LABELS[protocol]))];
  return {
    plain: `sends its lookups to ${resolvers}, encrypted: Telltale sees them only as connections`,
    exact: protocols.join(", "),
  };
}
