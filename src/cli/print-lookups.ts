/** `--lookups`: what each process asked resolvers for, as lines or as JSON, one object a line. */
import { lookupToJson } from "../core/report/lookup-json.ts";
import { safeJson } from "../core/report/safe-json.ts";
import type { Session } from "../core/session/session-api.ts";
import { lookupLines } from "./lookup-lines.ts";
import type { Output } from "./output.ts";

export function printLookups(session: Session, isJson: boolean, output: Output): void {
  const { lookups, processes, hello } = session.snapshot();
  if (hello === null) return;
  if (!isJson) {
    output.write(`${lookupLines(lookups, processes).join("\n")}\n`);
    return;
  }
  for (const lookup of lookups) {
    const process = lookup.process === null ? null : (processes.get(lookup.process) ?? null);
    output.write(`${safeJson(lookupToJson(lookup, process, hello.bootWallMs))}\n`);
  }
}
