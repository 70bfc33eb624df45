/** A classifier whose verdicts are written down in the test. */
import type { Classifier, Contact } from "../../../src/core/classify/contact.ts";
import type { Category, Verdict } from "../../../src/core/model/verdict.ts";

export const literalVerdict = (category: Category, evidence: string): Verdict => ({
  category,
  vendor: null,
  owner: null,
  ruleId: null,
  confidence: category === "unknown" ? "none" : "confirmed",
  evidence,
  source: null,
  optOuts: [],
});

/** Category by name; everything else is unknown. Remembers what it was asked. */
export function createLiteralClassifier(categories: Readonly<Record<string, Category>> = {}): Classifier & {
  readonly asked: Contact[];
} {
  const asked: Contact[] = [];
  return {
    asked,
    classify: (contact) => {
      asked.push(contact);
      const category = contact.name === null ? undefined : categories[contact.name];
      return literalVerdict(category ?? "unknown", contact.name ?? contact.remote.address);
    },
  };
}
