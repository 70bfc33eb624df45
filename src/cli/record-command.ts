/** `telltale record`: the helper's bytes into a file, for replay, reports and bug reports. */
import { displayText } from "../core/model/display-text.ts";
import { formatBytes } from "../core/model/format.ts";
import { createRecordingWriter, type RecordingEnd, type RecordingWriter } from "../engine/write-recording.ts";
import type { Command, CommandContext } from "./command.ts";
import { EXIT, type ExitCode, exitCodeOf } from "./exit-codes.ts";
import { runLive } from "./live-run.ts";
import type { Output } from "./output.ts";
import { parseArguments, parseSeconds, requireFile } from "./parse-arguments.ts";
import { problemWords } from "./problem-words.ts";
import { type StopSignals, stopSignals } from "./stop-signals.ts";

async function writeUntilStopped(writer: RecordingWriter, context: CommandContext, stops: StopSignals) {
  return runLive(context.paths, stops, {
    onLive: () => context.output.note("live"),
    onMessage: (message) => {
      if (writer.problem() !== null) stops.stop(); // a full disk does not get emptier by going on
      return writer.write(message);
    },
  });
}

function tellEnd(end: RecordingEnd, output: Output): void {
  if (end.outcome === "saved") {
    output.note(`Recorded ${formatBytes(end.bytes)} to ${displayText(end.path)}`);
    return;
  }
  const kept = end.isKept ? " What was seen before is kept and can be read." : "";
  output.note(`telltale: ${displayText(end.path)} could not be written: ${displayText(end.reason)}.${kept}`);
}

async function record(words: readonly string[], context: CommandContext): Promise<ExitCode> {
  const parsed = parseArguments(words, { seconds: { type: "string" } });
  const file = requireFile(parsed.files, "the file to record to");
  const stops = stopSignals({ seconds: parseSeconds(parsed.text("seconds")), also: context.output.readerGone });
  const opened = await createRecordingWriter(file);
  if (opened.outcome === "failed") {
    context.output.note(`telltale: ${displayText(file)} could not be written: ${displayText(opened.reason)}.`);
    return EXIT.failure;
  }
  const problem = await writeUntilStopped(opened.writer, context, stops);
  const end = await opened.writer.close();
  stops.release();
  if (problem !== null) context.output.note(`telltale: ${problemWords(problem)}`);
  // Without a helper there is nothing to keep: its problem is the answer, not the empty file.
  if (problem === null || (end.outcome === "failed" && end.isKept) || end.outcome === "saved")
    tellEnd(end, context.output);
  if (problem !== null) return exitCodeOf(problem);
  return end.outcome === "saved" ? EXIT.ok : EXIT.failure;
}

export const recordCommand: Command = {
  name: "record",
  usage: "record [--seconds N] FILE",
  summary: "save what the kernel reports, to replay it anywhere without root",
  run: record,
};
