/** Flows from records: how they begin, go on, fail and end. */
import { expect, test } from "vitest";
import { PROCESS_FLAG } from "../../../../src/core/event/layout.ts";
import { edgeId, nodeId } from "../../../../src/core/model/ids.ts";
import { CLIENT, sec, tellStory } from "../../support/story.ts";

const REMOTE = "198.51.100.7";
const ends = { local: CLIENT, localPort: 50_007, remote: REMOTE, remotePort: 443 };

test("a TCP connection opens, carries bytes and closes", () => {
  const story = tellStory();
  const curl = story.exec(1, 100, "/usr/bin/curl", { argv: ["curl", "https://example.org"] });
  story.open({ at: 2, owner: curl, cookie: 7, origin: "connect", remote: REMOTE, remotePort: 443 });
  expect(story.flow(7)).toMatchObject({ state: "opening", local: { address: "0.0.0.0", port: 0 } });
  story.state({ at: 2.1, cookie: 7, ...ends, newState: 1 });
  expect(story.flow(7)).toMatchObject({ state: "open", local: { address: CLIENT, port: 50_007 } });
  story.bytes({ at: 2.5, cookie: 7, ...ends, bytesSent: 100, bytesReceived: 2000 });
  expect(story.flow(7)).toMatchObject({ bytesSent: 100, bytesReceived: 2000, lastActiveNs: sec(2.5) });
  story.state({ at: 3, cookie: 7, ...ends, newState: 7, oldState: 4, bytesSent: 150, bytesReceived: 5000 });
  expect(story.ended).toEqual([]);
  story.session.tick(sec(4.1));
  expect(story.ended).toHaveLength(1);
  expect(story.ended[0]?.flow).toMatchObject({
    key: "7",
    process: curl.key,
    transport: "tcp",
    direction: "outbound",
    locality: "internet",
    state: "closed",
    failure: null,
    bytesSent: 150,
    bytesReceived: 5000,
    openedAtNs: sec(2),
    closedAtNs: sec(3),
    isOlderThanCapture: false,
  });
  expect(story.ended[0]?.process).toMatchObject({ exe: "/usr/bin/curl", argv: ["curl", "https://example.org"] });
});

test("byte counts never shrink, whatever order records come in", () => {
  const story = tellStory();
  const curl = story.exec(1, 100, "/usr/bin/curl");
  story.connect(2, curl, 7, REMOTE);
  story.state({ at: 3, cookie: 7, ...ends, newState: 7, bytesSent: 150, bytesReceived: 5000 });
  story.bytes({ at: 2.9, cookie: 7, ...ends, bytesSent: 100, bytesReceived: 4000 });
  story.session.tick(sec(5));
  expect(story.ended[0]?.flow).toMatchObject({ bytesSent: 150, bytesReceived: 5000 });
});

test.each([
  [111, "refused"],
  [110, "timed out"],
  [101, "unreachable"],
  [113, "unreachable"],
  [104, "reset"],
  [0, null],
])("a connect that ends with errno %i has failed: %s", (error, failure) => {
  const story = tellStory();
  const curl = story.exec(1, 100, "/usr/bin/curl");
  story.open({ at: 2, owner: curl, cookie: 7, origin: "connect", remote: REMOTE, remotePort: 443 });
  story.state({ at: 2.1, cookie: 7, ...ends, newState: 7, error });
  story.session.tick(sec(4));
  expect(story.ended[0]?.flow).toMatchObject({ state: "failed", failure });
  expect([...story.session.graph().edges.values()]).toMatchObject([
    { failedCount: 1, openCount: 0, lastFailure: failure, flowCount: 1 },
  ]);
});

test("a reset after the handshake closes, it does not fail, and the reason is kept", () => {
  const story = tellStory();
  const curl = story.exec(1, 100, "/usr/bin/curl");
  story.connect(2, curl, 7, REMOTE);
  story.state({ at: 3, cookie: 7, ...ends, newState: 7, error: 104 });
  expect(story.flow(7)).toMatchObject({ state: "closed", failure: "reset" });
  expect([...story.session.graph().edges.values()]).toMatchObject([
    { failedCount: 0, brokenCount: 1, lastFailure: null, flowCount: 1 },
  ]);
});

