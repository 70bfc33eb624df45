import type { FrameWriter } from "./frame-writer.ts";

/** What has something to tell now and then, beside the kernel's records. */
export interface FrameSource {
  /** Asked some ten times a second or more: sends what is new, mostly nothing. */
  readonly send: (writer: FrameWriter) => Promise<void>;
}
