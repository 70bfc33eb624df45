/** Resolvers for encrypted lookups, by host name and by address. */
import type { EncryptedResolver } from "./rule-data.ts";

export type FindEncryptedResolver = (name: string | null, address: string | null) => string | null;

export function indexEncryptedResolvers(resolvers: readonly EncryptedResolver[]): FindEncryptedResolver {
  const hosts = new Set(resolvers.flatMap((resolver) => resolver.hosts));
  const byAddress = new Map<string, string>();
  for (const resolver of resolvers) {
    const [host] = resolver.hosts;
    for (const address of resolver.addresses) byAddress.set(address, host ?? resolver.operator);
  }
  const isListedCached = cached((name) => isListed(hosts, name));
  return (name, address) => {
    if (name !== null && isListedCached(name)) return name;
    const known = address === null ? undefined : byAddress.get(address);
    if (known === undefined) return null;
    return name ?? known;
  };
}

/** Names repeat: every flow to port 443 asks. When full, it starts afresh. */
const MAX_CACHED = 4096;

function cached(judge: (name: string) => boolean): (name: string) => boolean {
  const known = new Map<string, boolean>();
  return (name) => {
    const before = known.get(name);
    if (before !== undefined) return before;
    if (known.size >= MAX_CACHED) known.clear();
    const result = judge(name);
    known.set(name, result);
    return result;
  };
}

/** The name itself, or any name above it with a star in front: users have hosts of their own below some. */
function isListed(hosts: ReadonlySet<string>, name: string): boolean {
  if (hosts.has(name)) return true;
  for (let dot = name.indexOf("."); dot !== -1; dot = name.indexOf(".", dot + 1)) {
    if (hosts.has(`*${name.slice(dot)}`)) return true;
  }
  return false;
}
