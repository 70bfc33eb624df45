/** Recordings in the window: one at a time, stoppable, with what a damaged one still gave. */
import type { OpenResult } from "../contract/ipc-schema.ts";
import { damageOf, recordingGap } from "../engine/recording-damage.ts";
import { type ReplayEnd, type ReplayOptions, replayRecording } from "../engine/replay-recording.ts";
import type { HostSession } from "./host-session.ts";

export interface ReplayRequest {
  readonly file: string;
  readonly isDemo: boolean;
  /** A demo is watched, a recording is looked into. */
  readonly pace: ReplayOptions["pace"];
}

export class Replay {
  readonly #host: HostSession;
  #current: symbol | null = null;

  constructor(host: HostSession) {
    this.#host = host;
  }

  stop(): void {
    this.#current = null;
  }

  /** "as-recorded" answers as soon as the file is known to be ours, "fast" when it is read. */
  async open(request: ReplayRequest): Promise<OpenResult> {
    const current = Symbol(request.file);
    this.stop();
    this.#current = current;
    let hasStarted = false;
    let tellStarted = (): void => undefined;
    const started = new Promise<OpenResult>((resolve) => {
      tellStarted = () => resolve({ outcome: "opened" });
    });
    const ended = replayRecording(request.file, {
      pace: request.pace,
      isStopped: () => this.#current !== current,
      onMessage: (message) => {
        if (this.#current !== current) return undefined;
        if (!hasStarted) this.#begin(request);
        hasStarted = true;
        if (request.pace === "as-recorded") tellStarted();
        this.#host.ingest(message);
        return undefined;
      },
    }).then((end) => this.#finish(request, current, end, hasStarted));
    return Promise.race([started, ended]);
  }

  #begin(request: ReplayRequest): void {
    this.#host.startOver();
    this.#host.followClock(null);
    this.#show(request, false);
  }

  #show({ file, isDemo }: ReplayRequest, isFinished: boolean): void {
    this.#host.setCapture({ mode: "replaying", file, isDemo, isFinished });
  }

  #finish(request: ReplayRequest, current: symbol, end: ReplayEnd, hasStarted: boolean): OpenResult {
    if (this.#current !== current) return { outcome: "cancelled" };
    if (end.outcome === "unreadable") return { outcome: "failed", reason: end.reason };
    const reason = damageOf(end);
    if (!hasStarted) return { outcome: "failed", reason: reason ?? "it holds no records" };
    this.#show(request, true);
    if (reason === null) return { outcome: "opened" };
    this.#host.session.addGap(recordingGap(reason));
    return { outcome: "failed", reason: `the recording is damaged: ${reason}. What came before it is shown` };
  }
}
