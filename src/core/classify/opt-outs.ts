/** How to switch off what was seen: the switches of the matched service and those of the program itself. */
import type { Category, OptOut } from "../model/verdict.ts";
import { type Program, programNames } from "./program-names.ts";
import type { ProgramOptOut, RuleData } from "./rule-data.ts";

export interface OptOutIndex {
  /** Documented switches of this program, those for the given category first. */
  readonly optOutsFor: (program: Program, category: Category) => readonly OptOut[];
}

/** A person needs one way that works, not every way there is. */
const MAX_OPT_OUTS = 6;

export function buildOptOutIndex(data: RuleData): OptOutIndex {
  const byName = new Map<string, ProgramOptOut[]>();
  for (const entry of data.programOptOuts) {
    for (const name of entry.executables) byName.set(name, [...(byName.get(name) ?? []), entry]);
  }
  return {
    optOutsFor: (program, category) => {
      const covers = coveredBy(category);
      if (covers === null) return [];
      const entries = programNames(program).flatMap((name) => byName.get(name) ?? []);
      const fitting = entries.filter((entry) => entry.covers === covers);
      const others = entries.filter((entry) => entry.covers === "usage" && covers === "crashes");
      return joinOptOuts([...fitting, ...others].map((entry) => entry.optOut));
    },
  };
}

/** Which kind of switch stops this category; null: a switch would be beside the point. */
function coveredBy(category: Category): ProgramOptOut["covers"] | null {
  switch (category) {
    case "telemetry":
    case "analytics":
    case "monitoring":
    case "feature-flags":
      return "usage";
    case "crash-reporting":
      return "crashes";
    case "update-check":
      return "updates";
    default:
      return null;
  }
}

/** Lists in order of precedence, without saying the same thing twice. */
export function joinOptOuts(...lists: readonly (readonly OptOut[])[]): readonly OptOut[] {
  const byInstruction = new Map<string, OptOut>();
  for (const optOut of lists.flat()) {
    // `X=1` and `X=true` are the same switch, and so are `next ...` and `npx next ...`.
    const key =
      optOut.kind === "env" ? optOut.instruction.replace(/=.*$/, "") : optOut.instruction.replace(/^npx /, "");
    if (!byInstruction.has(key)) byInstruction.set(key, optOut);
  }
  return [...byInstruction.values()].slice(0, MAX_OPT_OUTS);
}
