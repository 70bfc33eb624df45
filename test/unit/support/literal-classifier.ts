/** A classifier whose verdicts are written down in the test. */
import type { Classifier, Contact } from "../../../src/core/classify/contact.ts";
import type { Category, Verdict } from "../../../src/core/model/verdict.ts";

/** `telemetry?` is a suspicion. */
export type LiteralCategory = Category | `${Category}?`;

export const literalVerdict = (category: Category, evidence: string, isSuspected = false): Verdict => ({
  category,
  vendor: null,
  owner: null,
  ruleId: null,
  confidence: category === "unknown" ? "none" : isSuspected ? "suspected" : "confirmed",
  evidence,
  source: null,
  optOuts: [],
});

/** Category by name; everything else is unknown. Resolvers are what is called `doh.…`, and 192.0.2.253. Remembers what it was asked. */
export function createLiteralClassifier(categories: Readonly<Record<string, LiteralCategory>> = {}): Classifier & {
  readonly asked: Contact[];
} {
  const asked: Contact[] = [];
  return {
    asked,
    encryptedResolverOf: (name, address) => {
      if (name !== null && /^doh\./.test(name)) return name;
      return address === "192.0.2.253" ? (name ?? "doh.example.net") : null;
    },
    classify: (contact) => {
      asked.push(contact);
      const literal = (contact.name === null ? undefined : categories[contact.name]) ?? "unknown";
      const category = literal.replace("?", "") as Category;
      return literalVerdict(category, contact.name ?? contact.remote.address, literal.endsWith("?"));
    },
  };
}
