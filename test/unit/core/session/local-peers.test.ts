/** Contacts between programs of this machine: one edge, from who began to who answers, whatever came first. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { diffGraphs } from "../../../../src/core/graph/diff-graph.ts";
import type { Graph, GraphEdge, ProgramNode } from "../../../../src/core/graph/graph.ts";
import type { EdgeId } from "../../../../src/core/model/ids.ts";
import { type Actor, type Story, sec, tellStory } from "../../support/story.ts";

const HERE = "127.0.0.1";
const EDGE = "program:/usr/bin/app -> program:/usr/bin/postgres";

interface Cast {
  readonly story: Story;
  readonly app: Actor;
  readonly postgres: Actor;
}

function cast(): Cast {
  const story = tellStory();
  return { story, app: story.exec(1, 100, "/usr/bin/app"), postgres: story.exec(1, 200, "/usr/bin/postgres") };
}

const near = { local: HERE, localPort: 50_000, remote: HERE, remotePort: 5432 };
const far = { local: HERE, localPort: 5432, remote: HERE, remotePort: 50_000 };

const edgeOf = ({ story }: Cast, id = EDGE): GraphEdge | undefined => story.session.graph().edges.get(id as EdgeId);
const idsOf = ({ nodes, edges }: Graph): readonly string[] => [...nodes.keys(), ...edges.keys()].toSorted();

type Tell = (cast: Cast) => void;

/** One connection, each record by itself; the last of either end says that it is over. */
const CLIENT_SIDE: readonly Tell[] = [
  ({ story, app }) => story.open({ at: 2, owner: app, cookie: 7, origin: "connect", remote: HERE, remotePort: 5432 }),
  ({ story }) => story.state({ at: 2.001, cookie: 7, ...near, oldState: 2, newState: 1, srttUs: 40 }),
  ({ story }) => story.bytes({ at: 2.01, cookie: 7, ...near, bytesSent: 100, bytesReceived: 30 }),
  ({ story }) => story.state({ at: 2.02, cookie: 7, ...near, newState: 7, bytesSent: 100, bytesReceived: 30 }),
];
const SERVER_SIDE: readonly Tell[] = [
  ({ story, postgres }) => story.open({ at: 2.002, owner: postgres, cookie: 8, origin: "accept", ...far }),
  ({ story }) => story.state({ at: 2.003, cookie: 8, ...far, oldState: 3, newState: 1 }),
  ({ story }) => story.bytes({ at: 2.01, cookie: 8, ...far, bytesSent: 30, bytesReceived: 100 }),
  ({ story }) => story.state({ at: 2.02, cookie: 8, ...far, newState: 7, bytesSent: 30, bytesReceived: 100 }),
];
const CONNECTION = [...CLIENT_SIDE.slice(0, 2), ...SERVER_SIDE, ...CLIENT_SIDE.slice(2)];

/** Any order, except that no socket tells anything after its end: what comes then is its next flow. */
const anyOrder = fc.shuffledSubarray(CONNECTION, { minLength: CONNECTION.length }).map((steps) =>
  steps.map((step) => {
    const side = CLIENT_SIDE.includes(step) ? CLIENT_SIDE : SERVER_SIDE;
    const ofSide = steps.filter((each) => side.includes(each));
    const end = side[side.length - 1] ?? step;
    const last = ofSide[ofSide.length - 1] ?? step;
    return step === end ? last : step === last ? end : step;
  }),
);

test("two programs of this machine are joined by one edge, and both nodes tell of it", () => {
  const told = cast();
  for (const tell of CONNECTION) tell(told);
  expect(edgeOf(told)).toMatchObject({
    direction: "outbound",
    peer: { name: null, addresses: [HERE] },
    services: [{ transport: "tcp", port: 5432 }],
    bytesSent: 100,
    bytesReceived: 30,
    flowCount: 1,
    rttUs: 40,
  });
  const nodes = [...told.story.session.graph().nodes.values()] as ProgramNode[];
  expect(nodes.map(({ label, ...node }) => [label, node.bytesSent, node.destinationCount, node.callerCount])).toEqual([
    ["app", 100, 1, 0],
    ["postgres", 30, 0, 1],
  ]);
});

