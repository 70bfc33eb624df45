/**
 * How many records a second the core decodes, attributes, names and sums:
 * `npx vitest bench --run --project unit`. One round is ROUND connections with
 * both ends on this machine, a quarter of them after a lookup, as helper batches.
 */
import { bench, describe } from "vitest";
import { createSession } from "../../src/core/session/session.ts";
import type { Session } from "../../src/core/session/session-api.ts";
import {
  exitRecord,
  flowOpenRecord,
  flowStateRecord,
  forkRecord,
  joinBytes,
  payloadRecord,
  processRecord,
} from "../unit/support/encode-records.ts";
import { createLiteralClassifier } from "../unit/support/literal-classifier.ts";
import { dnsAnswer, dnsQuestion } from "../unit/support/story.ts";

const ROUND = 2000;
const RECORDS_PER_CONNECTION = 6;
const BATCH_BYTES = 64 * 1024;

const client = { pid: 100, startNs: 1, comm: "client", cgroupId: 5 };
const server = { pid: 200, startNs: 1, comm: "server", cgroupId: 6 };

/** Cookies and times are set for each round, so that every round is new traffic. */
function connection(index: number): Uint8Array[] {
  const near = {
    local: "127.0.0.1",
    localPort: 10_000 + (index % 50_000),
    remote: `127.0.${index % 7}.1`,
    remotePort: 8080,
  };
  const far = { local: near.remote, localPort: 8080, remote: "127.0.0.1", remotePort: near.localPort };
  const at = { timeNs: 0 };
  return [
    flowOpenRecord({ ...at, cookie: 0, owner: client, origin: "connect", remote: near.remote, remotePort: 8080 }),
    flowOpenRecord({ ...at, cookie: 1, owner: server, origin: "accept", ...far }),
    flowStateRecord({ ...at, cookie: 0, ...near, newState: 1 }),
    flowStateRecord({ ...at, cookie: 1, ...far, newState: 1, oldState: 3 }),
    flowStateRecord({ ...at, cookie: 0, ...near, newState: 7, oldState: 5, bytesSent: 80, bytesReceived: 900 }),
    flowStateRecord({ ...at, cookie: 1, ...far, newState: 7, oldState: 9, bytesSent: 900, bytesReceived: 80 }),
  ];
}

interface Template {
  readonly bytes: Uint8Array;
  readonly cookieOffsets: readonly { readonly at: number; readonly add: number }[];
}

function makeTemplates(): Template[] {
  const templates: Template[] = [];
  let parts: Uint8Array[] = [];
  let offsets: { at: number; add: number }[] = [];
  let size = 0;
  for (let index = 0; index < ROUND; index += 1) {
    for (const [step, record] of connection(index).entries()) {
      offsets.push({ at: size, add: index * 2 + (step === 0 || step === 2 || step === 4 ? 0 : 1) });
      parts.push(record);
      size += record.length;
    }
    if (size < BATCH_BYTES && index < ROUND - 1) continue;
    templates.push({ bytes: joinBytes(parts), cookieOffsets: offsets });
    parts = [];
    offsets = [];
    size = 0;
  }
  return templates;
}

function prepareSession(): Session {
  const session = createSession(createLiteralClassifier());
  const write = (bytes: Uint8Array): void => session.ingest({ kind: "records", bytes });
  write(processRecord({ timeNs: 1, pid: 100, startNs: 1, exe: "/usr/bin/client", cgroupId: 5 }));
  write(processRecord({ timeNs: 1, pid: 200, startNs: 1, exe: "/usr/bin/server", cgroupId: 6 }));
  write(forkRecord({ timeNs: 2, parentPid: 100, parentStartNs: 1, childPid: 101, childStartNs: 2 }));
  write(exitRecord({ timeNs: 3, pid: 101, startNs: 2 }));
  for (let index = 0; index < 7; index += 1) {
    const dns = { cookie: 5_000_000 + index, remote: "127.0.0.53", remotePort: 53, protocol: "udp" as const };
    const payload = { timeNs: 4, owner: client, ...dns, kind: "dns-datagram" as const };
    write(payloadRecord({ ...payload, direction: "out", data: dnsQuestion(index, `host${index}.example`) }));
    const answer = dnsAnswer(index, `host${index}.example`, [], [`127.0.${index}.1`]);
    write(payloadRecord({ ...payload, direction: "in", data: answer }));
  }
  return session;
}

describe(`${ROUND * RECORDS_PER_CONNECTION} records a round`, () => {
  const templates = makeTemplates();
  const session = prepareSession();
  let round = 1;
  bench("decode, attribute, name and sum", () => {
    const timeNs = BigInt(round) * 400_000_000n; // 5,000 connections a second
    const base = round * ROUND * 2;
    round += 1;
    for (const { bytes, cookieOffsets } of templates) {
      const view = new DataView(bytes.buffer);
      for (const { at, add } of cookieOffsets) {
        view.setBigUint64(at, timeNs, true);
        view.setBigUint64(at + 16, BigInt(base + add), true);
      }
      session.ingest({ kind: "records", bytes });
    }
    session.tick(Number(timeNs));
    session.graph();
  });
});
