/**
 * Writes a recording: magic, then whole frames. While it grows it has a
 * temporary name beside the target. When the disk fills up, the file is cut
 * after its last whole frame and still gets its name: what was seen is kept.
 */
import { type FileHandle, rename, unlink } from "node:fs/promises";
import { RECORDING_MAGIC } from "../contract/helper-protocol.ts";
import type { HelperMessage } from "../core/session/session-api.ts";
import { encodeMessage } from "./encode-message.ts";
import { explainError } from "./explain-error.ts";
import { openTarget, type Target } from "./open-target.ts";

/** Above this much unwritten data `write` makes its caller wait: about a second of a heavy storm. */
const PENDING_LIMIT_BYTES = 8 * 1024 * 1024;

export type RecordingEnd =
  | { readonly outcome: "saved"; readonly path: string; readonly bytes: number }
  /** `isKept`: the frames before the failure are readable at `path`. */
  | { readonly outcome: "failed"; readonly path: string; readonly reason: string; readonly isKept: boolean };

export interface RecordingWriter {
  readonly path: string;
  /** Resolves at once unless the disk falls behind; never rejects. */
  readonly write: (message: HelperMessage) => Promise<void>;
  /** The first thing that went wrong, or null. Later frames are not written then. */
  readonly problem: () => string | null;
  readonly close: () => Promise<RecordingEnd>;
}

export type OpenWriterResult =
  | { readonly outcome: "opened"; readonly writer: RecordingWriter }
  | { readonly outcome: "failed"; readonly reason: string };

/** Writes every byte or throws; `FileHandle.write` may write less. */
async function writeAll(file: FileHandle, bytes: Uint8Array): Promise<void> {
  let done = 0;
  while (done < bytes.byteLength) {
    const { bytesWritten } = await file.write(bytes, done, bytes.byteLength - done);
    done += bytesWritten;
  }
}

class GrowingRecording implements RecordingWriter {
  readonly path: string;
  readonly #file: FileHandle;
  readonly #growingPath: string | null;
  #pending: Uint8Array[] = [];
  #pendingBytes = 0;
  #wholeBytes = 0; // on disk and ending with a whole frame
  #flushing: Promise<void> | null = null;
  #problem: string | null = null;

  constructor({ path, temporaryPath, file }: Target) {
    this.path = path;
    this.#growingPath = temporaryPath;
    this.#file = file;
    this.#add(Buffer.from(RECORDING_MAGIC, "latin1"));
  }

  async write(message: HelperMessage): Promise<void> {
    if (this.#problem !== null) return;
    this.#add(encodeMessage(message));
    this.#flushing ??= this.#flush();
    if (this.#pendingBytes > PENDING_LIMIT_BYTES) await this.#flushing;
  }

  problem(): string | null {
    return this.#problem;
  }

  async close(): Promise<RecordingEnd> {
    await (this.#flushing ?? this.#flush());
    try {
      if (this.#growingPath !== null) {
        if (this.#problem !== null) await this.#file.truncate(this.#wholeBytes);
        else await this.#file.sync();
      }
    } catch (error) {
      this.#problem ??= explainError(error);
    }
    await this.#file.close();
    const isKept = await this.#takeName();
    if (this.#problem !== null) return { outcome: "failed", path: this.path, reason: this.#problem, isKept };
    return { outcome: "saved", path: this.path, bytes: this.#wholeBytes };
  }

  async #takeName(): Promise<boolean> {
    if (this.#growingPath === null) return false; // a device or a pipe
    try {
      if (this.#wholeBytes > RECORDING_MAGIC.length) {
        await rename(this.#growingPath, this.path);
        return true;
      }
      await unlink(this.#growingPath);
    } catch (error) {
      this.#problem ??= explainError(error);
    }
    this.#problem ??= "nothing was recorded";
    return false;
  }

  #add(bytes: Uint8Array): void {
    this.#pending.push(bytes);
    this.#pendingBytes += bytes.byteLength;
  }

  async #flush(): Promise<void> {
    try {
      while (this.#pending.length > 0 && this.#problem === null) {
        const batch = Buffer.concat(this.#pending);
        this.#pending = [];
        await this.#writeFrames(batch);
        this.#pendingBytes -= batch.byteLength;
      }
    } finally {
      this.#flushing = null;
    }
  }

  async #writeFrames(batch: Uint8Array): Promise<void> {
    try {
      await writeAll(this.#file, batch);
      this.#wholeBytes += batch.byteLength;
    } catch (error) {
      this.#problem = explainError(error);
    }
  }
}

export async function createRecordingWriter(path: string): Promise<OpenWriterResult> {
  try {
    return { outcome: "opened", writer: new GrowingRecording(await openTarget(path)) };
  } catch (error) {
    return { outcome: "failed", reason: explainError(error) };
  }
}