test("the graph is the same whatever the order of the records of both ends", () => {
  const inOrder = cast();
  for (const tell of CONNECTION) tell(inOrder);
  inOrder.story.session.tick(sec(5));
  const whole = edgeOf(inOrder);
  fc.assert(
    fc.property(anyOrder, fc.nat(CONNECTION.length), (steps, lookAt) => {
      const told = cast();
      steps.forEach((step, index) => {
        step(told);
        if (index === lookAt) told.story.session.graph();
      });
      told.story.session.tick(sec(5));
      expect(idsOf(told.story.session.graph())).toEqual(idsOf(inOrder.story.session.graph()));
      const { bytesSent, bytesReceived, flowCount, openCount, services, direction } = whole ?? {};
      expect(edgeOf(told)).toMatchObject({ bytesSent, bytesReceived, flowCount, openCount, services, direction });
    }),
    { numRuns: 300 },
  );
});

/** Many connections among three programs, their records mixed: the ends of each connection stay in its own order. */
const traffic = fc.array(
  fc.record({
    from: fc.nat(2),
    to: fc.nat(2),
    isSeenLate: fc.boolean(),
    acceptFirst: fc.boolean(),
    isKnownLate: fc.boolean(),
  }),
  { minLength: 1, maxLength: 12 },
);

test("after any traffic every edge is one pair of programs, sums are those of its connections, and diffs add up", () => {
  fc.assert(
    fc.property(traffic, (connections) => {
      const story = tellStory();
      const actors = ["a", "b", "c"].map((name, index) => story.exec(1, 100 + index, `/usr/bin/${name}`));
      let seen: Graph = { nodes: new Map(), edges: new Map() };
      const flowsOfEdge = new Map<string, number>();
      connections.forEach(({ from, to, isSeenLate, acceptFirst, isKnownLate }, index) => {
        const [client, server] = [actors[from], actors[to]];
        if (client === undefined || server === undefined) return;
        const ends = { local: HERE, localPort: 40_000 + index, remote: HERE, remotePort: 8000 + to };
        const back = { local: HERE, localPort: ends.remotePort, remote: HERE, remotePort: ends.localPort };
        const [one, two] = [index * 2 + 1, index * 2 + 2];
        const nobody = { pid: 0, startNs: 0, comm: "" };
        const at = 2 + index / 100;
        const connect = (): void =>
          isSeenLate
            ? story.open({ at, owner: client, cookie: one, origin: "existing", ...ends })
            : story.open({ at, owner: client, cookie: one, origin: "connect", ...ends });
        const accept = (): void => {
          if (isKnownLate) story.open({ at, owner: nobody, cookie: two, origin: "packet", direction: "in", ...back });
          story.open({ at, owner: server, cookie: two, origin: isSeenLate ? "existing" : "accept", ...back });
        };
        for (const open of acceptFirst ? [accept, connect] : [connect, accept]) open();
        story.state({ at, cookie: one, ...ends, newState: 7, bytesSent: 10, bytesReceived: 20 });
        const id = `program:/usr/bin/${"abc"[from]} -> program:/usr/bin/${"abc"[to]}`;
        flowsOfEdge.set(id, (flowsOfEdge.get(id) ?? 0) + 1);
        const now = story.session.graph();
        const diff = diffGraphs(seen, now);
        expect(diff.edges.length + seen.edges.size - diff.removedEdges.length).toBeGreaterThanOrEqual(now.edges.size);
        seen = now;
      });
      story.session.tick(sec(10));
      const { nodes, edges } = story.session.graph();
      expect(Object.fromEntries([...edges.values()].map(({ id, flowCount }) => [id, flowCount]))).toEqual(
        Object.fromEntries(flowsOfEdge),
      );
      for (const { id, flowCount, bytesSent } of edges.values()) expect([id, bytesSent]).toEqual([id, flowCount * 10]);
      for (const node of nodes.values()) expect(node.kind).toBe("program");
    }),
    { numRuns: 150 },
  );
});

