import { mkdtempSync, rmSync } from "node:fs";
import { connect, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, describe, expect, test } from "vitest";
import type { HelperMessage } from "../../../src/core/session/session-api.ts";
import { encodeMessage } from "../../../src/engine/encode-message.ts";
import type { HelperEnd } from "../../../src/engine/launch-helper.ts";
import { replayRecording } from "../../../src/engine/replay-recording.ts";
import type { StartResult } from "../../../src/engine/start-capture.ts";
import { createRecordingWriter } from "../../../src/engine/write-recording.ts";
import { Capture } from "../../../src/main/capture.ts";
import { HostSession } from "../../../src/main/host-session.ts";
import { flowOpenRecord, processRecord } from "../support/encode-records.ts";
import { createLiteralClassifier } from "../support/literal-classifier.ts";

const dir = mkdtempSync(join(tmpdir(), "telltale-capture-"));
afterAll(() => rmSync(dir, { recursive: true, force: true }));
const cleanUp: (() => void)[] = [];
afterEach(() => {
  for (const step of cleanUp.splice(0)) step();
});

const HELLO: HelperMessage = {
  kind: "hello",
  hello: {
    protocolVersion: 1,
    abiVersion: 1,
    telltaleVersion: "0.1.0",
    kernelRelease: "6.12.1",
    architecture: "x64",
    bootWallMs: 1_700_000_000_000,
    startedAtNs: 1_000_000,
    features: [],
  },
};
const EXEC: HelperMessage = {
  kind: "records",
  bytes: processRecord({ timeNs: 2_000, pid: 10, startNs: 1_000, exe: "/usr/bin/node" }),
};
const contact = (cookie: number): HelperMessage => ({
  kind: "records",
  bytes: flowOpenRecord({
    timeNs: cookie * 1_000_000,
    cookie,
    owner: { pid: 10, startNs: 1_000, comm: "node" },
    origin: "connect",
    remote: `198.51.100.${cookie}`,
    remotePort: 443,
  }),
});

/** Two ends of a unix socket: ours, and the helper's. */
async function socketPair(): Promise<{ ours: Socket; helper: Socket }> {
  const path = join(dir, `${Math.round(performance.now() * 1000)}.sock`);
  const server = createServer({ pauseOnConnect: true });
  await new Promise<void>((resolve) => server.listen(path, resolve));
  const accepted = new Promise<Socket>((resolve) => server.once("connection", resolve));
  const helper = connect(path);
  const ours = await accepted;
  server.close();
  helper.on("end", () => helper.end()).resume();
  cleanUp.push(() => {
    ours.destroy();
    helper.destroy();
  });
  return { ours, helper };
}

async function connected(): Promise<{ result: StartResult; helper: Socket; end: (end: HelperEnd) => void }> {
  const { ours, helper } = await socketPair();
  let end = (_end: HelperEnd): void => undefined;
  const ended = new Promise<HelperEnd>((resolve) => {
    end = resolve;
  });
  const addon = { bootTimeNs: () => 5_000_000_000 } as Extract<StartResult, { outcome: "connected" }>["addon"];
  return { result: { outcome: "connected", socket: ours, addon, launch: { way: "direct", ended } }, helper, end };
}

function captureWith(starts: readonly StartResult[], isRoot = true) {
  const host = new HostSession({
    classifier: createLiteralClassifier({}),
    gaps: [],
    isRoot,
    monotonicMs: () => 0,
    send: () => undefined,
  });
  const modes: string[] = [];
  const setCapture = host.setCapture.bind(host);
  host.setCapture = (state) => {
    modes.push(state.mode);
    setCapture(state);
  };
  const coming = [...starts];
  const capture = new Capture({
    host,
    around: { isRoot, shell: "window", hasTerminal: false },
    start: async () => coming.shift() ?? { outcome: "problem", problem: { code: "internal", detail: "no more" } },
    onRecordingEnded: () => undefined,
  });
  return { capture, host, modes };
}

