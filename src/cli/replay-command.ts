/** `telltale replay`: a recording as a table, lines or JSON. Needs no root. */
import type { Command, CommandContext } from "./command.ts";
import { EXIT, type ExitCode } from "./exit-codes.ts";
import { flowSink } from "./flow-sink.ts";
import { drained } from "./output.ts";
import { parseArguments, requireFile, UsageError } from "./parse-arguments.ts";
import { printSummary } from "./print-summary.ts";
import { replaySession } from "./replay-session.ts";
import { saveReport } from "./save-report.ts";

async function replay(words: readonly string[], context: CommandContext): Promise<ExitCode> {
  const parsed = parseArguments(words, {
    json: { type: "boolean" },
    table: { type: "boolean" },
    report: { type: "string" },
  });
  const file = requireFile(parsed.files, "the recording");
  const isJson = parsed.has("json");
  if (isJson && parsed.has("table")) throw new UsageError("choose --json or --table");
  const sink = flowSink(isJson ? "json" : "none", context.output);
  const replayed = await replaySession(file, context, (session) => ({
    onFlowEnded: (flow, process) => {
      sink.follow(session());
      sink.flow(flow, process);
    },
  }));
  if (typeof replayed === "number") return replayed;
  if (!isJson) printSummary(replayed.session, context.output);
  await drained();
  const reportFile = parsed.text("report");
  const { session, rulesVersion, exitCode } = replayed;
  const hasSaved = reportFile === null || (await saveReport(session, rulesVersion, reportFile, context.output));
  return hasSaved && context.output.problem() === null ? exitCode : EXIT.failure;
}

export const replayCommand: Command = {
  name: "replay",
  usage: "replay FILE [--json | --table] [--report FILE]",
  summary: "show a recording; needs no root",
  run: replay,
};
