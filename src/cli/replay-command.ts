/** `telltale replay`: a recording as a table, lines or JSON. Needs no root. */
import { addReverseNames } from "./add-reverse-names.ts";
import type { Command, CommandContext } from "./command.ts";
import { EXIT, type ExitCode } from "./exit-codes.ts";
import { flowSink } from "./flow-sink.ts";
import { drained } from "./output.ts";
import { parseArguments, requireFile, UsageError } from "./parse-arguments.ts";
import { printLookups } from "./print-lookups.ts";
import { printSummary } from "./print-summary.ts";
import { replaySession } from "./replay-session.ts";
import { saveReport } from "./save-report.ts";

async function replay(words: readonly string[], context: CommandContext): Promise<ExitCode> {
  const parsed = parseArguments(words, {
    json: { type: "boolean" },
    table: { type: "boolean" },
    lookups: { type: "boolean" },
    "reverse-dns": { type: "boolean" },
    report: { type: "string" },
  });
  const file = requireFile(parsed.files, "the recording");
  const isJson = parsed.has("json");
  if (isJson && parsed.has("table")) throw new UsageError("choose --json or --table");
  const isLookups = parsed.has("lookups");
  if (isJson && parsed.has("reverse-dns")) {
    throw new UsageError(
      "--reverse-dns goes with a table or a report: flows are printed as they end, before it is known",
    );
  }
  const sink = flowSink(isJson && !isLookups ? "json" : "none", context.output);
  const replayed = await replaySession(file, context, {
    prepare: (session) => ({
      onFlowEnded: (flow, process) => {
        sink.follow(session());
        sink.flow(flow, process);
      },
    }),
    ...(parsed.has("reverse-dns") ? { beforeFinish: (session) => addReverseNames(session, context.output) } : {}),
  });
  if (typeof replayed === "number") return replayed;
  if (isLookups) printLookups(replayed.session, isJson, context.output);
  else if (!isJson) printSummary(replayed.session, context.output);
  await drained();
  const reportFile = parsed.text("report");
  const { session, rulesVersion, exitCode } = replayed;
  // A recording may be of another machine, so this one's package manager is not asked.
  const facts = { rulesVersion, packages: new Map() };
  const hasSaved = reportFile === null || (await saveReport(session, facts, reportFile, context.output));
  return hasSaved && context.output.problem() === null ? exitCode : EXIT.failure;
}

export const replayCommand: Command = {
  name: "replay",
  usage: "replay FILE [--json | --table] [--lookups] [--reverse-dns] [--report FILE]",
  summary: "show a recording; needs no root",
  run: replay,
};
