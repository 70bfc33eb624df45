import { describe, expect, test } from "vitest";
import type { HelperMessage } from "../../../src/core/session/session-api.ts";
import { lastingRecords, RecordingPreface } from "../../../src/engine/recording-preface.ts";
import { flowBytesRecord, flowOpenRecord, flowStateRecord } from "../support/encode-records.ts";

const TYPE = { flowOpen: 1, payload: 4, process: 5, fork: 6, exit: 7, cgroup: 8 } as const;

function record(type: number, size: number, payloadKind = 0): Uint8Array {
  const bytes = new Uint8Array(size);
  const view = new DataView(bytes.buffer);
  view.setUint32(8, size, true);
  view.setUint16(12, type, true);
  if (type === TYPE.payload) bytes[114] = payloadKind;
  return bytes;
}

const typesOf = (bytes: Uint8Array): number[] => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const types: number[] = [];
  for (let at = 0; at < bytes.byteLength; at += view.getUint32(at + 8, true)) types.push(view.getUint16(at + 12, true));
  return types;
};

const records = (...parts: readonly Uint8Array[]): HelperMessage => ({ kind: "records", bytes: Buffer.concat(parts) });

describe("the preface of a recording", () => {
  test("keeps of live records what later flows depend on: who runs and what names were answered", () => {
    const batch = Buffer.concat([
      record(TYPE.flowOpen, 120),
      record(TYPE.process, 1872),
      record(TYPE.payload, 128, 1),
      record(TYPE.payload, 128, 3),
      record(TYPE.fork, 40),
      record(TYPE.exit, 32),
      record(TYPE.cgroup, 288),
    ]);
    expect(typesOf(lastingRecords(batch))).toEqual([TYPE.process, TYPE.payload, TYPE.fork, TYPE.exit, TYPE.cgroup]);
  });

  test("keeps everything up to live, in order, and is a copy", () => {
    const preface = new RecordingPreface();
    const bytes = record(TYPE.flowOpen, 120);
    preface.keep({ kind: "cgroups", cgroups: [] });
    preface.keep({ kind: "records", bytes });
    preface.keep({ kind: "live" });
    preface.keep(records(record(TYPE.payload, 128, 3)));
    preface.keep(records(record(TYPE.fork, 40)));
    bytes.fill(0);
    const kept = preface.messages();
    expect(kept.map(({ kind }) => kind)).toEqual(["cgroups", "records", "live", "records"]);
    expect(kept.flatMap((message) => (message.kind === "records" ? typesOf(message.bytes) : []))).toEqual([
      TYPE.flowOpen,
      TYPE.fork,
    ]);
  });

  test("keeps who opened the flows that are still open, and the ends of those that were there at the start", () => {
    const preface = new RecordingPreface();
    const owner = { pid: 100, startNs: 1, comm: "app" };
    const at = { timeNs: 5, local: "192.0.2.10", localPort: 50_000, remote: "198.51.100.7", remotePort: 443 };
    const open = (cookie: number) => flowOpenRecord({ ...at, cookie, owner, origin: "connect" });
    const state = (cookie: number, newState: number) => flowStateRecord({ ...at, cookie, newState });
    preface.keep({ kind: "live" });
    preface.keep(records(open(1), open(2), state(1, 1), state(2, 1)));
    preface.keep(records(state(1, 7), state(3, 7), flowBytesRecord({ ...at, cookie: 2, bytesSent: 9 })));
    const kept = preface.messages().slice(1);
    expect(kept).toEqual([{ kind: "records", bytes: Buffer.concat([state(3, 7), open(2), state(2, 1)]) }]);
  });

  test("begins anew with a new helper", () => {
    const preface = new RecordingPreface();
    preface.keep({ kind: "live" });
    preface.keep(records(record(TYPE.fork, 40)));
    const hello: HelperMessage = {
      kind: "hello",
      hello: {
        protocolVersion: 1,
        abiVersion: 1,
        telltaleVersion: "0.1.0",
        kernelRelease: "6.12",
        architecture: "x64",
        bootWallMs: 0,
        startedAtNs: 0,
        features: [],
      },
    };
    preface.keep(hello);
    expect(preface.messages()).toEqual([hello]);
  });

  test("of a long capture stays within its bound and keeps the newest", () => {
    const preface = new RecordingPreface();
    preface.keep({ kind: "live" });
    for (let round = 0; round < 300; round += 1) {
      preface.keep(records(...Array.from({ length: 40 }, () => record(TYPE.process, 1872))));
    }
    const bytes = preface
      .messages()
      .reduce((sum, message) => sum + (message.kind === "records" ? message.bytes.length : 0), 0);
    expect(bytes).toBeLessThanOrEqual(8 * 1024 * 1024);
    expect(bytes).toBeGreaterThan(7 * 1024 * 1024);
  });
});
