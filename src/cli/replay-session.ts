/** A recording through a session, for the commands that read one. */
import { displayText } from "../core/model/display-text.ts";
import { createSession } from "../core/session/session.ts";
import type { Session, SessionOptions } from "../core/session/session-api.ts";
import { loadRules } from "../engine/load-rules.ts";
import { replayRecording } from "../engine/replay-recording.ts";
import type { CommandContext } from "./command.ts";
import { EXIT, type ExitCode } from "./exit-codes.ts";

export interface ReplayedSession {
  readonly session: Session;
  readonly rulesVersion: string;
  /** EXIT.failure when recording or rules were damaged: what could be read is in the session. */
  readonly exitCode: ExitCode;
}

export async function replaySession(
  file: string,
  context: CommandContext,
  prepare: (session: () => Session) => SessionOptions,
): Promise<ReplayedSession | ExitCode> {
  const { output } = context;
  const rules = await loadRules(context.paths.rulesDir);
  if (rules.problem !== null) output.note(`telltale: ${displayText(rules.problem)}`);
  const session: Session = createSession(
    rules.classifier,
    prepare(() => session),
  );
  const end = await replayRecording(file, {
    pace: "fast",
    isStopped: () => output.readerGone.aborted,
    onMessage: (message) => {
      session.ingest(message);
      return undefined;
    },
  });
  session.finish();
  const done = (exitCode: ExitCode): ReplayedSession => ({ session, rulesVersion: rules.version, exitCode });
  const whole = rules.problem === null ? EXIT.ok : EXIT.failure;
  const name = displayText(file);
  switch (end.outcome) {
    case "unreadable":
      output.note(`telltale: ${name} cannot be read: ${displayText(end.reason)}`);
      return EXIT.failure;
    case "broken":
      output.note(`telltale: ${name} is damaged: ${displayText(end.reason)}. What came before it is shown.`);
      return done(EXIT.failure);
    case "ended":
      if (session.hello() === null) {
        output.note(`telltale: ${name} holds nothing that can be read`);
        return EXIT.failure;
      }
      if (!end.isTruncated) return done(whole);
      output.note(`telltale: ${name} ends in the middle of a record. What came before it is shown.`);
      return done(EXIT.failure);
  }
}
