/** Flows from records: how they begin, go on, fail and end. */
import { expect, test } from "vitest";
import { PROCESS_FLAG } from "../../../../src/core/event/layout.ts";
import { edgeId, nodeId } from "../../../../src/core/model/ids.ts";
import { onlyHexFixture } from "../../support/read-hex.ts";
import { CLIENT, SERVER, sec, tellStory } from "../../support/story.ts";

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

test("a reset after the handshake closes, it does not fail", () => {
  const story = tellStory();
  const curl = story.exec(1, 100, "/usr/bin/curl");
  story.connect(2, curl, 7, REMOTE);
  story.state({ at: 3, cookie: 7, ...ends, newState: 7, error: 104 });
  expect(story.flow(7)).toMatchObject({ state: "closed", failure: null });
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
  expect(story.flow(7).peer).toBe(server.key);
  expect(story.flow(8).peer).toBe(client.key);
  expect([...story.session.graph().nodes.keys()]).toEqual(["program:/usr/bin/client", "destination:127.0.0.1:8080"]);
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
  expect(story.flow(7).peer).toBe(server.key);
});

test("a connected UDP socket that sends nothing contacts nobody", () => {
  const story = tellStory();
  const app = story.exec(1, 100, "/usr/bin/app");
  const udp = { cookie: 7, ...ends, protocol: "udp" as const };
  story.open({ at: 2, owner: app, origin: "connect", ...udp });
  story.bytes({ at: 2.1, ...udp, isFinal: true, run: 1 });
  expect(story.session.graph().nodes.size).toBe(0);
  expect(story.ended).toEqual([]);
});

test("UDP bytes are the sum of the runs with one remote", () => {
  const story = tellStory();
  const app = story.exec(1, 100, "/usr/bin/app");
  const one = { cookie: 7, local: CLIENT, localPort: 5000, remote: REMOTE, remotePort: 443, protocol: "udp" as const };
  const other = { ...one, remote: "198.51.100.8" };
  story.open({ at: 2, owner: app, origin: "send", ...one });
  story.bytes({ at: 2.1, ...one, run: 1, bytesSent: 100, packetsSent: 1 });
  story.bytes({ at: 2.2, ...one, run: 1, bytesSent: 300, bytesReceived: 50, packetsSent: 3, packetsReceived: 1 });
  story.open({ at: 2.3, owner: app, origin: "send", ...other });
  story.bytes({ at: 2.3, ...other, run: 2, bytesSent: 10, packetsSent: 1 });
  story.bytes({ at: 2.4, ...one, run: 3, bytesSent: 1, packetsSent: 1 });
  story.bytes({ at: 2.5, ...one, run: 1, bytesSent: 300, packetsSent: 3 }); // late: a run that is over
  story.bytes({ at: 3, ...one, run: 3, bytesSent: 7, packetsSent: 2, isFinal: true });
  expect(story.ended.map(({ flow }) => [flow.key, flow.bytesSent, flow.bytesReceived])).toEqual([
    [`7/${REMOTE}:443`, 307, 50],
    ["7/198.51.100.8:443", 10, 0],
  ]);
});

test("a UDP conversation ends after two quiet minutes", () => {
  const story = tellStory();
  const app = story.exec(1, 100, "/usr/bin/app");
  const udp = { cookie: 7, ...ends, protocol: "udp" as const };
  story.open({ at: 2, owner: app, origin: "send", ...udp });
  story.bytes({ at: 3, ...udp, run: 1, bytesSent: 100, packetsSent: 1 });
  story.session.tick(sec(120));
  expect(story.ended).toEqual([]);
  story.session.tick(sec(131));
  expect(story.ended[0]?.flow).toMatchObject({ state: "closed", bytesSent: 100 });
});

