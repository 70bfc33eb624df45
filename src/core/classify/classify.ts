/**
 * Contact -> verdict. In order: a rule for this program at this host, a rule
 * for the host, the longest suffix rule, a guess from the name, what the
 * protocol is for, the owner of the domain, nothing. Later steps never
 * overrule earlier ones, and each verdict says in one sentence why.
 */
import { confidenceWords } from "../model/format.ts";
import { ruleId } from "../model/ids.ts";
import type { Category, Verdict } from "../model/verdict.ts";
import type { Classifier, Contact } from "./contact.ts";
import { indexEncryptedResolvers } from "./encrypted-resolvers.ts";
import { guessCategory } from "./guess-category.ts";
import { infrastructurePurpose } from "./infrastructure.ts";
import { buildOptOutIndex, joinOptOuts, type OptOutIndex } from "./opt-outs.ts";
import { programNames } from "./program-names.ts";
import type { RuleData, Service } from "./rule-data.ts";
import { buildRuleIndex, type MatchedRule, type RuleIndex } from "./rule-index.ts";

/**
 * Verdicts repeat: a few programs, a few names. Neither the address nor a caller's port decides anything, so they are
 * not in the key. When full, the cache starts afresh, which costs a few lookups.
 */
const MAX_CACHED_VERDICTS = 4096;

export function createClassifier(data: RuleData): Classifier {
  const rules = buildRuleIndex(data);
  const optOuts = buildOptOutIndex(data);
  const cache = new Map<string, Verdict>();
  return {
    encryptedResolverOf: indexEncryptedResolvers(data.encryptedResolvers),
    classify: (contact) => {
      const names = programNames(contact);
      const purpose = infrastructurePurpose(contact);
      const key = [contact.name ?? "", purpose ?? "", contact.locality, ...names].join("\0");
      const cached = cache.get(key);
      if (cached !== undefined) return cached;
      if (cache.size >= MAX_CACHED_VERDICTS) cache.clear();
      const verdict = judge({ contact, names, purpose }, rules, optOuts);
      cache.set(key, verdict);
      return verdict;
    },
  };
}

/** A contact and what follows from its program and port alone. */
interface Case {
  readonly contact: Contact;
  readonly names: readonly string[];
  readonly purpose: string | null;
}

function judge({ contact, names, purpose }: Case, rules: RuleIndex, optOuts: OptOutIndex): Verdict {
  const { name } = contact;
  const matched = name === null ? null : rules.find(name, names);
  if (name !== null && matched !== null) return ruleVerdict(contact, name, matched, rules, optOuts);
  const owner = name === null ? null : rules.ownerOf(name);
  const guess = name === null || contact.locality === "loopback" ? null : guessCategory(name);
  if (guess !== null) {
    return {
      ...unjudged(`No rule names ${name}; the "${guess.word}" in it suggests what it is for.`, owner),
      category: guess.category,
      confidence: "suspected",
      optOuts: optOuts.optOutsFor(contact, guess.category),
    };
  }
  if (purpose !== null) return { ...unjudged(purpose, owner), category: "infrastructure" };
  if (owner !== null) return unjudged(`No rule names ${name}; its domain belongs to ${owner}.`, owner);
  return unjudged(whyUnknown(contact), null);
}

const unjudged = (evidence: string, owner: string | null): Verdict => ({
  category: "unknown",
  vendor: null,
  owner,
  ruleId: null,
  confidence: "none",
  evidence,
  source: null,
  optOuts: [],
});

function whyUnknown(contact: Contact): string {
  if (contact.name !== null) return `No rule names ${contact.name}.`;
  switch (contact.locality) {
    case "loopback":
      return "Stays on this machine.";
    case "private":
    case "link-local":
      return "Stays on the local network.";
    case "multicast":
      return "Goes to everyone on the local link.";
    case "internet":
      return "Only the address is known, and rules are about names.";
  }
}

function ruleVerdict(
  contact: Contact,
  name: string,
  matched: MatchedRule,
  rules: RuleIndex,
  optOuts: OptOutIndex,
): Verdict {
  const { service } = matched;
  const ofProgram = optOuts.optOutsFor(contact, service.category);
  return {
    category: service.category,
    vendor: service.vendor,
    owner: service.owner ?? rules.ownerOf(name),
    ruleId: ruleId(service.id),
    confidence: service.confidence,
    evidence: `${name} ${service.says ?? whatItDoes(service)}; ${provenance(service)}.`,
    source: service.source.url,
    // A rule made for this program knows best; otherwise the program's own switches fit better than the host's.
    optOuts:
      matched.program === null ? joinOptOuts(ofProgram, service.optOuts) : joinOptOuts(service.optOuts, ofProgram),
  };
}

function whatItDoes({ category, vendor }: Service): string {
  const sentences: Readonly<Record<Category, string>> = {
    telemetry: `receives usage data for ${vendor}`,
    "crash-reporting": `receives crash and error reports for ${vendor}`,
    analytics: `receives usage events for ${vendor}`,
    advertising: `serves or measures advertising for ${vendor}`,
    monitoring: `receives metrics, logs or traces for ${vendor}`,
    "feature-flags": `says which features to turn on, for ${vendor}`,
    "update-check": `answers update checks for ${vendor}`,
    "licence-check": `checks licences for ${vendor}`,
    content: `serves content of ${vendor}`,
    infrastructure: `serves the network, run by ${vendor}`,
    unknown: `belongs to ${vendor}`,
  };
  return sentences[category];
}

function provenance({ source, confidence }: Service): string {
  if (source.seenIn !== null) return `named in ${source.seenIn} (checked ${source.checked})`;
  return `${confidenceWords(confidence).plain}, since the source could not be checked (${source.checked})`;
}