test("a handshake takes from connect() to the established connection; the last record tells round trip and repeats", () => {
  const story = tellStory();
  const curl = story.exec(1, 100, "/usr/bin/curl");
  story.open({ at: 2, owner: curl, cookie: 7, origin: "connect", remote: REMOTE, remotePort: 443 });
  expect(story.flow(7)).toMatchObject({ handshakeNs: null, rttUs: null, retransmits: null, packetsSent: null });
  story.state({ at: 2.014, cookie: 7, ...ends, newState: 1, srttUs: 14_000, retransmits: 1 });
  expect(story.flow(7)).toMatchObject({ handshakeNs: sec(0.014), rttUs: 14_000, retransmits: 1 });
  story.state({ at: 3, cookie: 7, ...ends, newState: 7, srttUs: 12_500, retransmits: 3 });
  expect(story.flow(7)).toMatchObject({ handshakeNs: sec(0.014), rttUs: 12_500, retransmits: 3 });
  expect([...story.session.graph().edges.values()]).toMatchObject([
    { handshakeNs: sec(0.014), rttUs: 12_500, retransmits: 3 },
  ]);
});

test("a flow whose connect() was not seen has no handshake time", () => {
  const story = tellStory();
  const curl = story.exec(1, 100, "/usr/bin/curl");
  story.state({ at: 2, cookie: 7, ...ends, newState: 1, srttUs: 800 });
  story.open({ at: 1.99, owner: curl, cookie: 7, origin: "connect", remote: REMOTE, remotePort: 443 });
  expect(story.flow(7)).toMatchObject({ handshakeNs: null, rttUs: 800, retransmits: 0 });
});

test("datagrams are counted as packets, over all runs", () => {
  const story = tellStory();
  const app = story.exec(1, 100, "/usr/bin/app");
  const udp = { ...ends, cookie: 7, protocol: "udp" } as const;
  story.open({ at: 2, owner: app, origin: "send", ...udp });
  story.bytes({ at: 2.1, ...udp, run: 1, packetsSent: 2, packetsReceived: 1, bytesSent: 20, bytesReceived: 9 });
  story.bytes({ at: 2.2, ...udp, run: 1, packetsSent: 3, packetsReceived: 1, bytesSent: 30, bytesReceived: 9 });
  story.bytes({ at: 2.3, ...udp, run: 3, packetsSent: 1, packetsReceived: 4, bytesSent: 5, bytesReceived: 40 });
  expect(story.flow(7)).toMatchObject({ packetsSent: 4, packetsReceived: 5, rttUs: null, retransmits: null });
});

test("an accepted connection is inbound, and its service is our port", () => {
  const story = tellStory();
  const nginx = story.exec(1, 100, "/usr/sbin/nginx");
  story.open({
    at: 2,
    owner: nginx,
    cookie: 7,
    origin: "accept",
    local: CLIENT,
    localPort: 443,
    remote: REMOTE,
    remotePort: 51_000,
  });
  expect(story.flow(7)).toMatchObject({ direction: "inbound", state: "open", process: nginx.key });
  expect([...story.session.graph().edges.values()]).toMatchObject([
    { direction: "inbound", services: [{ transport: "tcp", port: 443 }], target: `destination:${REMOTE}` },
  ]);
});

test("both ends on this machine know each other, and the contact is drawn once", () => {
  const story = tellStory();
  const client = story.exec(1, 100, "/usr/bin/client");
  const server = story.exec(1, 200, "/usr/bin/server");
  const near = { local: "127.0.0.1", localPort: 50_000, remote: "127.0.0.1", remotePort: 8080 };
  const far = { local: "127.0.0.1", localPort: 8080, remote: "127.0.0.1", remotePort: 50_000 };
  story.open({ at: 2, owner: client, cookie: 7, origin: "connect", remote: "127.0.0.1", remotePort: 8080 });
  story.open({ at: 2.01, owner: server, cookie: 8, origin: "accept", ...far });
  story.state({ at: 2.02, cookie: 7, ...near, newState: 1 });
  expect(story.flow(7).peer).toEqual({ key: server.key, pid: 200, exe: "/usr/bin/server", comm: "server" });
  expect(story.flow(8).peer?.key).toBe(client.key);
  const { nodes, edges } = story.session.graph();
  expect([...nodes.keys()]).toEqual(["program:/usr/bin/client", "program:/usr/bin/server"]);
  expect([...edges.keys()]).toEqual(["program:/usr/bin/client -> program:/usr/bin/server"]);
});

