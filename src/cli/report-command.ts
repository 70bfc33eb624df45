/** `telltale report`: a recording as a report for people (HTML) or programs (JSON). Needs no root. */
import type { ExportFormat } from "../contract/ipc-schema.ts";
import { displayText } from "../core/model/display-text.ts";
import { makeReport } from "../engine/make-report.ts";
import { addReverseNames } from "./add-reverse-names.ts";
import type { Command, CommandContext } from "./command.ts";
import { EXIT, type ExitCode } from "./exit-codes.ts";
import { drained } from "./output.ts";
import { type ParsedArguments, parseArguments, requireFile, UsageError } from "./parse-arguments.ts";
import { replaySession } from "./replay-session.ts";
import { formatOfFile, saveReport } from "./save-report.ts";

function chooseFormat(parsed: ParsedArguments, outFile: string | null): ExportFormat {
  const asked = parsed.text("format");
  if (asked === "html" || asked === "json") return asked;
  if (asked !== null) throw new UsageError(`--format is html or json, not "${asked}"`);
  return outFile === null ? "html" : formatOfFile(outFile);
}

async function report(words: readonly string[], context: CommandContext): Promise<ExitCode> {
  const { output } = context;
  const parsed = parseArguments(words, {
    format: { type: "string" },
    out: { type: "string", short: "o" },
    "reverse-dns": { type: "boolean" },
  });
  const outFile = parsed.text("out");
  const format = chooseFormat(parsed, outFile);
  const replayed = await replaySession(requireFile(parsed.files, "the recording"), context, {
    ...(parsed.has("reverse-dns") ? { beforeFinish: (session) => addReverseNames(session, output) } : {}),
  });
  if (typeof replayed === "number") return replayed;
  const { session, rulesVersion, exitCode } = replayed;
  if (outFile !== null) {
    const isSaved = await saveReport(session, { rulesVersion, packages: new Map() }, outFile, output, format);
    return isSaved ? exitCode : EXIT.failure;
  }
  output.write(makeReport(session, format, { rulesVersion, endedAtNs: session.newestNs() }));
  await drained();
  const problem = output.problem();
  if (problem === null) return exitCode;
  output.note(`telltale: the report could not be written: ${displayText(problem)}`);
  return EXIT.failure;
}

export const reportCommand: Command = {
  name: "report",
  usage: "report FILE [--format html|json] [-o OUT] [--reverse-dns]",
  summary: "which programs of a recording send telemetry, and how to switch it off",
  run: report,
};
