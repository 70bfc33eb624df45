/** Tells a session what the kernel would: short sentences for scenario tests. Times are in seconds. */

import dnsPacket, { type Answer, type Packet } from "dns-packet";
import type { Flow } from "../../../src/core/model/flow.ts";
import { type ProcessKey, processKey } from "../../../src/core/model/ids.ts";
import type { Process } from "../../../src/core/model/process.ts";
import { createSession } from "../../../src/core/session/session.ts";
import type { Session } from "../../../src/core/session/session-api.ts";
import { nodeCiphers } from "../../../src/engine/node-ciphers.ts";
import {
  type EndsFields,
  exitRecord,
  type FlowBytesFields,
  type FlowOpenFields,
  type FlowStateFields,
  flowBytesRecord,
  flowOpenRecord,
  flowStateRecord,
  forkRecord,
  lookupRecord,
  type OwnerFields,
  type PayloadFields,
  payloadRecord,
  processRecord,
} from "./encode-records.ts";
import { createLiteralClassifier, type LiteralCategory } from "./literal-classifier.ts";

export const sec = (seconds: number): number => Math.round(seconds * 1e9);

export interface Actor extends OwnerFields {
  readonly startNs: number;
  readonly key: ProcessKey;
}

/** A resolver answer as one hop or a chain of names ending in addresses. */
export interface AnswerLine {
  readonly at: number;
  readonly cookie: number;
  readonly id: number;
  readonly name: string;
  readonly chain?: readonly string[];
  readonly addresses: readonly string[];
  readonly server?: string;
  readonly ttlSec?: number;
}

export interface Story {
  readonly session: Session;
  readonly ended: { readonly flow: Flow; readonly process: Process | null }[];
  readonly write: (record: Uint8Array) => void;
  readonly exec: (at: number, pid: number, exe: string, options?: ExecOptions) => Actor;
  readonly fork: (at: number, parent: Actor, childPid: number) => Actor;
  readonly exit: (at: number, actor: Actor) => void;
  readonly open: (fields: Omit<FlowOpenFields, "timeNs" | "owner"> & { at: number; owner: OwnerFields }) => void;
  readonly state: (fields: Omit<FlowStateFields, "timeNs"> & { at: number }) => void;
  readonly bytes: (fields: Omit<FlowBytesFields, "timeNs"> & { at: number }) => void;
  readonly payload: (fields: Omit<PayloadFields, "timeNs"> & { at: number }) => void;
  readonly connect: (at: number, owner: OwnerFields, cookie: number, remote: string, port?: number) => void;
  readonly ask: (at: number, owner: OwnerFields, cookie: number, id: number, name: string, server?: string) => void;
  readonly answer: (owner: OwnerFields, line: AnswerLine) => void;
  /** Question and answer 10 ms apart on a socket of their own. */
  readonly lookUp: (
    at: number,
    owner: OwnerFields,
    name: string,
    addresses: readonly string[],
    ttlSec?: number,
  ) => void;
  /** A call of the C library that returned at `at`. */
  readonly call: (at: number, owner: OwnerFields, name: string, addresses: readonly string[], result?: number) => void;
  /** Bytes of the client on a flow made by `connect`. */
  readonly say: (at: number, owner: OwnerFields, cookie: number, remote: string, words: Words) => void;
  /** The flow with this cookie among those still in the tables. */
  readonly flow: (cookie: number) => Flow;
}

export interface Words {
  readonly data: Uint8Array;
  readonly kind?: "stream-start" | "stream-upgrade" | "datagram";
  readonly port?: number;
  readonly streamOffset?: number;
}

interface ExecOptions {
  readonly startedAt?: number;
  readonly argv?: readonly string[];
  readonly filename?: string;
  readonly parent?: Actor;
  readonly cgroupId?: number;
  readonly flags?: number;
}

export const CLIENT = "192.0.2.10";
export const SERVER = "192.0.2.53";

export function dnsQuestion(id: number, name: string): Uint8Array {
  return new Uint8Array(
    dnsPacket.encode({ type: "query", id, flags: dnsPacket.RECURSION_DESIRED, questions: [{ type: "A", name }] }),
  );
}

export function dnsAnswer(
  id: number,
  name: string,
  chain: readonly string[],
  addresses: readonly string[],
  ttl = 60,
): Uint8Array {
  const links = [name, ...chain];
  const answers: Answer[] = [];
  for (const [index, target] of chain.entries()) {
    answers.push({ type: "CNAME", name: links[index] ?? name, ttl, data: target });
  }
  for (const address of addresses) {
    const type = address.includes(":") ? "AAAA" : "A";
    answers.push({ type, name: links.at(-1) ?? name, ttl, data: address });
  }
  const packet: Packet = { type: "response", id, questions: [{ type: "A", name }], answers };
  return new Uint8Array(dnsPacket.encode(packet));
}

