/** Traffic without end: tables stay within their caps and totals stay right. */

import { expect, test } from "vitest";
import { PROCESS_FLAG } from "../../../../src/core/event/layout.ts";
import { edgeId, nodeId } from "../../../../src/core/model/ids.ts";
import { createSession } from "../../../../src/core/session/session.ts";
import { nodeCiphers } from "../../../../src/engine/node-ciphers.ts";
import {
  cgroupRecord,
  flowOpenRecord,
  flowStateRecord,
  joinBytes,
  processRecord,
} from "../../support/encode-records.ts";
import { createLiteralClassifier } from "../../support/literal-classifier.ts";
import { CLIENT, dnsAnswer, SERVER, sec, tellStory } from "../../support/story.ts";

/** Seconds of work on a busy machine. */
const SLOW = { timeout: 60_000 };
const CONNECTIONS = 12_000;
const client = { pid: 100, startNs: 1, comm: "client" };
const server = { pid: 200, startNs: 1, comm: "server" };

function connection(index: number, timeNs: number): Uint8Array {
  const near = { local: "127.0.0.1", localPort: 20_000 + (index % 28_000), remote: "127.0.0.1", remotePort: 8080 };
  const far = { local: "127.0.0.1", localPort: 8080, remote: "127.0.0.1", remotePort: near.localPort };
  const [a, b] = [index * 2 + 1, index * 2 + 2];
  return joinBytes([
    flowOpenRecord({ timeNs, cookie: a, owner: client, origin: "connect", remote: "127.0.0.1", remotePort: 8080 }),
    flowStateRecord({ timeNs, cookie: a, ...near, newState: 1 }),
    flowOpenRecord({ timeNs, cookie: b, owner: server, origin: "accept", ...far }),
    flowStateRecord({ timeNs, cookie: a, ...near, newState: 7, bytesSent: 10, bytesReceived: 100 }),
    flowStateRecord({ timeNs, cookie: b, ...far, newState: 7, bytesSent: 100, bytesReceived: 10 }),
  ]);
}

test("a storm of connections ends in sums: nothing is lost, little is kept", SLOW, () => {
  let ended = 0;
  const session = createSession(createLiteralClassifier(), nodeCiphers, { onFlowEnded: () => (ended += 1) });
  const write = (bytes: Uint8Array): void => session.ingest({ kind: "records", bytes });
  write(processRecord({ timeNs: 1, pid: 100, startNs: 1, exe: "/usr/bin/client" }));
  write(processRecord({ timeNs: 1, pid: 200, startNs: 1, exe: "/usr/bin/server" }));
  let mostKept = 0;
  for (let index = 0; index < CONNECTIONS; index += 1) {
    write(connection(index, sec(2) + index * 200_000)); // 5,000 a second
    if (index % 2500 === 0) mostKept = Math.max(mostKept, session.snapshot().flows.length);
  }
  session.tick(sec(10));
  const id = edgeId(nodeId("program:/usr/bin/client"), nodeId("program:/usr/bin/server"));
  expect(session.graph().edges.get(id)).toMatchObject({
    flowCount: CONNECTIONS,
    openCount: 0,
    bytesSent: CONNECTIONS * 10,
    bytesReceived: CONNECTIONS * 100,
  });
  expect(session.graph().edges.size).toBe(1);
  expect(ended).toBe(CONNECTIONS * 2);
  expect(session.coverage().loss.total).toBe(0);
  expect(session.snapshot().flows).toHaveLength(200);
  // A second and a tick of both ends, and the 200 kept.
  expect(mostKept).toBeLessThan(13_000);
});

test("flows beyond the cap push out the oldest, which are reported and counted", SLOW, () => {
  const story = tellStory();
  const app = story.exec(1, 100, "/usr/bin/app");
  for (let index = 0; index < 65_536 + 10; index += 1) {
    const remote = `10.0.${index >> 14}.${(index >> 6) & 0xff}`;
    story.open({ at: 2, owner: app, cookie: index + 1, origin: "connect", remote, remotePort: 1 + (index & 63) });
  }
  expect(story.ended.map(({ flow }) => flow.key)).toEqual(Array.from({ length: 10 }, (_, index) => `${index + 1}`));
  expect(story.session.coverage().loss.core).toEqual({ "evicted-flows": 10 });
});

