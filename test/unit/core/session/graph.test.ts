/** The graph people see, from stories. */
import { expect, test } from "vitest";
import { diffGraphs, EMPTY_GRAPH } from "../../../../src/core/graph/diff-graph.ts";
import { edgeId, nodeId } from "../../../../src/core/model/ids.ts";
import { literalVerdict } from "../../support/literal-classifier.ts";
import { CLIENT, SERVER, sec, tellStory } from "../../support/story.ts";

const REMOTE = "198.51.100.7";
const ends = { local: CLIENT, localPort: 50_007, remote: REMOTE, remotePort: 443 };
const close = { ...ends, newState: 7 };

test("golden: mongod reports to api.segment.io next to ordinary traffic", () => {
  const story = tellStory({ "api.segment.io": "telemetry", "repo.example.org": "content" });
  const shell = story.exec(1, 50, "/usr/bin/bash");
  story.fork(1.5, shell, 100);
  const mongod = story.exec(2, 100, "/usr/bin/mongod", {
    startedAt: 1.5,
    argv: ["mongod", "--dbpath", "/data"],
    parent: shell,
  });
  story.lookUp(3, mongod, "api.segment.io", [REMOTE]);
  story.connect(4, mongod, 7, REMOTE);
  story.state({ at: 5, cookie: 7, ...close, bytesSent: 1200, bytesReceived: 300 });
  story.open({ at: 6, owner: mongod, cookie: 8, origin: "connect", remote: "203.0.113.9", remotePort: 443 });
  story.state({ at: 6.1, cookie: 8, ...close, remote: "203.0.113.9", error: 111 });
  story.session.tick(sec(8));
  const graph = story.session.graph();
  const program = nodeId("program:/usr/bin/mongod");
  const segment = nodeId("destination:api.segment.io");
  expect(graph.nodes.get(program)).toEqual({
    kind: "program",
    id: program,
    label: "mongod",
    exe: "/usr/bin/mongod",
    script: null,
    group: "unknown",
    container: null,
    unit: null,
    bundle: null,
    helpers: [],
    isExeDeleted: false,
    processes: [
      {
        key: mongod.key,
        pid: 100,
        exe: "/usr/bin/mongod",
        isExeDeleted: null,
        helper: null,
        argv: ["mongod", "--dbpath", "/data"],
        uid: 0,
        cgroup: null,
        ancestors: [{ pid: 50, exe: "/usr/bin/bash" }],
        startTimeNs: sec(1.5),
        exitedAtNs: null,
      },
    ],
    processCount: 1,
    isRunning: true,
    category: "telemetry",
    isSuspected: false,
    bytesSent: 1230,
    bytesReceived: 360,
    flowCount: 3,
    destinationCount: 3,
    callerCount: 0,
    failedLookupCount: 0,
    unfollowedLookupCount: 0,
    encryptedDns: [],
    firstSeenNs: sec(3),
    lastSeenNs: sec(6.1),
  });
  expect(graph.nodes.get(segment)).toEqual({
    kind: "destination",
    id: segment,
    label: "api.segment.io",
    isNamed: true,
    candidates: [],
    addresses: [REMOTE],
    locality: "internet",
    owner: null,
    category: "telemetry",
    isSuspected: false,
    bytesSent: 1200,
    bytesReceived: 300,
    flowCount: 1,
    programCount: 1,
    firstSeenNs: sec(4),
    lastSeenNs: sec(5),
  });
  expect(graph.edges.get(edgeId(program, segment))).toEqual({
    id: "program:/usr/bin/mongod -> destination:api.segment.io",
    source: program,
    target: segment,
    direction: "outbound",
    nameSource: "own-answer",
    nameObservedAtNs: sec(3.01),
    nameAgeNs: sec(0.99),
    otherNames: [],
    isContradicted: false,
    peer: null,
    answeredBy: null,
    ech: null,
    hops: [],
    encryptedDns: null,
    services: [{ transport: "tcp", port: 443 }],
    verdict: literalVerdict("telemetry", "api.segment.io"),
    bytesSent: 1200,
    bytesReceived: 300,
    flowCount: 1,
    openCount: 0,
    failedCount: 0,
    lastFailure: null,
    brokenCount: 0,
    handshakeNs: sec(0.001),
    rttUs: null,
    retransmits: 0,
    firstSeenNs: sec(4),
    lastSeenNs: sec(5),
  });
  expect([...graph.nodes.keys()].sort()).toEqual(
    [
      `destination:${SERVER}`,
      "destination:203.0.113.9",
      "destination:api.segment.io",
      "program:/usr/bin/mongod",
    ].sort(),
  );
});

