/** Rules by host, for lookups that cost one map access a label however many rules there are. */
import type { RuleData, Service } from "./rule-data.ts";

export interface MatchedRule {
  readonly service: Service;
  /** The rule's own host pattern that matched. */
  readonly pattern: string;
  /** The program name that matched, for rules limited to programs. */
  readonly program: string | null;
}

interface HostRules {
  readonly byProgram: Map<string, Service>;
  forAnyone: Service | null;
}

export interface RuleIndex {
  /** Program and host, then exact host, then the longest suffix; null: no rule. */
  readonly find: (name: string, programs: readonly string[]) => MatchedRule | null;
  /** Owner of the name's domain or of the nearest parent domain that is known. */
  readonly ownerOf: (name: string) => string | null;
}

export function buildRuleIndex(data: RuleData): RuleIndex {
  const rules = new Map<string, HostRules>();
  for (const service of data.services) {
    for (const host of service.hosts) addRule(rules, host, service);
  }
  return {
    find: (name, programs) => findRule(rules, name, programs),
    ownerOf: (name) => findOwner(data.owners, name),
  };
}

function addRule(rules: Map<string, HostRules>, host: string, service: Service): void {
  const entry = rules.get(host) ?? { byProgram: new Map<string, Service>(), forAnyone: null };
  rules.set(host, entry);
  if (service.programs === null) entry.forAnyone = service;
  else for (const program of service.programs) entry.byProgram.set(program, service);
}

/** `a.b.c` as a rule may spell it: `a.b.c`, `*.b.c`, `*.c`. Names have at most 127 labels (RFC 1035 section 3.1). */
function* patternsOf(name: string): Generator<string> {
  yield name;
  for (let dot = name.indexOf("."); dot !== -1; dot = name.indexOf(".", dot + 1)) yield `*${name.slice(dot)}`;
}

function findRule(
  rules: ReadonlyMap<string, HostRules>,
  name: string,
  programs: readonly string[],
): MatchedRule | null {
  let anyone: MatchedRule | null = null;
  for (const pattern of patternsOf(name)) {
    const entry = rules.get(pattern);
    if (entry === undefined) continue;
    for (const program of programs) {
      const service = entry.byProgram.get(program);
      if (service !== undefined) return { service, pattern, program };
    }
    if (anyone === null && entry.forAnyone !== null) anyone = { service: entry.forAnyone, pattern, program: null };
  }
  return anyone;
}

function findOwner(owners: ReadonlyMap<string, string>, name: string): string | null {
  let domain = name;
  while (domain.includes(".")) {
    const owner = owners.get(domain);
    if (owner !== undefined) return owner;
    domain = domain.slice(domain.indexOf(".") + 1);
  }
  return null;
}