test("who listens is learnt late: the edge moves from the address to the program, and the address vanishes", () => {
  const told = cast();
  const nobody = { pid: 0, startNs: 0, comm: "" };
  const { story } = told;
  story.open({ at: 2, owner: told.app, cookie: 7, origin: "connect", ...near });
  story.open({ at: 2, owner: nobody, cookie: 8, origin: "packet", direction: "in", ...far });
  story.session.tick(sec(3));
  expect([...story.session.graph().edges.keys()]).toEqual(["program:/usr/bin/app -> destination:127.0.0.1:5432"]);
  story.open({ at: 3, owner: told.postgres, cookie: 8, origin: "accept", ...far });
  expect(idsOf(story.session.graph())).toEqual(["program:/usr/bin/app", EDGE, "program:/usr/bin/postgres"].toSorted());
});

test("the executable at the other end is learnt late: the edge moves to what it is", () => {
  const { story, app } = cast();
  const server = { pid: 300, startNs: 5, comm: "server" };
  story.open({ at: 2, owner: app, cookie: 7, origin: "connect", ...near });
  story.open({ at: 2, owner: server, cookie: 8, origin: "accept", ...far });
  expect([...story.session.graph().edges.keys()]).toEqual(["program:/usr/bin/app -> program:[server]"]);
  story.exec(2.1, 300, "/usr/bin/server", { startedAt: 5e-9, flags: 2 });
  expect([...story.session.graph().edges.keys()]).toEqual(["program:/usr/bin/app -> program:/usr/bin/server"]);
  expect([...story.session.graph().nodes.keys()].toSorted()).toEqual([
    "program:/usr/bin/app",
    "program:/usr/bin/server",
  ]);
});

test("of two older ends that both look like callers, the one with the lower port is called", () => {
  for (const isServerFirst of [false, true]) {
    const { story, app, postgres } = cast();
    const client = { local: HERE, localPort: 50_000, remote: HERE, remotePort: 40_000 };
    const server = { local: HERE, localPort: 40_000, remote: HERE, remotePort: 50_000 };
    const tell = [
      () => story.open({ at: 2, owner: app, cookie: 7, origin: "existing", ...client }),
      () => story.open({ at: 2, owner: postgres, cookie: 8, origin: "existing", ...server }),
    ];
    for (const each of isServerFirst ? tell.toReversed() : tell) each();
    expect([...story.session.graph().edges.keys()]).toEqual([EDGE]);
    expect(story.flow(8)).toMatchObject({ direction: "inbound", peer: { key: app.key } });
  }
});

test("datagrams between two programs are one edge too", () => {
  const told = cast();
  const { story } = told;
  story.open({ at: 2, owner: told.app, cookie: 7, origin: "send", ...near, protocol: "udp" });
  story.open({ at: 2, owner: told.postgres, cookie: 8, origin: "packet", direction: "in", ...far, protocol: "udp" });
  story.bytes({ at: 2.1, cookie: 7, ...near, protocol: "udp", run: 1, packetsSent: 1, bytesSent: 12 });
  expect(edgeOf(told)).toMatchObject({ bytesSent: 12, services: [{ transport: "udp", port: 5432 }] });
  expect(story.session.graph().edges.size).toBe(1);
});

test("a program that talks to itself has one edge to itself, counted once", () => {
  const { story, app } = cast();
  story.open({ at: 2, owner: app, cookie: 7, origin: "connect", ...near });
  story.open({ at: 2, owner: app, cookie: 8, origin: "accept", ...far });
  story.bytes({ at: 2.1, cookie: 7, ...near, bytesSent: 100, bytesReceived: 30 });
  const { nodes, edges } = story.session.graph();
  expect([...edges.keys()]).toEqual(["program:/usr/bin/app -> program:/usr/bin/app"]);
  expect([...nodes.values()]).toMatchObject([{ bytesSent: 100, bytesReceived: 30, flowCount: 1 }]);
});

test("a name the caller asked for is its destination, and the contact says who answered", () => {
  const told = cast();
  told.story.call(1.5, told.app, "db.dev.example", [HERE]);
  for (const tell of CONNECTION) tell(told);
  expect([...told.story.session.graph().edges.values()]).toMatchObject([
    { target: "destination:db.dev.example", nameSource: "own-lookup", answeredBy: "postgres", peer: null },
  ]);
});