test("what did not change keeps its object, and the diff carries the rest", () => {
  const story = tellStory();
  const one = story.exec(1, 100, "/usr/bin/one");
  const two = story.exec(1, 200, "/usr/bin/two");
  story.connect(2, one, 7, REMOTE);
  story.connect(2, two, 8, "203.0.113.9");
  const before = story.session.graph();
  expect(story.session.graph()).toBe(before);
  story.bytes({ at: 3, cookie: 7, ...ends, bytesSent: 10 });
  const after = story.session.graph();
  const diff = diffGraphs(before, after);
  expect(diff.nodes.map(({ id }) => id).sort()).toEqual([`destination:${REMOTE}`, "program:/usr/bin/one"]);
  expect(diff.edges).toMatchObject([{ source: "program:/usr/bin/one", bytesSent: 10 }]);
  expect([diff.removedNodes, diff.removedEdges]).toEqual([[], []]);
  expect(diffGraphs(after, after)).toEqual({ nodes: [], edges: [], removedNodes: [], removedEdges: [] });
  expect(diffGraphs(EMPTY_GRAPH, after).nodes).toHaveLength(4);
  // A graph handed out does not change afterwards.
  expect(before.edges.get(edgeId(nodeId("program:/usr/bin/one"), nodeId(`destination:${REMOTE}`)))?.bytesSent).toBe(0);
});

test("a late name moves the flow with its sums, and the address vanishes", () => {
  const story = tellStory();
  const app = story.exec(1, 100, "/usr/bin/app");
  story.connect(2, app, 7, REMOTE);
  story.bytes({ at: 2.5, cookie: 7, ...ends, bytesSent: 500, bytesReceived: 20 });
  const before = story.session.graph();
  story.ask(3, app, 50, 1, "late.example.org");
  story.answer(app, { at: 3.1, cookie: 50, id: 1, name: "late.example.org", addresses: [REMOTE] });
  const diff = diffGraphs(before, story.session.graph());
  expect(diff.removedNodes).toEqual([`destination:${REMOTE}`]);
  expect(diff.removedEdges).toEqual([`program:/usr/bin/app -> destination:${REMOTE}`]);
  expect(diff.nodes.find(({ id }) => id === "program:/usr/bin/app")).toMatchObject({
    flowCount: 2,
    bytesSent: 500,
    destinationCount: 2,
  });
  const named = diff.nodes.find(({ id }) => id === "destination:late.example.org");
  expect(named).toMatchObject({ flowCount: 1, bytesSent: 500, bytesReceived: 20, isNamed: true });
});

test("other flows to the address stay where they were", () => {
  const story = tellStory();
  const old = story.exec(1, 200, "/usr/bin/old");
  const app = story.exec(1, 100, "/usr/bin/app");
  story.connect(2, old, 6, REMOTE);
  story.connect(12, app, 7, REMOTE);
  story.lookUp(13, app, "late.example.org", [REMOTE]);
  expect(story.flow(6).naming.name).toBe(null);
  expect(story.session.graph().nodes.get(nodeId(`destination:${REMOTE}`))).toMatchObject({
    flowCount: 1,
    programCount: 1,
  });
});

test("services of this machine are told apart by port, callers are not", () => {
  const story = tellStory();
  const app = story.exec(1, 100, "/usr/bin/app");
  const nginx = story.exec(1, 200, "/usr/sbin/nginx");
  story.connect(2, app, 7, "127.0.0.1", 5432);
  story.connect(2, app, 8, "127.0.0.1", 6379);
  story.connect(2, app, 9, "::1", 6379);
  story.open({
    at: 2,
    owner: nginx,
    cookie: 10,
    origin: "accept",
    local: "127.0.0.1",
    localPort: 80,
    remote: "127.0.0.1",
    remotePort: 1,
  });
  story.open({
    at: 2,
    owner: nginx,
    cookie: 11,
    origin: "accept",
    local: "127.0.0.1",
    localPort: 80,
    remote: "127.0.0.1",
    remotePort: 2,
  });
  story.session.tick(sec(3));
  expect([...story.session.graph().nodes.keys()].filter((id) => id.startsWith("destination:"))).toEqual([
    "destination:127.0.0.1:5432",
    "destination:127.0.0.1:6379",
    "destination:[::1]:6379",
    "destination:127.0.0.1",
  ]);
});

test("processes of one program share its node, newest first and capped, counted in full", () => {
  const story = tellStory();
  for (let index = 0; index < 20; index += 1) {
    const worker = story.exec(1 + index, 100 + index, "/usr/bin/worker");
    story.connect(30 + index, worker, 1000 + index, REMOTE);
    if (index > 0) story.exit(60, worker);
  }
  const node = story.session.graph().nodes.get(nodeId("program:/usr/bin/worker"));
  if (node?.kind !== "program") throw new Error("expected a program");
  expect(node.processCount).toBe(20);
  expect(node.processes.map(({ pid }) => pid)).toEqual(Array.from({ length: 16 }, (_, index) => 119 - index));
  expect(node.isRunning).toBe(true); // the oldest, which is not listed any more
});

test("a program that runs no more says so", () => {
  const story = tellStory();
  const app = story.exec(1, 100, "/usr/bin/app");
  story.connect(2, app, 7, REMOTE);
  const before = story.session.graph();
  story.exit(3, app);
  const diff = diffGraphs(before, story.session.graph());
  expect(diff.nodes).toMatchObject([
    { id: "program:/usr/bin/app", isRunning: false, processes: [{ exitedAtNs: sec(3) }] },
  ]);
});