test("a scan of many addresses keeps the edges seen last", SLOW, () => {
  const story = tellStory();
  const scanner = story.exec(1, 100, "/usr/bin/scanner");
  const total = 17_000;
  for (let index = 0; index < total; index += 1) {
    const remote = `10.${index >> 16}.${(index >> 8) & 0xff}.${index & 0xff}`;
    const at = 2 + index / 1000;
    story.open({ at, owner: scanner, cookie: index + 1, origin: "connect", remote, remotePort: 80 });
    story.state({
      at,
      cookie: index + 1,
      local: CLIENT,
      localPort: 1000,
      remote,
      remotePort: 80,
      newState: 7,
      error: 111,
    });
    if (index % 1000 === 0) story.session.tick(sec(at));
  }
  story.session.tick(sec(60));
  const { edges, nodes } = story.session.graph();
  const dropped = story.session.coverage().loss.core["evicted-edges"] ?? 0;
  expect(edges.size + dropped).toBe(total);
  expect(edges.size).toBeLessThanOrEqual(16_384);
  expect(nodes.get(nodeId("program:/usr/bin/scanner"))).toMatchObject({
    flowCount: edges.size,
    destinationCount: edges.size,
  });
  expect(nodes.has(nodeId(`destination:10.0.${(total - 1) >> 8}.${(total - 1) & 0xff}`))).toBe(true);
});

test("answers beyond the cap push out the oldest and are counted", SLOW, () => {
  const story = tellStory();
  const app = story.exec(1, 100, "/usr/bin/app");
  const ends = { cookie: 5, local: CLIENT, localPort: 4000, remote: SERVER, remotePort: 53, protocol: "udp" as const };
  story.open({ at: 2, owner: app, origin: "connect", ...ends });
  const perMessage = 50;
  for (let message = 0; message < 1320; message += 1) {
    const addresses = Array.from({ length: perMessage }, (_, index) => {
      const number = message * perMessage + index;
      return `10.${number >> 16}.${(number >> 8) & 0xff}.${number & 0xff}`;
    });
    const data = dnsAnswer(message, `n${message}.test`, [], addresses);
    story.payload({ at: 2 + message / 1000, owner: app, ...ends, kind: "dns-datagram", direction: "in", data });
  }
  story.connect(5, app, 7, "10.0.0.1");
  story.connect(5, app, 8, "10.1.1.200");
  expect(story.flow(7).naming.name).toBe(null);
  expect(story.flow(8).naming.name).toBe("n1319.test");
  expect(story.session.coverage().loss.core).toEqual({
    "evicted-answers": 2 * (66_000 - 65_536),
    "evicted-lookups": 1320 - 512,
  });
});

test("flows whose edge was pushed out are not drawn again by a late name", SLOW, () => {
  const story = tellStory();
  const scanner = story.exec(1, 100, "/usr/bin/scanner");
  const scan = (from: number, count: number, remoteOf: (index: number) => string): void => {
    for (let index = from; index < from + count; index += 1) {
      const at = 2 + index / 8000;
      const remote = remoteOf(index);
      story.open({ at, owner: scanner, cookie: index + 1, origin: "connect", remote, remotePort: 80 });
      story.state({
        at,
        cookie: index + 1,
        local: CLIENT,
        localPort: 1000,
        remote,
        remotePort: 80,
        newState: 7,
        bytesSent: 5,
      });
    }
  };
  scan(0, 210, () => "192.0.2.99"); // more than an edge keeps: some know their edge only from memory
  scan(210, 16_400, (index) => `10.${index >> 16}.${(index >> 8) & 0xff}.${index & 0xff}`);
  const before = story.session.graph().nodes.get(nodeId("program:/usr/bin/scanner"));
  expect(story.session.coverage().loss.core["evicted-edges"]).toBe(2048);
  expect(before).toMatchObject({ flowCount: 16_401 - 2048, bytesSent: 5 * (16_401 - 2048) });
  story.ask(4.5, scanner, 90_000, 1, "late.example.org");
  story.answer(scanner, { at: 4.6, cookie: 90_000, id: 1, name: "late.example.org", addresses: ["192.0.2.99"] });
  const { nodes } = story.session.graph();
  expect(nodes.has(nodeId("destination:late.example.org"))).toBe(false);
  // One more: the DNS server.
  expect(nodes.get(nodeId("program:/usr/bin/scanner"))).toMatchObject({
    flowCount: 16_401 - 2048 + 1,
    bytesSent: 5 * (16_401 - 2048),
  });
});