test("a UDP server's flows are inbound, one for each of its clients", () => {
  const story = tellStory();
  const server = story.exec(1, 100, "/usr/sbin/server");
  const udp = { cookie: 7, local: CLIENT, localPort: 9000, remote: REMOTE, protocol: "udp" as const };
  story.open({ at: 2, owner: server, origin: "packet", direction: "in", ...udp, remotePort: 1111 });
  story.open({ at: 2.1, owner: server, origin: "packet", direction: "in", ...udp, remotePort: 2222 });
  story.open({ at: 2.2, owner: server, origin: "send", ...udp, remotePort: 1111 });
  const flows = story.session.snapshot().flows.map(({ key, direction }) => [key, direction]);
  expect(flows).toEqual([
    [`7/${REMOTE}:1111`, "inbound"],
    [`7/${REMOTE}:2222`, "inbound"],
  ]);
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

test("a flow without owner is shown as such, until a record tells", () => {
  const story = tellStory();
  story.open({ at: 2, owner: { pid: 0 }, cookie: 7, origin: "packet", ...ends });
  expect(story.flow(7).process).toBe(null);
  expect(story.session.coverage().unattributedFlows).toBe(1);
  expect(story.session.graph().nodes.get(nodeId("program:"))).toMatchObject({ label: "unknown program" });
  const app = story.exec(2.5, 100, "/usr/bin/app");
  story.open({ at: 3, owner: app, cookie: 7, origin: "connect", ...ends });
  expect(story.flow(7).process).toBe(app.key);
  expect(story.session.coverage().unattributedFlows).toBe(0);
  expect([...story.session.graph().nodes.keys()].sort()).toEqual([`destination:${REMOTE}`, "program:/usr/bin/app"]);
});

test("an owner whose process was never told goes by its comm until it is", () => {
  const story = tellStory();
  const owner = { pid: 100, startNs: sec(1), comm: "app" };
  story.open({ at: 2, owner, cookie: 7, origin: "connect", ...ends });
  expect(story.session.graph().nodes.get(nodeId("program:[app]"))).toMatchObject({ label: "app", exe: null });
  story.exec(1, 100, "/usr/bin/app", { flags: PROCESS_FLAG.snapshot });
  expect([...story.session.graph().nodes.keys()].sort()).toEqual([`destination:${REMOTE}`, "program:/usr/bin/app"]);
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

test("asking again while a connect is under way is the same attempt", () => {
  const story = tellStory();
  const app = story.exec(1, 100, "/usr/bin/app");
  const attempt = { owner: app, cookie: 7, origin: "connect" as const, remote: REMOTE, remotePort: 443 };
  story.open({ at: 2, ...attempt });
  story.open({ at: 2.1, ...attempt });
  expect(story.session.snapshot().flows).toHaveLength(1);
});

test("29: a flow stays with the program that opened it, also after an exec", () => {
  const story = tellStory();
  const before = story.exec(1, 100, "/usr/bin/before");
  story.connect(2, before, 7, REMOTE);
  story.exec(3, 100, "/usr/bin/after", { startedAt: 1 });
  story.state({ at: 4, cookie: 7, ...ends, newState: 7 });
  story.session.tick(sec(6));
  expect(story.ended[0]?.process?.exe).toBe("/usr/bin/before");
  const node = story.session.graph().nodes.get(nodeId("program:/usr/bin/before"));
  expect(node).toMatchObject({ isRunning: false, flowCount: 1 });
});

test("34: a reused pid is another process", () => {
  const story = tellStory();
  const first = story.exec(1, 100, "/usr/bin/first");
  story.connect(2, first, 7, REMOTE);
  story.exit(3, first);
  const second = story.exec(4, 100, "/usr/bin/second");
  story.connect(5, second, 8, REMOTE);
  expect([story.flow(7).process, story.flow(8).process]).toEqual([first.key, second.key]);
  expect(story.session.snapshot().processes.get(first.key)).toMatchObject({
    exe: "/usr/bin/first",
    exitedAtNs: sec(3),
  });
});

test("exited processes stay known for their flows after the table let them go", () => {
  const story = tellStory();
  const app = story.exec(1, 100, "/usr/bin/app");
  const idle = story.exec(1, 101, "/usr/bin/idle");
  story.connect(2, app, 7, REMOTE);
  story.state({ at: 3, cookie: 7, ...ends, newState: 7 });
  story.exit(4, app);
  story.exit(4, idle);
  story.session.tick(sec(100));
  const { processes } = story.session.snapshot();
  expect(processes.get(app.key)).toMatchObject({ exe: "/usr/bin/app", exitedAtNs: sec(4) });
  expect(processes.has(idle.key)).toBe(false);
});

test("ancestors are those at the fork, nearest first, though parents exit", () => {
  const story = tellStory();
  const shell = story.exec(1, 100, "/usr/bin/bash");
  const child = story.fork(2, shell, 101);
  const make = story.exec(2.1, 101, "/usr/bin/make", { startedAt: 2, parent: shell });
  const grandchild = story.fork(3, make, 102);
  story.exit(3.1, make);
  const curl = story.exec(3.2, 102, "/usr/bin/curl", { startedAt: 3 });
  story.connect(4, curl, 7, REMOTE);
  expect(child.key).toBe(make.key);
  expect(grandchild.key).toBe(curl.key);
  expect(story.session.snapshot().processes.get(curl.key)?.ancestors).toEqual([
    { pid: 101, exe: "/usr/bin/make" },
    { pid: 100, exe: "/usr/bin/bash" },
  ]);
});

test("children told before their parents are linked when the snapshot is complete", () => {
  const story = tellStory();
  const parent = { pid: 100, startNs: sec(1), key: "" as never };
  const flags = PROCESS_FLAG.snapshot;
  const child = story.exec(5, 101, "/usr/bin/child", { startedAt: 2, parent, flags });
  story.exec(5, 100, "/usr/bin/parent", { startedAt: 1, flags });
  story.session.ingest({ kind: "live" });
  expect(story.session.snapshot().processes.get(child.key)?.ancestors).toEqual([{ pid: 100, exe: "/usr/bin/parent" }]);
});

test("arguments and cgroups of running processes come with messages of their own", () => {
  const story = tellStory();
  const app = story.exec(1, 100, "/usr/bin/app", { flags: PROCESS_FLAG.snapshot, argv: [], cgroupId: 42 });
  expect(story.session.snapshot().processes.get(app.key)).toMatchObject({ argv: null, cgroup: null });
  story.session.ingest({ kind: "cgroups", cgroups: [{ id: "42", path: "/system.slice/app.service" }] });
  story.session.ingest({ kind: "process-arguments", processes: [{ pid: 100, argv: ["app", "--x"] }] });
  expect(story.session.snapshot().processes.get(app.key)).toMatchObject({
    argv: ["app", "--x"],
    cgroup: "/system.slice/app.service",
  });
});

test("N13: a TLS name beats the answer, in one piece or many", () => {
  const hello = onlyHexFixture("tls/openssl-client-hello.hex");
  for (const pieceBytes of [hello.length, 100, 1]) {
    const story = tellStory();
    const app = story.exec(1, 100, "/usr/bin/app");
    story.lookUp(1.5, app, "api.telltale.test", [REMOTE]);
    story.connect(2, app, 7, REMOTE);
    for (let at = 0; at < hello.length; at += pieceBytes) {
      story.payload({
        at: 2.1,
        owner: app,
        cookie: 7,
        ...ends,
        kind: "stream-start",
        direction: "out",
        data: hello.subarray(at, at + pieceBytes),
        streamOffset: at,
      });
    }
    expect(story.flow(7).naming).toMatchObject({
      name: "api.telltale.test",
      source: "server-name",
      isContradicted: false,
    });
  }
});

test("N14: a TLS name the program never asked for contradicts, and both names are kept", () => {
  const story = tellStory();
  const app = story.exec(1, 100, "/usr/bin/app");
  story.lookUp(1.5, app, "front.example.org", [REMOTE]);
  story.connect(2, app, 7, REMOTE);
  story.payload({
    at: 2.1,
    owner: app,
    cookie: 7,
    ...ends,
    kind: "stream-start",
    direction: "out",
    data: onlyHexFixture("tls/openssl-client-hello.hex"),
  });
  expect(story.flow(7).naming).toMatchObject({
    name: "api.telltale.test",
    source: "server-name",
    isContradicted: true,
  });
  expect([...story.session.graph().edges.values()].find(({ services }) => services[0]?.port === 443)).toMatchObject({
    target: "destination:api.telltale.test",
    isContradicted: true,
    otherNames: [{ name: "front.example.org", source: "own-answer" }],
  });
});

test("a TLS name that others asked for is no contradiction", () => {
  const story = tellStory();
  const app = story.exec(1, 100, "/usr/bin/app");
  const other = story.exec(1, 200, "/usr/bin/other");
  story.lookUp(1.5, other, "other.example.org", [REMOTE]);
  story.connect(2, app, 7, REMOTE);
  story.payload({
    at: 2.1,
    owner: app,
    cookie: 7,
    ...ends,
    kind: "stream-start",
    direction: "out",
    data: onlyHexFixture("tls/openssl-client-hello.hex"),
  });
  expect(story.flow(7).naming).toMatchObject({ name: "api.telltale.test", isContradicted: false });
});

test("a TLS name found at the end of the alias chain is no contradiction", () => {
  const story = tellStory();
  const app = story.exec(1, 100, "/usr/bin/app");
  story.ask(1.5, app, 50, 1, "www.example.org");
  story.answer(app, {
    at: 1.6,
    cookie: 50,
    id: 1,
    name: "www.example.org",
    chain: ["api.telltale.test"],
    addresses: [REMOTE],
  });
  story.connect(2, app, 7, REMOTE);
  story.payload({
    at: 2.1,
    owner: app,
    cookie: 7,
    ...ends,
    kind: "stream-start",
    direction: "out",
    data: onlyHexFixture("tls/openssl-client-hello.hex"),
  });
  expect(story.flow(7).naming.isContradicted).toBe(false);
});

test("a server's flows take no name from their callers' ClientHello", () => {
  const story = tellStory();
  const server = story.exec(1, 100, "/usr/sbin/nginx");
  const inbound = { local: CLIENT, localPort: 443, remote: REMOTE, remotePort: 51_000 };
  story.open({ at: 2, owner: server, cookie: 7, origin: "accept", ...inbound });
  story.payload({
    at: 2.1,
    owner: server,
    cookie: 7,
    ...inbound,
    kind: "stream-start",
    direction: "in",
    data: onlyHexFixture("tls/openssl-client-hello.hex"),
  });
  expect(story.flow(7).naming.name).toBe(null);
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

test("DNS servers are contacts too", () => {
  const story = tellStory();
  const app = story.exec(1, 100, "/usr/bin/app");
  story.lookUp(2, app, "www.example.org", [REMOTE]);
  expect(
    story.ended.map(({ flow }) => [flow.remote.address, flow.remote.port, flow.bytesSent, flow.bytesReceived]),
  ).toEqual([[SERVER, 53, 30, 60]]);
});
