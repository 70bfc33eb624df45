/** A response -> the addresses of the name that was asked for, through its CNAME chain. Pure. */
import type { DnsMessage, DnsRecord } from "./parse-message.ts";

export interface ResolvedName {
  readonly name: string;
  /** CNAME and service targets on the way, in order. */
  readonly aliases: readonly string[];
  readonly addresses: readonly string[];
  /** Lowest of all records used: so long the whole answer holds. 0 where there were none. */
  readonly ttlSec: number;
  /** What hellos for this name show where ECH hides it (service records of the chain). */
  readonly echPublicNames: readonly string[];
}

/** Resolvers give up far earlier (unbound 11, BIND 16). */
const MAX_CHAIN = 32;

/** RFC 9460 section 2.3: an HTTPS query for another port asks `_8443._https.host`. */
const withoutServiceLabels = (name: string): string =>
  name.startsWith("_") ? name.replace(/^_\d+\._https?\./, "") : name;

function addressesOf(record: DnsRecord): readonly string[] {
  if (record.kind === "address") return [record.address];
  return record.kind === "service" ? record.addressHints : [];
}

const aliasOf = (record: DnsRecord): string | null =>
  record.kind === "cname" || (record.kind === "service" && record.target !== ".") ? record.target : null;

type RecordsOf = (owner: string) => readonly DnsRecord[];

/** Many names are looked for in one message of up to 4,096 records: each must not go through all of them. */
function groupByOwner(answers: readonly DnsRecord[]): RecordsOf {
  const groups = new Map<string, DnsRecord[]>();
  for (const record of answers) {
    const group = groups.get(record.name);
    if (group === undefined) groups.set(record.name, [record]);
    else group.push(record);
  }
  return (owner) => groups.get(owner) ?? [];
}

function followChain(name: string, recordsOf: RecordsOf): ResolvedName {
  const chain = new Set([name]);
  const addresses = new Set<string>();
  let echPublicNames: Set<string> | null = null; // few answers have any
  let ttlSec = Number.POSITIVE_INFINITY;
  for (const link of chain) {
    for (const record of recordsOf(link)) {
      if (record.kind === "ptr") continue;
      if (record.ttlSec < ttlSec) ttlSec = record.ttlSec;
      for (const address of addressesOf(record)) addresses.add(address);
      if (record.kind === "service" && record.echPublicNames.length > 0) {
        echPublicNames = new Set([...(echPublicNames ?? []), ...record.echPublicNames]);
      }
      const alias = aliasOf(record);
      if (alias !== null && chain.size <= MAX_CHAIN) chain.add(alias); // a Set visits what is added while it is walked
    }
  }
  return {
    name: withoutServiceLabels(name),
    aliases: [...chain].slice(1),
    addresses: [...addresses],
    ttlSec: ttlSec === Number.POSITIVE_INFINITY ? 0 : ttlSec,
    echPublicNames: echPublicNames === null ? [] : [...echPublicNames],
  };
}

/** Records whose owner is in the chain that begins at `name`: others were not asked for. */
export const resolveName = (name: string, answers: readonly DnsRecord[]): ResolvedName =>
  followChain(name, (owner) => answers.filter((record) => record.name === owner));

/** mDNS responses repeat no question (RFC 6762 section 6): every name with an address answers for itself. */
export function resolveUnasked(message: DnsMessage): readonly ResolvedName[] {
  const names = new Set(message.answers.flatMap((record) => (record.kind === "address" ? [record.name] : [])));
  const recordsOf = groupByOwner(message.answers);
  return [...names].map((name) => followChain(name, recordsOf));
}
