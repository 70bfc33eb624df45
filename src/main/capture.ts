/**
 * The capture's states: idle -> waiting for permission -> starting -> live,
 * and from anywhere to a problem or to stopped. What was seen stays in the
 * session until something new is opened.
 */
import type { CaptureProblem } from "../contract/ipc-schema.ts";
import type { HelperMessage } from "../core/session/session-api.ts";
import type { LaunchSurroundings } from "../engine/choose-launch.ts";
import { followHelper, type HelperClient } from "../engine/helper-client.ts";
import { RecordingPreface } from "../engine/recording-preface.ts";
import type { StartResult } from "../engine/start-capture.ts";
import type { RecordingEnd, RecordingWriter } from "../engine/write-recording.ts";
import type { HostSession } from "./host-session.ts";

export interface CaptureOptions {
  readonly host: HostSession;
  readonly around: LaunchSurroundings;
  readonly start: (around: LaunchSurroundings, cancelled: AbortSignal) => Promise<StartResult>;
  /** A recording ended by itself: the disk is full, or the helper went. */
  readonly onRecordingEnded: (end: RecordingEnd) => void;
}

export class Capture {
  readonly #options: CaptureOptions;
  readonly #preface = new RecordingPreface();
  #client: HelperClient | null = null;
  #starting: AbortController | null = null;
  #writer: RecordingWriter | null = null;
  /** The session holds a live capture of this boot, which a new helper may continue. */
  #isContinuable = false;

  constructor(options: CaptureOptions) {
    this.#options = options;
  }

  async start(): Promise<void> {
    if (this.#client !== null || this.#starting !== null) return;
    const { host, around } = this.#options;
    const starting = new AbortController();
    this.#starting = starting;
    host.setCapture(around.isRoot ? { mode: "starting" } : { mode: "waiting-for-permission" });
    const started = await this.#options.start(around, starting.signal);
    if (this.#starting === starting) this.#starting = null;
    if (starting.signal.aborted) {
      if (started.outcome === "connected") started.socket.destroy();
      return;
    }
    if (started.outcome === "problem") this.#fail(started.problem);
    else this.#follow(started);
  }

  /** Resolves when the helper is gone and a recording has its last byte. */
  async stop(): Promise<void> {
    const wasWaiting = this.#starting !== null;
    this.#starting?.abort();
    this.#starting = null;
    const client = this.#client;
    client?.stop();
    await client?.ended;
    await this.stopRecording();
    if (wasWaiting) this.#options.host.setCapture({ mode: "stopped" });
  }

  /** Before a recording is shown in the same session. */
  forget(): void {
    this.#isContinuable = false;
  }

  /** The session shows what was seen on this machine since it started, not a recording. */
  get isOfThisMachine(): boolean {
    return this.#isContinuable;
  }

  get isLive(): boolean {
    return this.#options.host.capture.mode === "live";
  }

  async startRecording(writer: RecordingWriter): Promise<void> {
    await this.stopRecording();
    for (const message of this.#preface.messages()) void writer.write(message);
    this.#writer = writer;
    this.#showLive();
  }

  async stopRecording(): Promise<RecordingEnd | null> {
    const writer = this.#writer;
    if (writer === null) return null;
    this.#writer = null;
    this.#showLive();
    return writer.close();
  }

  #showLive(): void {
    if (this.isLive) this.#options.host.setCapture({ mode: "live", recordingFile: this.#writer?.path ?? null });
  }

  #fail(problem: CaptureProblem): void {
    this.#options.host.setCapture({ mode: "problem", problem });
  }

  #follow(started: Extract<StartResult, { outcome: "connected" }>): void {
    const { host } = this.#options;
    if (!this.#isContinuable) host.startOver();
    this.#isContinuable = true;
    host.setCapture({ mode: "starting" });
    host.followClock(started.addon.bootTimeNs);
    const client = followHelper(started.socket, started.launch, (message) => this.#receive(message));
    this.#client = client;
    void client.ended.then((problem) => this.#end(problem));
  }

  #receive(message: HelperMessage): Promise<void> | undefined {
    this.#preface.keep(message);
    this.#options.host.ingest(message);
    if (message.kind === "live") this.#options.host.setCapture({ mode: "live", recordingFile: null });
    const writer = this.#writer;
    if (writer === null) return undefined;
    if (writer.problem() !== null) this.#endRecording();
    return writer.write(message);
  }

  #end(problem: CaptureProblem | null): void {
    this.#client = null;
    if (problem === null) this.#options.host.setCapture({ mode: "stopped" });
    else {
      this.#fail(problem);
      this.#endRecording();
    }
  }

  #endRecording(): void {
    void this.stopRecording().then((end) => {
      if (end !== null) this.#options.onRecordingEnded(end);
    });
  }
}