test("what others call its address stays with the contact, and the program is the destination", () => {
  const told = cast();
  told.story.call(1.5, told.story.exec(1, 300, "/usr/bin/other"), "db.dev.example", [HERE]);
  for (const tell of CONNECTION) tell(told);
  expect(edgeOf(told)).toMatchObject({ nameSource: "host-answer", peer: { name: "db.dev.example" } });
});

test("over loopback the address is not drawn while the other end may still show up", () => {
  const { story, app } = cast();
  story.open({ at: 2, owner: app, cookie: 7, origin: "connect", ...near });
  expect(story.session.graph().edges.size).toBe(0);
  story.session.tick(sec(2.3));
  expect([...story.session.graph().nodes.keys()]).toEqual(["program:/usr/bin/app", "destination:127.0.0.1:5432"]);
});

test("behind a proxy of this machine the destination is what it was asked for", () => {
  const { story, app, postgres } = cast();
  const proxied = { local: HERE, localPort: 50_007, remote: HERE, remotePort: 3128 };
  story.connect(2, app, 7, HERE, 3128);
  const back = { local: HERE, localPort: 3128, remote: HERE, remotePort: proxied.localPort };
  story.open({ at: 2.002, owner: postgres, cookie: 8, origin: "accept", ...back });
  const data = new TextEncoder().encode("CONNECT api.example.org:443 HTTP/1.1\r\n\r\n");
  story.say(2.1, app, 7, HERE, { port: 3128, data });
  expect([...story.session.graph().edges.keys()]).toEqual(["program:/usr/bin/app -> destination:api.example.org"]);
});

const INTERNET = "93.184.216.34";
const LAN = "192.168.1.5";

test("a program that takes an address of the internet in a network of its own stands in front of nothing", () => {
  for (const isForgerFirst of [false, true]) {
    const { story, app } = cast();
    const forger = story.exec(1, 300, "/home/user/forger");
    const there = { local: LAN, localPort: 50_000, remote: INTERNET, remotePort: 443 };
    const back = { local: INTERNET, localPort: 443, remote: LAN, remotePort: 50_000 };
    const tell = [
      () => story.open({ at: 2, owner: app, cookie: 7, origin: "connect", ...there, netns: 1 }),
      () => story.open({ at: 2, owner: forger, cookie: 8, origin: "accept", ...back, netns: 2 }),
    ];
    for (const each of isForgerFirst ? tell.toReversed() : tell) each();
    story.session.tick(sec(3));
    expect(story.flow(7)).toMatchObject({ peer: null });
    expect([...story.session.graph().edges.keys()]).toContain(`program:/usr/bin/app -> destination:${INTERNET}`);
  }
});

test("this machine's own address on the internet joins two programs of one network", () => {
  for (const [netns, peer] of [
    [1, "postgres"],
    [2, null],
  ] as const) {
    const { story, app, postgres } = cast();
    const there = { local: INTERNET, localPort: 50_000, remote: INTERNET, remotePort: 443 };
    const back = { local: INTERNET, localPort: 443, remote: INTERNET, remotePort: 50_000 };
    story.open({ at: 2, owner: app, cookie: 7, origin: "connect", ...there, netns: 1 });
    story.open({ at: 2, owner: postgres, cookie: 8, origin: "accept", ...back, netns });
    expect(story.flow(7)?.peer?.comm ?? null).toBe(peer);
  }
});

test("programs of two networks of this machine meet on private addresses", () => {
  const { story, app, postgres } = cast();
  const there = { local: "172.17.0.1", localPort: 50_000, remote: "172.17.0.2", remotePort: 5432 };
  const back = { local: "172.17.0.2", localPort: 5432, remote: "172.17.0.1", remotePort: 50_000 };
  story.open({ at: 2, owner: app, cookie: 7, origin: "connect", ...there, netns: 1 });
  story.open({ at: 2, owner: postgres, cookie: 8, origin: "accept", ...back, netns: 2 });
  expect([...story.session.graph().edges.keys()]).toEqual([EDGE]);
});