const send = (helper: Socket, ...messages: readonly HelperMessage[]): void => {
  for (const message of messages) helper.write(encodeMessage(message));
};

const edgesOf = (host: HostSession): number => host.session.graph().edges.size;

describe("a capture", () => {
  test("goes from starting to live when the helper says so", async () => {
    const { result, helper } = await connected();
    const { capture, host, modes } = captureWith([result]);
    await capture.start();
    send(helper, HELLO, { kind: "live" });
    await expect.poll(() => host.capture).toEqual({ mode: "live", recordingFile: null });
    expect(modes).toEqual(["starting", "starting", "live"]);
    expect(host.nowNs()).toBe(5_000_000_000);
  });

  test("waits for permission when the user is not root, and says so when it is refused", async () => {
    const { capture, host, modes } = captureWith([{ outcome: "problem", problem: { code: "refused" } }], false);
    await capture.start();
    expect(modes).toEqual(["waiting-for-permission", "problem"]);
    expect(host.capture).toEqual({ mode: "problem", problem: { code: "refused" } });
  });

  test("tells the failure the helper names, not that its socket closed", async () => {
    const { result, helper } = await connected();
    const { capture, host } = captureWith([result]);
    await capture.start();
    send(helper, HELLO, { kind: "failure", code: "no-btf", detail: "no vmlinux" });
    helper.end();
    await expect
      .poll(() => host.capture)
      .toEqual({ mode: "problem", problem: { code: "no-btf", detail: "no vmlinux" } });
  });

  test("keeps what was seen when the helper is lost, and goes on from there with the next one", async () => {
    const first = await connected();
    const second = await connected();
    const { capture, host } = captureWith([first.result, second.result]);
    await capture.start();
    send(first.helper, HELLO, EXEC, { kind: "live" }, contact(1));
    await expect.poll(() => edgesOf(host)).toBe(1);
    first.end({ outcome: "failed", detail: "killed" });
    first.helper.destroy();
    await expect
      .poll(() => host.capture)
      .toEqual({ mode: "problem", problem: { code: "helper-lost", detail: "killed" } });
    expect(edgesOf(host)).toBe(1);
    await capture.start();
    send(second.helper, HELLO, { kind: "live" }, contact(2));
    await expect.poll(() => edgesOf(host)).toBe(2);
  });

  test("stopped by the user is stopped, not lost", async () => {
    const { result, helper } = await connected();
    const { capture, host } = captureWith([result]);
    await capture.start();
    send(helper, HELLO, { kind: "live" });
    await expect.poll(() => host.capture.mode).toBe("live");
    await capture.stop();
    expect(host.capture).toEqual({ mode: "stopped" });
  });

  test("recorded from its middle on can be replayed with the programs and connections that began before", async () => {
    const { result, helper } = await connected();
    const { capture, host } = captureWith([result]);
    await capture.start();
    send(helper, HELLO, EXEC, { kind: "live" }, contact(1));
    await expect.poll(() => edgesOf(host)).toBe(1);
    const file = join(dir, "middle.telltale");
    const opened = await createRecordingWriter(file);
    if (opened.outcome === "failed") throw new Error(opened.reason);
    await capture.startRecording(opened.writer);
    expect(host.capture).toEqual({ mode: "live", recordingFile: file });
    send(helper, contact(2));
    await expect.poll(() => edgesOf(host)).toBe(2);
    expect(await capture.stopRecording()).toMatchObject({ outcome: "saved", path: file });
    const { host: other } = captureWith([]);
    const end = await replayRecording(file, {
      pace: "fast",
      onMessage: (message) => {
        other.ingest(message);
        return undefined;
      },
    });
    expect(end).toEqual({ outcome: "ended", isTruncated: false });
    const labels = [...other.session.graph().nodes.values()].map(({ label }) => label).sort();
    // The first connection is open still: what it carries from now on must be its program's.
    expect(labels).toEqual(["198.51.100.1", "198.51.100.2", "node"]);
  });
});