test("a socket that sends to tens of thousands of addresses costs each of them the same", { timeout: 20_000 }, () => {
  const story = tellStory();
  const owner = story.exec(1, 100, "/usr/bin/scanner");
  const total = 40_000; // all alive: no edge is quiet enough to go
  for (let index = 0; index < total; index += 1) {
    const remote = `10.${index >> 16}.${(index >> 8) & 0xff}.${index & 0xff}`;
    story.open({ at: 2 + index / 1e5, owner, cookie: 7, origin: "send", protocol: "udp", remote, remotePort: 80 });
  }
  expect(story.session.graph().edges.size).toBe(total);
});

test("cgroups made by the thousand cost the same however many processes there are", { timeout: 20_000 }, () => {
  const session = createSession(createLiteralClassifier(), nodeCiphers, {});
  const write = (bytes: Uint8Array): void => session.ingest({ kind: "records", bytes });
  for (let index = 0; index < 20_000; index += 1) {
    write(processRecord({ timeNs: 1, pid: 1000 + index, startNs: 1, exe: "/usr/bin/sleep", cgroupId: 7 }));
  }
  for (let index = 0; index < 20_000; index += 1) {
    write(cgroupRecord({ timeNs: 2, id: 1000 + index, path: `/user.slice/made-${index}` }));
  }
  write(cgroupRecord({ timeNs: 2, id: 7, path: "/user.slice/sleepers" }));
  const owner = { pid: 1000, startNs: 1, cgroupId: 7 };
  write(flowOpenRecord({ timeNs: 3, cookie: 1, owner, origin: "connect", remote: SERVER, remotePort: 80 }));
  const { flows, processes } = session.snapshot();
  const [cgroup] = flows.flatMap(({ process }) => (process === null ? [] : [processes.get(process)?.cgroup]));
  expect(cgroup).toBe("/user.slice/sleepers");
});

test("the workers of a busy server are judged together when their arguments become known", { timeout: 20_000 }, () => {
  const session = createSession(createLiteralClassifier(), nodeCiphers, {});
  const write = (bytes: Uint8Array): void => session.ingest({ kind: "records", bytes });
  const workers = Array.from({ length: 1000 }, (_, index) => 1000 + index);
  for (const pid of workers) {
    write(processRecord({ timeNs: 1, pid, startNs: 1, exe: "/usr/bin/proxy", flags: PROCESS_FLAG.snapshot }));
  }
  for (let index = 0; index < 12_000; index += 1) {
    const remote = `10.${index >> 16}.${(index >> 8) & 0xff}.${index & 0xff}`;
    const owner = { pid: 1000 + (index % workers.length), startNs: 1 };
    write(flowOpenRecord({ timeNs: 2, cookie: index + 1, owner, origin: "existing", remote, remotePort: 80 }));
  }
  session.ingest({ kind: "process-arguments", processes: workers.map((pid) => ({ pid, argv: ["proxy", `${pid}`] })) });
  const { flows, processes } = session.snapshot();
  expect(flows).toHaveLength(12_000);
  expect(new Set([...processes.values()].map(({ argv }) => argv?.[1])).size).toBe(1000);
});
