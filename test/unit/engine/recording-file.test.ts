import { mkdirSync, readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { RECORDING_MAGIC } from "../../../src/contract/helper-protocol.ts";
import type { HelperMessage } from "../../../src/core/session/session-api.ts";
import { replayRecording } from "../../../src/engine/replay-recording.ts";
import { createRecordingWriter, type RecordingWriter } from "../../../src/engine/write-recording.ts";
import { temporaryFolders } from "./temporary-folder.ts";

const newFolder = temporaryFolders();

const HELLO: HelperMessage = {
  kind: "hello",
  hello: {
    protocolVersion: 1,
    abiVersion: 1,
    telltaleVersion: "0.1.0",
    kernelRelease: "6.12.1",
    architecture: "x64",
    bootWallMs: 1_700_000_000_000,
    startedAtNs: 5_000_000_000,
    features: [{ id: "connect4", isAttached: false, reason: "no", unseen: "IPv4 contacts" }],
  },
};
const MESSAGES: readonly HelperMessage[] = [
  HELLO,
  { kind: "process-arguments", processes: [{ pid: 7, argv: ["a", "é"] }] },
  { kind: "cgroups", cgroups: [{ id: "1", path: "/" }] },
  { kind: "records", bytes: Uint8Array.from({ length: 64 }, (_, index) => index) },
  { kind: "live" },
  { kind: "stats", stats: { sent: { "flow-open": 3 }, lost: {} } },
  { kind: "failure", code: "internal", detail: "the end" },
];

async function openWriter(path: string): Promise<RecordingWriter> {
  const opened = await createRecordingWriter(path);
  if (opened.outcome === "failed") throw new Error(opened.reason);
  return opened.writer;
}

async function writeRecording(path: string, messages: readonly HelperMessage[]): Promise<void> {
  const writer = await openWriter(path);
  for (const message of messages) await writer.write(message);
  await writer.close();
}

async function readMessages(path: string) {
  const messages: HelperMessage[] = [];
  const end = await replayRecording(path, {
    pace: "fast",
    onMessage: (message) => {
      messages.push(message.kind === "records" ? { kind: "records", bytes: new Uint8Array(message.bytes) } : message);
      return undefined;
    },
  });
  return { messages, end };
}

describe("a recording", () => {
  test("gives back every message as it was written", async () => {
    const file = join(newFolder(), "r.telltale");
    await writeRecording(file, MESSAGES);
    const { messages, end } = await readMessages(file);
    expect(end).toEqual({ outcome: "ended", isTruncated: false });
    expect(messages).toEqual(MESSAGES);
  });

  test("has its name only when it is whole, and nothing else stays", async () => {
    const dir = newFolder();
    const writer = await openWriter(join(dir, "r.telltale"));
    await writer.write(HELLO);
    expect(readdirSync(dir)).toEqual([expect.stringMatching(/^\.r\.telltale\.[0-9a-f]{12}\.part$/)]);
    const end = await writer.close();
    expect(end).toEqual({
      outcome: "saved",
      path: join(dir, "r.telltale"),
      bytes: statSync(join(dir, "r.telltale")).size,
    });
    expect(readdirSync(dir)).toEqual(["r.telltale"]);
  });

  test("can be read by its user alone", async () => {
    const file = join(newFolder(), "r.telltale");
    await writeRecording(file, [HELLO]);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  test("cut at any byte gives the whole messages before the cut and says it is cut", { timeout: 30_000 }, async () => {
    const file = join(newFolder(), "r.telltale");
    await writeRecording(file, MESSAGES);
    let fewest = MESSAGES.length - 1;
    for (let end = statSync(file).size - 1; end >= RECORDING_MAGIC.length; end -= 1) {
      truncateSync(file, end);
      const read = await readMessages(file);
      expect(read.messages).toEqual(MESSAGES.slice(0, read.messages.length));
      expect(fewest - read.messages.length).toBeOneOf([0, 1]);
      expect(read.end.outcome).toBe("ended");
      fewest = read.messages.length;
    }
    expect(fewest).toBe(0);
  });

  test("to a full disk says so, and later messages are let go", async () => {
    const writer = await openWriter("/dev/full");
    await writer.write(HELLO);
    const end = await writer.close();
    expect(end).toEqual({ outcome: "failed", path: "/dev/full", reason: "the disk is full", isKept: false });
  });

  test("in a folder that is not there cannot be begun", async () => {
    expect(await createRecordingWriter(join(newFolder(), "no/r.telltale"))).toEqual({
      outcome: "failed",
      reason: "there is no such file or folder",
    });
  });
});

describe("a file that is no recording", () => {
  test.each([
    ["", "the file is empty"],
    ["PK\u0003\u0004 something else", "this is not a Telltale recording"],
    ["telltale", "this is not a Telltale recording"],
    ["telltale rec  2\n", "the recording was made by another version of Telltale and cannot be read by this one"],
  ])("such as %j is refused", async (content, reason) => {
    const file = join(newFolder(), "f");
    writeFileSync(file, content);
    expect((await readMessages(file)).end).toEqual({ outcome: "unreadable", reason });
  });

  test("or that is a folder, or is not there, is refused", async () => {
    const dir = newFolder();
    mkdirSync(join(dir, "folder"));
    const folder = await readMessages(join(dir, "folder"));
    expect(folder.end).toEqual({ outcome: "unreadable", reason: "it is a folder, not a file" });
    const absent = await readMessages(join(dir, "absent"));
    expect(absent.end).toEqual({ outcome: "unreadable", reason: "there is no such file or folder" });
  });

  test("but begins like one gives what it can and names what broke", async () => {
    const file = join(newFolder(), "r.telltale");
    await writeRecording(file, [HELLO]);
    writeFileSync(file, Buffer.concat([readFileSync(file), Buffer.alloc(64, 0xff)]));
    const { messages, end } = await readMessages(file);
    expect(messages).toEqual([HELLO]);
    expect(end).toMatchObject({ outcome: "broken", reason: expect.stringContaining("not a Telltale frame") });
  });
});