test("the same loopback ports in another network namespace are other flows", () => {
  const story = tellStory();
  const client = story.exec(1, 100, "/usr/bin/client");
  const server = story.exec(1, 200, "/usr/bin/server");
  const near = { local: "127.0.0.1", localPort: 50_000, remote: "127.0.0.1", remotePort: 8080 };
  const far = { local: "127.0.0.1", localPort: 8080, remote: "127.0.0.1", remotePort: 50_000 };
  story.open({ at: 2, owner: client, cookie: 7, origin: "connect", netns: 11, ...near });
  story.open({ at: 2, owner: server, cookie: 8, origin: "accept", netns: 22, ...far });
  expect(story.flow(7).peer).toBe(null);
});

test("two ends in two namespaces joined by a link know each other", () => {
  const story = tellStory();
  const client = story.exec(1, 100, "/usr/bin/client");
  const server = story.exec(1, 200, "/usr/bin/server");
  story.open({
    at: 2,
    owner: client,
    cookie: 7,
    origin: "connect",
    netns: 11,
    local: "10.0.0.1",
    localPort: 50_000,
    remote: "10.0.0.2",
    remotePort: 80,
  });
  story.open({
    at: 2,
    owner: server,
    cookie: 8,
    origin: "accept",
    netns: 22,
    local: "10.0.0.2",
    localPort: 80,
    remote: "10.0.0.1",
    remotePort: 50_000,
  });
  expect(story.flow(7).peer?.key).toBe(server.key);
});

test("flows older than we are say so", () => {
  const story = tellStory();
  const app = story.exec(1, 100, "/usr/bin/app", { flags: PROCESS_FLAG.snapshot });
  story.open({ at: 2, owner: app, cookie: 7, origin: "existing", tcpState: 1, ...ends });
  story.open({
    at: 2,
    owner: app,
    cookie: 8,
    origin: "existing",
    tcpState: 1,
    local: CLIENT,
    localPort: 22,
    remote: REMOTE,
    remotePort: 50_001,
  });
  expect(story.flow(7)).toMatchObject({ isOlderThanCapture: true, direction: "outbound", state: "open" });
  expect(story.flow(8)).toMatchObject({ isOlderThanCapture: true, direction: "inbound" });
  expect(story.session.coverage().olderFlows).toBe(2);
});

test("late records of a closed socket make no new flow", () => {
  const story = tellStory();
  const app = story.exec(1, 100, "/usr/bin/app");
  story.connect(2, app, 7, REMOTE);
  story.state({ at: 3, cookie: 7, ...ends, newState: 7, bytesSent: 10 });
  story.session.tick(sec(5));
  story.bytes({ at: 5.1, cookie: 7, ...ends, bytesSent: 10 });
  story.state({ at: 5.2, cookie: 7, ...ends, newState: 7, bytesSent: 10 });
  expect(story.session.snapshot().flows).toHaveLength(1);
});

test("a flow whose opening was lost is known from later records", () => {
  const story = tellStory();
  story.state({ at: 3, cookie: 7, ...ends, newState: 1, oldState: 3 });
  story.state({ at: 3, cookie: 8, ...ends, localPort: 50_008, newState: 1, oldState: 2 });
  expect(story.flow(7)).toMatchObject({ direction: "inbound", process: null, state: "open" });
  expect(story.flow(8)).toMatchObject({ direction: "outbound", process: null, state: "open" });
});

test("a state without cookie finds its flow by its ends", () => {
  const story = tellStory();
  const app = story.exec(1, 100, "/usr/bin/app");
  story.connect(2, app, 7, REMOTE);
  story.state({ at: 3, cookie: 0, ...ends, newState: 7, bytesSent: 10 });
  expect(story.flow(7)).toMatchObject({ state: "closed", bytesSent: 10 });
});

test("a socket that connects again after a refusal makes a second flow", () => {
  const story = tellStory();
  const app = story.exec(1, 100, "/usr/bin/app");
  const attempt = { owner: app, cookie: 7, origin: "connect" as const, remote: REMOTE, remotePort: 443 };
  story.open({ at: 2, ...attempt });
  story.state({ at: 2.1, cookie: 7, ...ends, newState: 7, error: 111 });
  story.open({ at: 3, ...attempt });
  story.state({ at: 3.1, cookie: 7, ...ends, newState: 1 });
  expect(story.ended.map(({ flow }) => [flow.key, flow.state])).toEqual([["7", "failed"]]);
  expect(story.flow(7).key).toBe("7");
  expect(story.session.snapshot().flows.map(({ key, state }) => [key, state])).toEqual([
    ["7#2", "open"],
    ["7", "failed"],
  ]);
});

