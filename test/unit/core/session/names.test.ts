/** Names of flows from a program's own answers and those of its kin, scenario by scenario. N numbers are those of the design's list of truth scenarios. */
import { expect, test } from "vitest";
import { CLIENT, dnsAnswer, dnsQuestion, SERVER, sec, tellStory } from "../../support/story.ts";

const ADDRESS = "198.51.100.7";

test("N1: a program's own answer names its flow", () => {
  const story = tellStory();
  const curl = story.exec(1, 100, "/usr/bin/curl");
  story.lookUp(2, curl, "www.example.org", [ADDRESS]);
  story.connect(3, curl, 7, ADDRESS);
  expect(story.flow(7).naming).toEqual({
    name: "www.example.org",
    source: "own-answer",
    evidence: [{ name: "www.example.org", source: "own-answer", observedAtNs: sec(2.01) }],
    candidates: [],
    isContradicted: false,
    ech: null,
    hop: null,
  });
});

test("N2: an answer over TCP names the flow wherever its bytes are cut", () => {
  const message = dnsAnswer(9, "tcp.example.org", [], [ADDRESS]);
  const question = dnsQuestion(9, "tcp.example.org");
  const framed = (body: Uint8Array): Uint8Array => new Uint8Array([body.length >> 8, body.length & 0xff, ...body]);
  const reply = framed(message);
  for (let cut = 1; cut < reply.length; cut += 1) {
    const story = tellStory();
    const dig = story.exec(1, 100, "/usr/bin/dig");
    const ends = { local: CLIENT, localPort: 41_000, remote: SERVER, remotePort: 53, cookie: 5 };
    const piece = { owner: dig, ...ends, kind: "dns-stream" as const };
    story.connect(2, dig, 5, SERVER, 53);
    story.payload({ at: 2.1, ...piece, direction: "out", data: framed(question) });
    story.payload({ at: 2.2, ...piece, direction: "in", data: reply.subarray(0, cut) });
    story.payload({ at: 2.3, ...piece, direction: "in", data: reply.subarray(cut), streamOffset: cut });
    story.connect(3, dig, 6, ADDRESS);
    expect(story.flow(6).naming.name).toBe("tcp.example.org");
  }
});

test("N2: a missing piece of a TCP answer is counted and names nothing", () => {
  const story = tellStory();
  const dig = story.exec(1, 100, "/usr/bin/dig");
  const piece = { owner: dig, cookie: 5, remote: SERVER, remotePort: 53, kind: "dns-stream" as const };
  story.connect(2, dig, 5, SERVER, 53);
  story.payload({ at: 2.2, ...piece, direction: "in", data: new Uint8Array([0, 200, 1, 2]) });
  for (let index = 0; index < 20; index += 1) {
    story.payload({ at: 2.3, ...piece, direction: "in", data: new Uint8Array(1024), streamOffset: 100 + index * 1024 });
  }
  expect(story.session.coverage().loss.core).toEqual({ "lost-dns-streams": 1 });
});

test("N3: a chain of eight aliases leads back to the name that was asked for", () => {
  const story = tellStory();
  const curl = story.exec(1, 100, "/usr/bin/curl");
  const chain = Array.from({ length: 8 }, (_, index) => `hop${index}.cdn.example`);
  story.ask(2, curl, 50, 1, "start.example.org");
  story.answer(curl, { at: 2.1, cookie: 50, id: 1, name: "start.example.org", chain, addresses: [ADDRESS] });
  story.connect(3, curl, 7, ADDRESS);
  expect(story.flow(7).naming.evidence.map(({ name }) => name)).toEqual(["start.example.org"]);
});

test("N5: two processes that know one address under two names keep their own", () => {
  const story = tellStory();
  const one = story.exec(1, 100, "/usr/bin/one");
  const two = story.exec(1, 200, "/usr/bin/two");
  story.lookUp(2, one, "one.example.org", [ADDRESS]);
  story.lookUp(2.5, two, "two.example.org", [ADDRESS]);
  story.connect(3, one, 7, ADDRESS);
  story.connect(3, two, 8, ADDRESS);
  expect(story.flow(7).naming).toMatchObject({ name: "one.example.org", source: "own-answer" });
  expect(story.flow(8).naming).toMatchObject({ name: "two.example.org", source: "own-answer" });
  expect(story.flow(8).naming.evidence[1]).toMatchObject({ name: "one.example.org", source: "host-answer" });
});

test("N6: an answer cached for hours still names, and for days no more", () => {
  const story = tellStory();
  const app = story.exec(1, 100, "/usr/bin/app");
  story.lookUp(2, app, "cached.example.org", [ADDRESS]);
  story.session.tick(sec(20 * 3600));
  story.connect(20 * 3600, app, 7, ADDRESS);
  expect(story.flow(7).naming.name).toBe("cached.example.org");
  story.session.tick(sec(49 * 3600));
  story.connect(49 * 3600, app, 8, ADDRESS);
  expect(story.flow(8).naming.name).toBe(null);
});

