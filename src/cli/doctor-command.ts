/** `telltale doctor`: what this machine allows, what is missing, how to get it. */
import { displayText } from "../core/model/display-text.ts";
import { safeJson } from "../core/report/safe-json.ts";
import { examineSystem } from "../engine/doctor.ts";
import type { DoctorCheck } from "../engine/doctor-report.ts";
import type { Command, CommandContext } from "./command.ts";
import { EXIT, type ExitCode } from "./exit-codes.ts";
import { drained } from "./output.ts";
import { parseArguments, requireNoFile } from "./parse-arguments.ts";

function checkLines(check: DoctorCheck): readonly string[] {
  const mark = check.isOk ? "ok     " : check.isRequired ? "MISSING" : "absent ";
  const line = `${mark}  ${check.title}: ${displayText(check.found)}`;
  if (check.isOk) return [line];
  return [
    line,
    `         for: ${check.need}`,
    ...(check.fix === null ? [] : [`         do:  ${displayText(check.fix)}`]),
  ];
}

async function doctor(words: readonly string[], context: CommandContext): Promise<ExitCode> {
  const parsed = parseArguments(words, { json: { type: "boolean" } });
  requireNoFile(parsed.files);
  const report = await examineSystem(context.paths);
  if (parsed.has("json")) context.output.write(`${safeJson(report, 2)}\n`);
  else {
    const verdict = report.canCapture ? "Telltale can capture here." : "Telltale cannot capture here yet.";
    context.output.write(`${[...report.checks.flatMap(checkLines), "", verdict].join("\n")}\n`);
  }
  await drained();
  return report.canCapture ? EXIT.ok : EXIT.notSupported;
}

export const doctorCommand: Command = {
  name: "doctor",
  usage: "doctor [--json]",
  summary: "what this machine allows, what is missing, how to get it",
  run: doctor,
};