test("a socket that connects again long after keeps flows apart, each time", () => {
  const story = tellStory();
  const app = story.exec(1, 100, "/usr/bin/app");
  for (const at of [2, 10, 300]) {
    story.open({ at, owner: app, cookie: 7, origin: "connect", remote: REMOTE, remotePort: 443 });
    story.state({ at: at + 0.1, cookie: 7, ...ends, newState: 7, error: 111 });
  }
  story.session.finish();
  expect(story.ended.map(({ flow }) => [flow.key, flow.state])).toEqual([
    ["7", "failed"],
    ["7#2", "failed"],
    ["7#3", "failed"],
  ]);
});

test("asking again while a connect is under way is the same attempt", () => {
  const story = tellStory();
  const app = story.exec(1, 100, "/usr/bin/app");
  const attempt = { owner: app, cookie: 7, origin: "connect" as const, remote: REMOTE, remotePort: 443 };
  story.open({ at: 2, ...attempt });
  story.open({ at: 2.1, ...attempt });
  expect(story.session.snapshot().flows).toHaveLength(1);
});

test("IPv6 and IPv4-mapped addresses are told in their usual form", () => {
  const story = tellStory();
  const app = story.exec(1, 100, "/usr/bin/app");
  story.connect(2, app, 7, "2001:db8::7");
  story.connect(2, app, 8, "::ffff:c633:6407");
  expect(story.flow(7).remote.address).toBe("2001:db8::7");
  expect(story.flow(8).remote.address).toBe("198.51.100.7");
});

test("finish hands over what is still going, once, and reading stays possible", () => {
  const story = tellStory();
  const app = story.exec(1, 100, "/usr/bin/app");
  story.connect(2, app, 7, REMOTE);
  story.connect(2, app, 8, REMOTE);
  story.state({ at: 3, cookie: 8, ...ends, localPort: 50_008, newState: 7 });
  story.session.finish();
  story.session.finish();
  expect(story.ended.map(({ flow }) => [flow.key, flow.state]).sort()).toEqual([
    ["7", "open"],
    ["8", "closed"],
  ]);
  expect(story.session.snapshot().flows).toHaveLength(2);
});

test("lost and undecodable records are counted, and the rest goes on", () => {
  const story = tellStory();
  story.session.ingest({ kind: "stats", stats: { sent: { payload: 9 }, lost: { payload: 3, fork: 0 } } });
  story.session.ingest({ kind: "records", bytes: new Uint8Array([1, 2, 3]) });
  const app = story.exec(1, 100, "/usr/bin/app");
  story.connect(2, app, 7, REMOTE);
  expect(story.session.coverage().loss).toEqual({
    kernel: { payload: 3, fork: 0 },
    core: { undecodable: 1 },
    total: 4,
  });
  expect(story.session.coverage().recordsSeen).toBe(3);
  expect(story.flow(7).state).toBe("open");
});

test("a helper of another version is refused with both versions", () => {
  const hello = {
    protocolVersion: 1,
    abiVersion: 2,
    telltaleVersion: "9",
    kernelRelease: "6.1",
    architecture: "x64",
    bootWallMs: 0,
    startedAtNs: 0,
    features: [],
  };
  expect(() => tellStory().session.ingest({ kind: "hello", hello })).toThrow(/version 2; .* version 1/);
});

test("flows of an edge come newest first, the last 200 and those still open", () => {
  const story = tellStory();
  const app = story.exec(1, 100, "/usr/bin/app");
  for (let index = 0; index < 250; index += 1) {
    const at = 2 + index / 100;
    story.connect(at, app, 1000 + index, REMOTE);
    if (index > 0) story.state({ at: at + 0.005, cookie: 1000 + index, ...ends, newState: 7, bytesSent: 1 });
  }
  story.session.tick(sec(10));
  const id = edgeId(nodeId("program:/usr/bin/app"), nodeId(`destination:${REMOTE}`));
  const keys = story.session.flowsOfEdge(id, 300).map(({ key }) => key);
  expect(keys).toHaveLength(201);
  expect([keys[0], keys[199], keys[200]]).toEqual(["1249", "1050", "1000"]);
  expect(story.session.flowsOfEdge(id, 2).map(({ key }) => key)).toEqual(["1249", "1248"]);
  expect(story.session.graph().edges.get(id)).toMatchObject({ flowCount: 250, openCount: 1, bytesSent: 249 });
});