test("32: scripts are programs of their own", () => {
  const story = tellStory();
  for (const [index, script] of ["/opt/a.py", "/opt/b.py"].entries()) {
    const python = story.exec(1, 100 + index, "/usr/bin/python3.11", { argv: ["python3", script] });
    story.connect(2, python, 7 + index, REMOTE);
  }
  const programs = [...story.session.graph().nodes.values()].filter(({ kind }) => kind === "program");
  expect(programs.map(({ id, label }) => [id, label])).toEqual([
    ["program:/usr/bin/python3.11 /opt/a.py", "a.py"],
    ["program:/usr/bin/python3.11 /opt/b.py", "b.py"],
  ]);
});

test("arguments that come late name the script and judge again", () => {
  const story = tellStory();
  const python = story.exec(1, 100, "/usr/bin/python3.11", { flags: 2, argv: [] });
  story.open({ at: 2, owner: python, cookie: 7, origin: "existing", tcpState: 1, ...ends });
  expect([...story.session.graph().nodes.keys()]).toContain("program:/usr/bin/python3.11");
  story.session.ingest({ kind: "process-arguments", processes: [{ pid: 100, argv: ["python3", "/opt/a.py"] }] });
  expect([...story.session.graph().nodes.keys()].sort()).toEqual([
    `destination:${REMOTE}`,
    "program:/usr/bin/python3.11 /opt/a.py",
  ]);
});

test("an edge knows both directions, its ports by use and its last failure", () => {
  const story = tellStory();
  const app = story.exec(1, 100, "/usr/bin/app");
  for (const [index, port] of [443, 80, 443].entries()) story.connect(2, app, 10 + index, REMOTE, port);
  story.open({ at: 3, owner: app, cookie: 20, origin: "connect", remote: REMOTE, remotePort: 22 });
  story.state({ at: 3, cookie: 20, ...ends, remotePort: 22, newState: 7, error: 110 });
  story.open({
    at: 4,
    owner: app,
    cookie: 21,
    origin: "accept",
    local: CLIENT,
    localPort: 8080,
    remote: REMOTE,
    remotePort: 999,
  });
  expect([...story.session.graph().edges.values()]).toMatchObject([
    {
      direction: "both",
      flowCount: 5,
      openCount: 4,
      failedCount: 1,
      lastFailure: "timed out",
      services: [
        { transport: "tcp", port: 443 },
        { transport: "tcp", port: 80 },
        { transport: "tcp", port: 22 },
        { transport: "tcp", port: 8080 },
      ],
    },
  ]);
});

test.each([
  [{ "a.test": "content", "b.test": "analytics" }, "analytics", false],
  [{ "a.test": "content", "b.test": "analytics?" }, "analytics", true],
  [{ "a.test": "analytics", "b.test": "analytics?" }, "analytics", false],
  [{ "a.test": "telemetry?", "b.test": "analytics" }, "telemetry", true],
  [{}, "unknown", false],
] as const)("with %j a program is %s, suspected: %s", (categories, category, isSuspected) => {
  const story = tellStory(categories);
  const app = story.exec(1, 100, "/usr/bin/app");
  for (const [index, name] of ["a.test", "b.test"].entries()) {
    story.lookUp(2, app, name, [`198.51.100.${index}`]);
    story.connect(3, app, 10 + index, `198.51.100.${index}`);
  }
  expect(story.session.graph().nodes.get(nodeId("program:/usr/bin/app"))).toMatchObject({ category, isSuspected });
});

test("a flow that moves takes its port along", () => {
  const story = tellStory();
  const app = story.exec(1, 100, "/usr/bin/app");
  story.connect(2, app, 7, REMOTE, 80);
  story.connect(12, app, 8, REMOTE, 443);
  const address = edgeId(nodeId("program:/usr/bin/app"), nodeId(`destination:${REMOTE}`));
  const ports = (): number[] | undefined =>
    story.session
      .graph()
      .edges.get(address)
      ?.services.map(({ port }) => port);
  expect(ports()).toEqual([80, 443]);
  story.lookUp(13, app, "late.example.org", [REMOTE]);
  expect(ports()).toEqual([80]);
});

test("both ends of a local contact are judged, though it is drawn once", () => {
  const story = tellStory();
  const server = story.exec(1, 200, "/usr/bin/server");
  const client = story.exec(1, 100, "/usr/bin/client");
  const near = { local: "127.0.0.1", localPort: 50_000, remote: "127.0.0.1", remotePort: 8080 };
  story.open({ at: 2, owner: client, cookie: 7, origin: "connect", ...near });
  story.open({
    at: 2,
    owner: server,
    cookie: 8,
    origin: "accept",
    local: "127.0.0.1",
    localPort: 8080,
    remote: "127.0.0.1",
    remotePort: 50_000,
  });
  expect(story.flow(8).verdict).toEqual(literalVerdict("unknown", "127.0.0.1"));
});