test("N7: a child inherits what its parent asked before the fork, not what it asked after", () => {
  const story = tellStory();
  const parent = story.exec(1, 100, "/usr/sbin/server");
  story.lookUp(2, parent, "before.example.org", [ADDRESS]);
  const child = story.fork(3, parent, 101);
  story.lookUp(4, parent, "after.example.org", ["198.51.100.8"]);
  story.connect(5, child, 7, ADDRESS);
  story.connect(5, child, 8, "198.51.100.8");
  expect(story.flow(7).naming).toMatchObject({ name: "before.example.org", source: "inherited-answer" });
  expect(story.flow(8).naming).toMatchObject({ name: "after.example.org", source: "host-answer" });
});

test("N8: what was asked before an exec is inherited by the program after it", () => {
  const story = tellStory();
  const wrapper = story.exec(1, 100, "/usr/bin/wrapper");
  story.lookUp(2, wrapper, "handed.example.org", [ADDRESS]);
  const curl = story.exec(3, 100, "/usr/bin/curl", { startedAt: 1 });
  story.connect(4, curl, 7, ADDRESS);
  expect(story.flow(7).naming).toMatchObject({ name: "handed.example.org", source: "inherited-answer" });
  expect(story.flow(7).process).toBe(wrapper.key);
});

test("N9: an answer of the stub resolver on loopback is the program's own", () => {
  const story = tellStory();
  const app = story.exec(1, 100, "/usr/bin/app");
  story.ask(2, app, 50, 1, "stub.example.org", "127.0.0.53");
  story.answer(app, {
    at: 2.1,
    cookie: 50,
    id: 1,
    name: "stub.example.org",
    addresses: [ADDRESS],
    server: "127.0.0.53",
  });
  story.connect(3, app, 7, ADDRESS);
  expect(story.flow(7).naming).toMatchObject({ name: "stub.example.org", source: "own-answer" });
});

test("answers of a neighbour in the cgroup beat those of strangers", () => {
  const story = tellStory();
  const helper = story.exec(1, 100, "/usr/bin/helper", { cgroupId: 55 });
  const stranger = story.exec(1, 200, "/usr/bin/stranger", { cgroupId: 66 });
  const app = story.exec(1, 300, "/usr/bin/app", { cgroupId: 55 });
  story.lookUp(2, helper, "neighbour.example.org", [ADDRESS]);
  story.lookUp(2.5, stranger, "stranger.example.org", [ADDRESS]);
  story.connect(3, app, 7, ADDRESS);
  expect(story.flow(7).naming.evidence).toMatchObject([
    { name: "neighbour.example.org", source: "cgroup-answer" },
    { name: "stranger.example.org", source: "host-answer" },
  ]);
});

test("the root cgroup makes nobody neighbours", () => {
  const story = tellStory();
  const other = story.exec(1, 100, "/usr/bin/other", { cgroupId: 1 });
  const app = story.exec(1, 300, "/usr/bin/app", { cgroupId: 1 });
  story.lookUp(2, other, "other.example.org", [ADDRESS]);
  story.connect(3, app, 7, ADDRESS);
  expect(story.flow(7).naming.source).toBe("host-answer");
});

test("N12: a literal address has no name", () => {
  const story = tellStory();
  const app = story.exec(1, 100, "/usr/bin/app");
  story.lookUp(2, app, "www.example.org", [ADDRESS]);
  story.connect(3, app, 7, "203.0.113.99");
  expect(story.flow(7).naming).toEqual({
    name: null,
    source: null,
    evidence: [],
    candidates: [],
    isContradicted: false,
    ech: null,
    hop: null,
  });
});

test("callers of a server are not named after what the server asked for", () => {
  const story = tellStory();
  const server = story.exec(1, 100, "/usr/sbin/nginx");
  story.lookUp(2, server, "client.example.org", [ADDRESS]);
  story.open({
    at: 3,
    owner: server,
    cookie: 7,
    origin: "accept",
    local: CLIENT,
    localPort: 443,
    remote: ADDRESS,
    remotePort: 51_000,
  });
  expect(story.flow(7)).toMatchObject({ direction: "inbound", naming: { name: null } });
});

test("pid reuse: a new process does not own the old one's answers", () => {
  const story = tellStory();
  const first = story.exec(1, 100, "/usr/bin/first");
  story.lookUp(2, first, "first.example.org", [ADDRESS]);
  story.exit(3, first);
  const second = story.exec(4, 100, "/usr/bin/second");
  story.connect(5, second, 7, ADDRESS);
  expect(story.flow(7).process).toBe(second.key);
  expect(story.flow(7).naming.source).toBe("host-answer");
});
