/** `telltale watch`: a live table on a terminal, lines or JSON elsewhere, and a report at the end. */
import type { CaptureProblem } from "../contract/ipc-schema.ts";
import { displayText } from "../core/model/display-text.ts";
import { createSession } from "../core/session/session.ts";
import type { Session } from "../core/session/session-api.ts";
import { createContainerNamer } from "../engine/container-namer.ts";
import { containerPlacesOf, readContainerNames } from "../engine/container-names.ts";
import { loadRules } from "../engine/load-rules.ts";
import { nodeCiphers } from "../engine/node-ciphers.ts";
import { createPackageFinder } from "../engine/owning-packages.ts";
import { packagesOfPrograms } from "../engine/program-files.ts";
import type { NativeAddon } from "../helper/native.ts";
import type { Command, CommandContext } from "./command.ts";
import { EXIT, type ExitCode, exitCodeOf } from "./exit-codes.ts";
import { type FlowSink, flowSink } from "./flow-sink.ts";
import { runLive } from "./live-run.ts";
import { type LiveScreen, openLiveScreen } from "./live-screen.ts";
import { drained, type Output } from "./output.ts";
import { parseArguments, parseSeconds, requireNoFile } from "./parse-arguments.ts";
import { printLookups } from "./print-lookups.ts";
import { printSummary } from "./print-summary.ts";
import { problemWords } from "./problem-words.ts";
import { canSaveReport, saveReport } from "./save-report.ts";
import { coverageLines } from "./status-lines.ts";
import { type StopSignals, stopSignals } from "./stop-signals.ts";

interface WatchOptions {
  readonly seconds: number | null;
  readonly isJson: boolean;
  readonly isLookups: boolean;
  readonly reportFile: string | null;
}

/** The core expires what is old on this beat; the screen follows it. */
const TICK_MS = 500;

function readOptions(words: readonly string[]): WatchOptions {
  const parsed = parseArguments(words, {
    seconds: { type: "string" },
    json: { type: "boolean" },
    lookups: { type: "boolean" },
    report: { type: "string" },
  });
  requireNoFile(parsed.files);
  return {
    seconds: parseSeconds(parsed.text("seconds")),
    isJson: parsed.has("json"),
    isLookups: parsed.has("lookups"),
    reportFile: parsed.text("report"),
  };
}

/** Ticks the session and repaints, until told to stop. */
function startTicking(session: Session, addon: NativeAddon, onTick: () => void): () => void {
  const places = containerPlacesOf(process.getuid?.() ?? -1, process.env);
  const namer = createContainerNamer(() => readContainerNames(places));
  const timer = setInterval(() => {
    session.tick(addon.bootTimeNs());
    namer.look(session);
    onTick();
  }, TICK_MS);
  return () => clearInterval(timer);
}

async function capture(
  session: Session,
  screen: LiveScreen | null,
  context: CommandContext,
  stops: StopSignals,
): Promise<CaptureProblem | null> {
  let stopTicking = (): void => undefined;
  try {
    return await runLive(context.paths, stops, {
      onConnected: (addon) => {
        stopTicking = startTicking(session, addon, () => screen?.paint());
      },
      onMessage: (message) => {
        session.ingest(message);
        return context.output.relief();
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
  if (options.isLookups) return flowSink("none", context.output);
  if (options.isJson) return flowSink("json", context.output);
  return flowSink(isScreen ? "none" : "lines", context.output);
}

/** What was seen just now ran on this machine, so its package manager can be asked. */
async function saveLive(session: Session, rulesVersion: string, file: string, output: Output): Promise<boolean> {
  const packages = await packagesOfPrograms(session.graph(), createPackageFinder());
  return saveReport(session, { rulesVersion, packages }, file, output);
}

/** After the last record: what was seen is shown and saved, whatever ended the capture. */
async function conclude(
  session: Session,
  options: WatchOptions,
  rulesVersion: string,
  output: Output,
): Promise<boolean> {
  session.finish();
  if (session.hello() === null) return true; // nothing began, nothing to show
  if (output.isTerminal && !options.isJson) printSummary(session, output);
  if (options.isLookups) printLookups(session, options.isJson, output);
  const hasSaved = options.reportFile === null || (await saveLive(session, rulesVersion, options.reportFile, output));
  await drained();
  const unwritten = output.problem();
  if (unwritten !== null) output.note(`telltale: the output cannot be written: ${displayText(unwritten)}`);
  return hasSaved && unwritten === null;
}

function judge(problem: CaptureProblem | null, session: Session, isWhole: boolean, output: Output): ExitCode {
  if (problem !== null) {
    output.note(`telltale: ${problemWords(problem)}`);
    return exitCodeOf(problem);
  }
  if (session.hello() === null) {
    output.note("telltale: stopped before the capture began");
    return EXIT.noPermission;
  }
  return isWhole ? EXIT.ok : EXIT.failure;
}

async function watch(words: readonly string[], context: CommandContext): Promise<ExitCode> {
  const options = readOptions(words);
  const { output } = context;
  if (!(await canSaveReport(options.reportFile, output))) return EXIT.failure;
  const rules = await loadRules(context.paths.rulesDir);
  if (rules.problem !== null) output.note(`telltale: ${displayText(rules.problem)}`);
  const isScreen = output.isTerminal && !options.isJson;
  const sink = chooseSink(options, isScreen, context);
  const session = createSession(rules.classifier, nodeCiphers, { onFlowEnded: sink.flow, gaps: rules.gaps });
  sink.follow(session);
  const stops = stopSignals({ seconds: options.seconds, also: output.readerGone });
  const screen = isScreen ? openLiveScreen(session, output) : null;
  let problem: CaptureProblem | null;
  try {
    problem = await capture(session, screen, context, stops);
  } finally {
    screen?.close();
  }
  const isWhole = await conclude(session, options, rules.version, output);
  stops.release();
  return judge(problem, session, isWhole && rules.problem === null, output);
}

export const watchCommand: Command = {
  name: "watch",
  usage: "watch [--seconds N] [--json] [--lookups] [--report FILE]",
  summary: "which program talks to which destination, live",
  run: watch,
};
