/** `telltale doctor`: what this machine allows, what is missing, how to get it; with --probe, what its kernel says. */
import { displayText } from "../core/model/display-text.ts";
import { safeJson } from "../core/report/safe-json.ts";
import { examineSystem } from "../engine/doctor.ts";
import type { DoctorCheck, DoctorReport } from "../engine/doctor-report.ts";
import type { Command, CommandContext } from "./command.ts";
import { EXIT, type ExitCode } from "./exit-codes.ts";
import { drained } from "./output.ts";
import { parseArguments, requireNoFile } from "./parse-arguments.ts";
import { probeHooks, probeLines } from "./probe-hooks.ts";

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

function tellProbe({ probe }: DoctorReport): readonly string[] {
  if (probe === null) return [];
  const { problem } = probe;
  const words =
    problem === null
      ? []
      : [
          `Nothing could be loaded: ${problem.code}${problem.detail === null ? "" : `, ${displayText(problem.detail)}`}`,
        ];
  return [...words, ...probeLines(probe), ""];
}

async function doctor(words: readonly string[], context: CommandContext): Promise<ExitCode> {
  const parsed = parseArguments(words, { json: { type: "boolean" }, probe: { type: "boolean" } });
  requireNoFile(parsed.files);
  const examined = await examineSystem(context.paths);
  const probe = parsed.has("probe") ? await probeHooks(context.paths, context.output.readerGone) : null;
  // What the kernel did is a better answer than what it looks like.
  const report: DoctorReport = {
    ...examined,
    probe,
    canCapture: probe === null ? examined.canCapture : probe.problem === null,
  };
  if (parsed.has("json")) context.output.write(`${safeJson(report, 2)}\n`);
  else {
    const verdict = report.canCapture ? "Telltale can capture here." : "Telltale cannot capture here yet.";
    context.output.write(`${[...report.checks.flatMap(checkLines), "", ...tellProbe(report), verdict].join("\n")}\n`);
  }
  await drained();
  return report.canCapture ? EXIT.ok : EXIT.notSupported;
}

export const doctorCommand: Command = {
  name: "doctor",
  usage: "doctor [--probe] [--json]",
  summary: "what this machine allows, what is missing, how to get it; --probe tries every hook",
  run: doctor,
};
