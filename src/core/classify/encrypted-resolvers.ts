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
  return (name, address) => {
    if (name !== null && isListed(hosts, name)) return name;
    const known = address === null ? undefined : byAddress.get(address);
    if (known === undefined) return null;
    return name ?? known;
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
