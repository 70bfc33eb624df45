/** Follows a connected helper until it ends or we stop, and says why it ended. */
import type { Socket } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { createFrameDecoder } from "../contract/frame-decoder.ts";
import { FAILURE_CODES, type FailureCode } from "../contract/helper-protocol.ts";
import type { CaptureProblem } from "../contract/ipc-schema.ts";
import type { HelperMessage } from "../core/session/session-api.ts";
import type { HelperLaunch } from "./launch-helper.ts";
import { type PumpOptions, pumpMessages } from "./pump-messages.ts";

export interface HelperClient {
  /** Ends our side; the helper sends what it still holds and ends itself. After a second it is cut off. */
  readonly stop: () => void;
  /** null: we stopped it. Never rejects. */
  readonly ended: Promise<CaptureProblem | null>;
}

/** What the helper may take for its last records; a storm could go on for ever. */
const LAST_RECORDS_MS = 1000;
/** The process ends a moment after its socket; its last words explain more than a closed socket. */
const LAST_WORDS_MS = 1000;

const isFailureCode = (code: string): code is FailureCode => FAILURE_CODES.some((known) => known === code);

async function lastWords(launch: HelperLaunch): Promise<string> {
  const giveUp = new AbortController();
  const limit = pause(LAST_WORDS_MS, undefined, { signal: giveUp.signal }).catch(() => undefined);
  const end = await Promise.race([launch.ended, limit]);
  giveUp.abort();
  return end?.outcome === "failed" ? end.detail : "it closed its connection";
}

function problemOfFailure(failure: Extract<HelperMessage, { kind: "failure" }>): CaptureProblem {
  if (isFailureCode(failure.code)) return { code: failure.code, detail: failure.detail };
  return { code: "internal", detail: `${failure.code}: ${failure.detail}` };
}

export function followHelper(socket: Socket, launch: HelperLaunch, onMessage: PumpOptions["onMessage"]): HelperClient {
  let isStopped = false;
  let isCutOff = false;
  let cutOff: NodeJS.Timeout | undefined;
  let failure: CaptureProblem | null = null;
  const receive: PumpOptions["onMessage"] = (message) => {
    if (message.kind === "failure") failure = problemOfFailure(message);
    return onMessage(message);
  };
  const follow = async (): Promise<CaptureProblem | null> => {
    const end = await pumpMessages(socket, createFrameDecoder(), { onMessage: receive, isStopped: () => isCutOff });
    socket.destroy();
    clearTimeout(cutOff);
    if (failure !== null) return failure;
    if (isStopped) return null;
    const detail = end.outcome === "broken" ? end.reason : await lastWords(launch);
    return { code: "helper-lost", detail };
  };
  return {
    stop: () => {
      if (isStopped) return;
      isStopped = true;
      socket.end();
      cutOff = setTimeout(() => {
        isCutOff = true;
        socket.destroy();
      }, LAST_RECORDS_MS);
    },
    ended: follow(),
  };
}
