/**
 * Reads the rule files and makes the classifier. When they cannot be used the
 * flows are still worth seeing: then nothing is classified, and the caller
 * tells the problem and what is missed by it.
 */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { createClassifier } from "../core/classify/classify.ts";
import type { Classifier } from "../core/classify/contact.ts";
import { parseRuleData, type RuleData } from "../core/classify/rule-data.ts";
import { explainError } from "./explain-error.ts";

export interface LoadedRules {
  readonly classifier: Classifier;
  /** The rules' date, for reports. */
  readonly version: string;
  /** Why the rules cannot be used, or null. */
  readonly problem: string | null;
}

const FILES = { services: "services.json", programs: "programs.json", owners: "owners.json" } as const;
const NO_RULES: RuleData = { version: "none", services: [], programOptOuts: [], owners: new Map() };

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
    const [services, programs, owners] = await Promise.all(
      [FILES.services, FILES.programs, FILES.owners].map((name) => readJson(join(rulesDir, name))),
    );
    const data = parseRuleData({ services, programs, owners });
    return { classifier: createClassifier(data), version: data.version, problem: null };
  } catch (error) {
    const problem = `the rules cannot be used, so nothing is classified: ${explainError(error)}`;
    return { classifier: createClassifier(NO_RULES), version: NO_RULES.version, problem };
  }
}
