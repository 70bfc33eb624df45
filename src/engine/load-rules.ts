/**
 * Reads the rule files and makes the classifier. When they cannot be used the
 * flows are still worth seeing: then verdicts are guesses from names only, and
 * the problem is a gap that the screen and every report tell.
 */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { createClassifier } from "../core/classify/classify.ts";
import type { Classifier } from "../core/classify/contact.ts";
import { parseRuleData, type RuleData } from "../core/classify/rule-data.ts";
import type { Feature } from "../core/model/coverage.ts";
import { explainError } from "./explain-error.ts";

export interface LoadedRules {
  readonly classifier: Classifier;
  /** The rules' date, for reports. */
  readonly version: string;
  /** Why the rules cannot be used, or null. */
  readonly problem: string | null;
  /** The same for the session: none or one. */
  readonly gaps: readonly Feature[];
}

const FILES = {
  services: "services.json",
  programs: "programs.json",
  owners: "owners.json",
  encryptedDns: "encrypted-dns.json",
} as const;
const RULES_UNSEEN = "what destinations are for: the rules cannot be used, so verdicts are only guessed from names";
const NO_RULES: RuleData = {
  version: "none",
  services: [],
  programOptOuts: [],
  encryptedResolvers: [],
  owners: new Map(),
};

async function readJson(file: string): Promise<unknown> {
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (error) {
    throw new Error(`${file}: ${explainError(error)}`);
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(`${file} is not valid JSON: ${explainError(error)}`);
  }
}

export async function loadRules(rulesDir: string): Promise<LoadedRules> {
  try {
    const [services, programs, owners, encryptedDns] = await Promise.all(
      [FILES.services, FILES.programs, FILES.owners, FILES.encryptedDns].map((name) => readJson(join(rulesDir, name))),
    );
    const data = parseRuleData({ services, programs, owners, encryptedDns });
    return { classifier: createClassifier(data), version: data.version, problem: null, gaps: [] };
  } catch (error) {
    const problem = `the rules cannot be used, so verdicts are only guessed from names: ${explainError(error)}`;
    const gap: Feature = { id: "rules", isAttached: false, reason: explainError(error), unseen: RULES_UNSEEN };
    return { classifier: createClassifier(NO_RULES), version: NO_RULES.version, problem, gaps: [gap] };
  }
}
