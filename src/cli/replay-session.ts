/** A recording through a session, for the commands that read one. */
import { displayText } from "../core/model/display-text.ts";
import { createSession } from "../core/session/session.ts";
import type { Session, SessionOptions } from "../core/session/session-api.ts";
import { loadRules } from "../engine/load-rules.ts";
import { nodeCiphers } from "../engine/node-ciphers.ts";
import { damageOf, recordingGap } from "../engine/recording-damage.ts";
import { replayRecording } from "../engine/replay-recording.ts";
import type { CommandContext } from "./command.ts";
import { EXIT, type ExitCode } from "./exit-codes.ts";

export interface ReplayedSession {
  readonly session: Session;
  readonly rulesVersion: string;
  /** EXIT.failure when recording or rules were damaged: what could be read is in the session. */
  readonly exitCode: ExitCode;
}

export interface ReplayOptions {
  readonly prepare?: (session: () => Session) => SessionOptions;
  /** Last words to the session before its flows are handed out. */
  readonly beforeFinish?: (session: Session) => Promise<void>;
}

export async function replaySession(
  file: string,
  context: CommandContext,
  { prepare, beforeFinish }: ReplayOptions,
): Promise<ReplayedSession | ExitCode> {
  const { output } = context;
  const rules = await loadRules(context.paths.rulesDir);
  if (rules.problem !== null) output.note(`telltale: ${displayText(rules.problem)}`);
  const session: Session = createSession(rules.classifier, nodeCiphers, {
    ...prepare?.(() => session),
    gaps: rules.gaps,
  });
  const end = await replayRecording(file, {
    pace: "fast",
    isStopped: () => output.readerGone.aborted,
    onMessage: (message) => {
      session.ingest(message);
      return output.relief();
    },
  });
  const name = displayText(file);
  if (end.outcome === "unreadable") {
    output.note(`telltale: ${name} cannot be read: ${displayText(end.reason)}`);
    return EXIT.failure;
  }
  const damage = damageOf(end);
  if (damage !== null) {
    session.addGap(recordingGap(damage));
    output.note(`telltale: ${name} is damaged: ${displayText(damage)}. What came before it is shown.`);
  }
  await beforeFinish?.(session);
  session.finish();
  if (session.hello() === null) {
    output.note(`telltale: ${name} holds nothing that can be read`);
    return EXIT.failure;
  }
  const isWhole = damage === null && rules.problem === null;
  return { session, rulesVersion: rules.version, exitCode: isWhole ? EXIT.ok : EXIT.failure };
}