export function tellStory(categories: Readonly<Record<string, LiteralCategory>> = {}): Story {
  const ended: { readonly flow: Flow; readonly process: Process | null }[] = [];
  const session = createSession(createLiteralClassifier(categories), nodeCiphers, {
    onFlowEnded: (flow, process) => ended.push({ flow, process }),
  });
  const write = (bytes: Uint8Array): void => session.ingest({ kind: "records", bytes });
  let lookups = 0;

  const dnsEnds = (cookie: number, server = SERVER): EndsFields & { cookie: number } => ({
    cookie,
    local: CLIENT,
    localPort: 40_000 + (cookie % 20_000),
    remote: server,
    remotePort: 53,
    protocol: "udp",
  });

  const story: Story = {
    session,
    ended,
    write,
    exec: (at, pid, exe, options = {}) => {
      const startNs = sec(options.startedAt ?? at);
      const cgroupId = options.cgroupId ?? 0;
      const comm = exe.slice(exe.lastIndexOf("/") + 1, exe.lastIndexOf("/") + 16);
      write(
        processRecord({
          timeNs: sec(at),
          pid,
          startNs,
          parentPid: options.parent?.pid ?? 1,
          parentStartNs: options.parent?.startNs ?? 1,
          cgroupId,
          comm,
          exe,
          filename: options.filename ?? exe,
          argv: options.argv ?? [exe],
          ...(options.flags === undefined ? {} : { flags: options.flags }),
        }),
      );
      return { pid, startNs, cgroupId, comm, key: processKey(pid, startNs) };
    },
    fork: (at, parent, childPid) => {
      write(
        forkRecord({
          timeNs: sec(at),
          parentPid: parent.pid,
          parentStartNs: parent.startNs,
          childPid,
          childStartNs: sec(at),
        }),
      );
      return { ...parent, pid: childPid, startNs: sec(at), key: processKey(childPid, sec(at)) };
    },
    exit: (at, actor) => write(exitRecord({ timeNs: sec(at), pid: actor.pid, startNs: actor.startNs })),
    open: ({ at, ...fields }) => write(flowOpenRecord({ timeNs: sec(at), ...fields })),
    state: ({ at, ...fields }) => write(flowStateRecord({ timeNs: sec(at), ...fields })),
    bytes: ({ at, ...fields }) => write(flowBytesRecord({ timeNs: sec(at), ...fields })),
    payload: ({ at, ...fields }) => write(payloadRecord({ timeNs: sec(at), ...fields })),
    connect: (at, owner, cookie, remote, port = 443) => {
      story.open({ at, owner, cookie, origin: "connect", remote, remotePort: port });
      const local = remote.includes(":") ? "2001:db8::10" : remote.startsWith("127.") ? "127.0.0.1" : CLIENT;
      story.state({
        at: at + 0.001,
        cookie,
        local,
        localPort: 50_000 + (cookie % 10_000),
        remote,
        remotePort: port,
        newState: 1,
      });
    },
    ask: (at, owner, cookie, id, name, server) =>
      story.payload({
        at,
        owner,
        ...dnsEnds(cookie, server),
        kind: "dns-datagram",
        direction: "out",
        data: dnsQuestion(id, name),
      }),
    answer: (owner, { at, cookie, id, name, chain, addresses, server, ttlSec }) =>
      story.payload({
        at,
        owner,
        ...dnsEnds(cookie, server),
        kind: "dns-datagram",
        direction: "in",
        data: dnsAnswer(id, name, chain ?? [], addresses, ttlSec),
      }),
    call: (at, owner, name, addresses, result = 0) =>
      write(lookupRecord({ timeNs: sec(at), askedNs: sec(at) - 5e6, owner, name, addresses, result })),
    say: (at, owner, cookie, remote, { data, kind = "stream-start", port = 443, streamOffset = 0 }) =>
      story.payload({
        at,
        owner,
        cookie,
        local: remote.startsWith("127.") ? "127.0.0.1" : CLIENT,
        localPort: 50_000 + (cookie % 10_000),
        remote,
        remotePort: port,
        protocol: kind === "datagram" ? "udp" : "tcp",
        kind,
        direction: "out",
        data,
        streamOffset,
      }),
    lookUp: (at, owner, name, addresses, ttlSec = 60) => {
      lookups += 1;
      const cookie = 900_000 + lookups;
      story.open({ at, owner, origin: "connect", ...dnsEnds(cookie), local: "0.0.0.0", localPort: 0 });
      story.ask(at, owner, cookie, lookups, name);
      story.answer(owner, { at: at + 0.01, cookie, id: lookups, name, addresses, ttlSec });
      story.bytes({
        at: at + 0.011,
        ...dnsEnds(cookie),
        packetsSent: 1,
        packetsReceived: 1,
        bytesSent: 30,
        bytesReceived: 60,
        run: 1,
        isFinal: true,
      });
    },
    flow: (cookie) => {
      const all = [...session.snapshot().flows, ...ended.map(({ flow }) => flow)];
      const found = all.find(({ key }) => key === String(cookie) || key.startsWith(`${cookie}/`));
      if (found === undefined) throw new Error(`no flow of socket ${cookie}`);
      return found;
    },
  };
  return story;
}
