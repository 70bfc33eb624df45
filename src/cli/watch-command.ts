/** `telltale watch`: a live table on a terminal, lines or JSON elsewhere, and a report at the end. */
import { displayText } from "../core/model/display-text.ts";
import { createSession } from "../core/session/session.ts";
import type { Session } from "../core/session/session-api.ts";
import { loadRules } from "../engine/load-rules.ts";
import type { NativeAddon } from "../helper/native.ts";
import type { Command, CommandContext } from "./command.ts";
import { EXIT, type ExitCode, exitCodeOf } from "./exit-codes.ts";
import { type FlowSink, flowSink } from "./flow-sink.ts";
import { runLive } from "./live-run.ts";
import { type LiveScreen, openLiveScreen } from "./live-screen.ts";
import { drained } from "./output.ts";
import { parseArguments, parseSeconds, requireNoFile } from "./parse-arguments.ts";
import { printSummary } from "./print-summary.ts";
import { problemWords } from "./problem-words.ts";
import { saveReport } from "./save-report.ts";
import { coverageLines } from "./status-lines.ts";
import { type StopSignals, stopSignals } from "./stop-signals.ts";

interface WatchOptions {
  readonly seconds: number | null;
  readonly isJson: boolean;
  readonly reportFile: string | null;
}

/** The core expires what is old on this beat; the screen follows it. */
const TICK_MS = 500;

function readOptions(words: readonly string[]): WatchOptions {
  const parsed = parseArguments(words, {
    seconds: { type: "string" },
    json: { type: "boolean" },
    report: { type: "string" },
  });
  requireNoFile(parsed.files);
  return {
    seconds: parseSeconds(parsed.text("seconds")),
    isJson: parsed.has("json"),
    reportFile: parsed.text("report"),
  };
}

/** Ticks the session and repaints, until told to stop. */
function startTicking(session: Session, addon: NativeAddon, onTick: () => void): () => void {
  const timer = setInterval(() => {
    session.tick(addon.bootTimeNs());
    onTick();
  }, TICK_MS);
  return () => clearInterval(timer);
}

async function capture(session: Session, screen: LiveScreen | null, context: CommandContext, stops: StopSignals) {
  let stopTicking = (): void => undefined;
  try {
    return await runLive(context.paths, stops, {
      onConnected: (addon) => {
        stopTicking = startTicking(session, addon, () => screen?.paint());
      },
      onMessage: (message) => {
        session.ingest(message);
        return undefined;
      },
      onLive: () => {
        if (screen === null) {
          context.output.note("live");
          for (const line of coverageLines(session.coverage())) context.output.note(line);
        } else screen.setState("live · Ctrl-C to stop");
      },
    });
  } finally {
    stopTicking();
  }
}

function chooseSink(options: WatchOptions, isScreen: boolean, context: CommandContext): FlowSink {
  if (options.isJson) return flowSink("json", context.output);
  return flowSink(isScreen ? "none" : "lines", context.output);
}

async function watch(words: readonly string[], context: CommandContext): Promise<ExitCode> {
  const options = readOptions(words);
  const { output } = context;
  const rules = await loadRules(context.paths.rulesDir);
  if (rules.problem !== null) output.note(`telltale: ${displayText(rules.problem)}`);
  const isScreen = output.isTerminal && !options.isJson;
  const sink = chooseSink(options, isScreen, context);
  const session = createSession(rules.classifier, { onFlowEnded: (flow, process) => sink.flow(flow, process) });
  sink.follow(session);
  const stops = stopSignals({ seconds: options.seconds, also: output.readerGone });
  const screen = isScreen ? openLiveScreen(session, output) : null;
  let problem: Awaited<ReturnType<typeof capture>>;
  try {
    problem = await capture(session, screen, context, stops);
  } finally {
    screen?.close();
  }
  session.finish();
  if (isScreen && problem === null) printSummary(session, output);
  if (problem !== null) output.note(`telltale: ${problemWords(problem)}`);
  const hasSaved =
    options.reportFile === null ||
    session.hello() === null ||
    (await saveReport(session, rules.version, options.reportFile, output));
  await drained();
  stops.release();
  if (problem !== null) return exitCodeOf(problem);
  if (output.problem() !== null) output.note(`telltale: the output cannot be written: ${output.problem()}`);
  return hasSaved && output.problem() === null && rules.problem === null ? EXIT.ok : EXIT.failure;
}

export const watchCommand: Command = {
  name: "watch",
  usage: "watch [--seconds N] [--json] [--report FILE]",
  summary: "which program talks to which destination, live",
  run: watch,
};
