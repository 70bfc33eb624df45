/** Opens a recording as a stream of chunks; a file of any size needs the same memory. */
import { open } from "node:fs/promises";
import { RECORDING_MAGIC } from "../contract/helper-protocol.ts";
import { explainError } from "./explain-error.ts";

export type OpenRecordingResult =
  | { readonly outcome: "opened"; readonly chunks: AsyncIterable<Uint8Array>; readonly close: () => Promise<void> }
  | { readonly outcome: "failed"; readonly reason: string };

const CHUNK_BYTES = 256 * 1024;
/** The magic without its version digit and newline. */
const NAME_LENGTH = RECORDING_MAGIC.length - 2;

function refuse(start: string): string | null {
  if (start === RECORDING_MAGIC) return null;
  if (start === "") return "the file is empty";
  if (
    start.slice(0, NAME_LENGTH) === RECORDING_MAGIC.slice(0, NAME_LENGTH) &&
    start.length === RECORDING_MAGIC.length
  ) {
    return "the recording was made by another version of Telltale and cannot be read by this one";
  }
  return "this is not a Telltale recording";
}

export async function openRecording(path: string): Promise<OpenRecordingResult> {
  let file: Awaited<ReturnType<typeof open>> | null = null;
  try {
    file = await open(path, "r");
    const start = Buffer.alloc(RECORDING_MAGIC.length);
    const { bytesRead } = await file.read(start, 0, start.length, null);
    const reason = refuse(start.toString("latin1", 0, bytesRead));
    if (reason === null) {
      const stream = file.createReadStream({ highWaterMark: CHUNK_BYTES });
      return {
        outcome: "opened",
        chunks: stream,
        close: async () => {
          stream.destroy(); // closes the file
        },
      };
    }
    await file.close();
    return { outcome: "failed", reason };
  } catch (error) {
    await file?.close().catch(() => undefined); // the first error is the one to tell
    return { outcome: "failed", reason: explainError(error) };
  }
}
