/** Names from calls of the C library, /etc/hosts, the system resolver's log, and reverse lookups. */
import { expect, test } from "vitest";
import { edgeId, nodeId } from "../../../../src/core/model/ids.ts";
import { lookupRecord } from "../../support/encode-records.ts";
import { sec, tellStory } from "../../support/story.ts";

const ADDRESS = "198.51.100.7";
const text = (lines: string): Uint8Array => new TextEncoder().encode(lines);

const wireName = (name: string): number[] => [...name.split(".").flatMap((label) => [label.length, ...text(label)]), 0];

/** A resource record (RFC 1035 section 4.1.3) in base64, as resolved's monitor gives it. */
const rawRecord = (name: string, type: number, data: readonly number[]): string =>
  Buffer.from([...wireName(name), 0, type, 0, 1, 0, 0, 0, 60, 0, data.length, ...data]).toString("base64");

test("N10: a name asked of the C library names the flow, whoever sent the packets", () => {
  const story = tellStory();
  const app = story.exec(1, 100, "/usr/bin/app");
  const resolved = story.exec(1, 200, "/usr/lib/systemd/systemd-resolved");
  story.lookUp(1.9, resolved, "unix.example.org", [ADDRESS]);
  story.call(2, app, "unix.example.org", [ADDRESS, "2001:db8::7"]);
  story.connect(3, app, 7, ADDRESS);
  story.connect(3, app, 8, "2001:db8::7");
  expect(story.flow(7).naming).toMatchObject({ name: "unix.example.org", source: "own-lookup" });
  expect(story.flow(8).naming).toMatchObject({ name: "unix.example.org", source: "own-lookup" });
});

test("a name that did not fit its record is no name, however it begins", () => {
  const story = tellStory();
  const app = story.exec(1, 100, "/usr/bin/app");
  const record = { timeNs: sec(2), owner: app, name: "front.of.another.example", addresses: [ADDRESS] };
  story.session.ingest({ kind: "records", bytes: lookupRecord({ ...record, isNameCut: true }) });
  story.connect(3, app, 7, ADDRESS);
  expect(story.flow(7).naming.name).toBeNull();
  expect(story.session.snapshot().lookups).toEqual([]);
  story.session.ingest({ kind: "records", bytes: lookupRecord({ ...record, timeNs: sec(4) }) });
  story.connect(5, app, 8, ADDRESS);
  expect(story.flow(8).naming.name).toBe("front.of.another.example");
});

test("a call whose packets were seen is one name, known the surest way", () => {
  const story = tellStory();
  const app = story.exec(1, 100, "/usr/bin/app");
  story.lookUp(1.99, app, "www.example.org", [ADDRESS]);
  story.call(2.01, app, "WWW.Example.org.", [ADDRESS]);
  story.connect(3, app, 7, ADDRESS);
  expect(story.flow(7).naming.evidence).toEqual([
    { name: "www.example.org", source: "own-answer", observedAtNs: sec(2.01) },
  ]);
});

test("a call's name is inherited, and heard by neighbours, as an answer is", () => {
  const story = tellStory();
  const parent = story.exec(1, 100, "/usr/bin/parent", { cgroupId: 55 });
  const neighbour = story.exec(1, 200, "/usr/bin/neighbour", { cgroupId: 55 });
  const stranger = story.exec(1, 300, "/usr/bin/stranger", { cgroupId: 66 });
  story.call(2, parent, "www.example.org", [ADDRESS]);
  const child = story.fork(3, parent, 101);
  for (const [index, actor] of [child, neighbour, stranger].entries()) story.connect(4, actor, 7 + index, ADDRESS);
  expect([7, 8, 9].map((cookie) => story.flow(cookie).naming.source)).toEqual([
    "inherited-answer",
    "cgroup-answer",
    "host-answer",
  ]);
});

test("a call five minutes and more ago is used again only where nothing fresher is known", () => {
  const story = tellStory();
  const app = story.exec(1, 100, "/usr/bin/app");
  story.call(2, app, "early.example.org", [ADDRESS]);
  story.connect(3, app, 7, ADDRESS);
  story.call(330, app, "late.example.org", [ADDRESS]);
  story.connect(331, app, 8, ADDRESS);
  story.connect(340, app, 9, ADDRESS);
  expect(story.flow(8).naming.name).toBe("late.example.org");
  expect(story.flow(9).naming.name).toBe("late.example.org");
});

test.each(["198.51.100.7", "2001:db8::7", "", "fe80::1%eth0"])(
  "N12: asking the C library for %j looks nothing up",
  (name) => {
    const story = tellStory();
    const app = story.exec(1, 100, "/usr/bin/app");
    story.call(2, app, name, [ADDRESS]);
    story.connect(3, app, 7, ADDRESS);
    expect(story.flow(7).naming.evidence).toEqual([]);
    expect(story.session.snapshot().lookups).toEqual([]);
  },
);

test("N24: with a search domain the network's answer says which name it was", () => {
  const story = tellStory();
  const app = story.exec(1, 100, "/usr/bin/app");
  story.lookUp(2, app, "db.corp.example", [ADDRESS]);
  story.call(2.02, app, "db", [ADDRESS]);
  story.connect(3, app, 7, ADDRESS);
  expect(story.flow(7).naming).toEqual({
    name: "db.corp.example",
    source: "own-answer",
    evidence: [{ name: "db.corp.example", source: "own-answer", observedAtNs: sec(2.01) }],
    candidates: [],
    isContradicted: false,
    ech: null,
    hop: null,
  });
});

test("N24: where only the call was seen the short name stands", () => {
  const story = tellStory();
  const app = story.exec(1, 100, "/usr/bin/app");
  story.call(2, app, "db", [ADDRESS]);
  story.connect(3, app, 7, ADDRESS);
  expect(story.flow(7).naming).toMatchObject({ name: "db", source: "own-lookup" });
});

test("N11: a name of /etc/hosts that the program asked for is its own lookup", () => {
  const story = tellStory();
  const app = story.exec(1, 100, "/usr/bin/app");
  story.session.ingest({
    kind: "hosts-file",
    timeNs: sec(1),
    bytes: text("198.51.100.7 registry.corp.example registry\n"),
  });
  story.call(2, app, "registry", [ADDRESS]);
  story.connect(3, app, 7, ADDRESS);
  expect(story.flow(7).naming.evidence[0]).toMatchObject({ name: "registry", source: "own-lookup" });
});

test("N11: an address of /etc/hosts that nobody asked for has the first name of its line", () => {
  const story = tellStory();
  const app = story.exec(1, 100, "/usr/bin/app");
  const bytes = text(
    "198.51.100.7 registry.corp.example registry\n198.51.100.8 one.example\n198.51.100.8 two.example\n",
  );
  story.session.ingest({ kind: "hosts-file", timeNs: sec(1.5), bytes });
  for (const [index, remote] of [ADDRESS, "198.51.100.8", "198.51.100.9"].entries()) {
    story.connect(3, app, 7 + index, remote);
  }
  expect(story.flow(7).naming).toMatchObject({
    name: "registry.corp.example",
    source: "hosts-file",
    evidence: [{ name: "registry.corp.example", source: "hosts-file", observedAtNs: sec(1.5) }],
  });
  expect(story.flow(8).naming).toMatchObject({
    name: null,
    source: "hosts-file",
    candidates: ["one.example", "two.example"],
  });
  expect(story.flow(9).naming.name).toBe(null);
});

test("a changed /etc/hosts names flows that were there before, and unnames none", () => {
  const story = tellStory();
  const app = story.exec(1, 100, "/usr/bin/app");
  const write = (at: number, lines: string): void =>
    story.session.ingest({ kind: "hosts-file", timeNs: sec(at), bytes: text(lines) });
  story.connect(3, app, 7, ADDRESS);
  write(4, "198.51.100.7 late.example\n");
  expect(story.flow(7).naming.name).toBe("late.example");
  write(5, "");
  expect(story.flow(7).naming.name).toBe("late.example");
  story.connect(6, app, 8, ADDRESS);
  expect(story.flow(8).naming.name).toBe(null);
});

test("/etc/hosts names nothing that somebody asked for, and no service of this machine", () => {
  const story = tellStory();
  const app = story.exec(1, 100, "/usr/bin/app");
  const other = story.exec(1, 200, "/usr/bin/other");
  const bytes = text(
    "127.0.0.1 localhost dev.corp.example\n::1 ip6-localhost\n0.0.0.0 ads.example\n198.51.100.7 file.example\n",
  );
  story.session.ingest({ kind: "hosts-file", timeNs: sec(1), bytes });
  story.lookUp(2, other, "asked.example", [ADDRESS]);
  story.connect(3, app, 7, ADDRESS);
  story.connect(3, app, 8, "127.0.0.1", 5432);
  expect(story.flow(7).naming).toMatchObject({ name: "asked.example", source: "host-answer" });
  expect(story.flow(7).naming.evidence).toHaveLength(1);
  expect(story.flow(8).naming.evidence).toEqual([]);
});

test("localhost renames no service of this machine: the port tells them apart, the evidence tells the name", () => {
  const story = tellStory();
  const app = story.exec(1, 100, "/usr/bin/app");
  story.call(2, app, "localhost", ["127.0.0.1", "::1"]);
  story.connect(3, app, 7, "127.0.0.1", 5432);
  story.connect(3, app, 8, "127.0.0.1", 6379);
  story.connect(3, app, 9, "::1", 5432);
  story.session.tick(sec(4));
  const labels = [...story.session.graph().nodes.values()].filter(({ kind }) => kind === "destination");
  expect(labels.map(({ label }) => label).sort()).toEqual(["127.0.0.1:5432", "127.0.0.1:6379", "[::1]:5432"]);
  expect(story.flow(7).naming).toMatchObject({ name: null, source: null, candidates: [], isContradicted: false });
  expect(story.flow(7).naming.evidence).toEqual([{ name: "localhost", source: "own-lookup", observedAtNs: sec(2) }]);
});

test("a dotted name that a program asked for names a service of this machine", () => {
  const story = tellStory();
  const app = story.exec(1, 100, "/usr/bin/app");
  story.call(2, app, "api.dev.example", ["127.0.0.1"]);
  story.connect(3, app, 7, "127.0.0.1", 8080);
  expect(story.flow(7).naming).toMatchObject({ name: "api.dev.example", source: "own-lookup" });
});

test("the system resolver's log names flows as of the host, without the names met on the way", () => {
  const story = tellStory();
  const app = story.exec(1, 100, "/usr/bin/app");
  const question = (name: string) => ({ class: 1, type: 1, name });
  const reply = {
    parameters: {
      state: "success",
      question: [question("www.example.org")],
      collectedQuestions: [question("cdn.example.net")],
      answer: [
        { raw: rawRecord("www.example.org", 5, wireName("cdn.example.net")) },
        { raw: rawRecord("cdn.example.net", 1, [198, 51, 100, 7]) },
      ],
    },
    continues: true,
  };
  const bytes = text(`${JSON.stringify(reply)}\0`);
  story.session.ingest({ kind: "resolver-monitor", timeNs: sec(2), bytes: bytes.subarray(0, 40) });
  story.session.ingest({ kind: "resolver-monitor", timeNs: sec(2), bytes: bytes.subarray(40) });
  story.connect(3, app, 7, ADDRESS);
  expect(story.flow(7).naming.evidence).toEqual([
    { name: "www.example.org", source: "host-answer", observedAtNs: sec(2) },
  ]);
});

test("an answer of the system resolver holds for its TTL, as any other", () => {
  const story = tellStory();
  const app = story.exec(1, 100, "/usr/bin/app");
  const tell = (at: number, name: string): void => {
    const parameters = {
      state: "success",
      question: [{ class: 1, type: 1, name }],
      answer: [{ raw: rawRecord(name, 1, [198, 51, 100, 7]) }],
    };
    story.session.ingest({
      kind: "resolver-monitor",
      timeNs: sec(at),
      bytes: text(`${JSON.stringify({ parameters, continues: true })}\0`),
    });
  };
  tell(2, "early.example.org");
  story.connect(3, app, 7, ADDRESS);
  tell(120, "late.example.org"); // early.example.org's minute is over
  story.connect(121, app, 8, ADDRESS);
  story.connect(122, app, 9, ADDRESS);
  expect(story.flow(9).naming).toMatchObject({ name: "late.example.org", source: "host-answer" });
});

test("N21: a reverse name is shown for the same destination, and only where there is no other", () => {
  const story = tellStory();
  const app = story.exec(1, 100, "/usr/bin/app");
  story.connect(2, app, 7, ADDRESS);
  story.bytes({
    at: 2.5,
    cookie: 7,
    local: "192.0.2.10",
    localPort: 50_007,
    remote: ADDRESS,
    remotePort: 443,
    bytesSent: 9,
  });
  story.lookUp(2, app, "known.example", ["198.51.100.8"]);
  story.connect(3, app, 8, "198.51.100.8");
  story.session.addReverseName(ADDRESS, "Edge-7.Provider.Example.");
  story.session.addReverseName(ADDRESS, "other.provider.example");
  story.session.addReverseName(ADDRESS, "198.51.100.7");
  story.session.addReverseName("198.51.100.8", "edge-8.provider.example");
  expect(story.flow(7).naming).toMatchObject({ name: "edge-7.provider.example", source: "reverse-dns" });
  expect(story.flow(8).naming).toMatchObject({ name: "known.example", source: "own-answer" });
  const { nodes, edges } = story.session.graph();
  const id = nodeId(`destination:${ADDRESS}`);
  expect(nodes.get(id)).toMatchObject({ label: "edge-7.provider.example", isNamed: true, bytesSent: 9, flowCount: 1 });
  expect(edges.get(edgeId(nodeId("program:/usr/bin/app"), id))).toMatchObject({
    nameSource: "reverse-dns",
    bytesSent: 9,
  });
  // A later flow joins it.
  story.connect(4, app, 9, ADDRESS);
  expect(story.session.graph().nodes.get(id)).toMatchObject({ flowCount: 2 });
});

test("N21: a reverse name gives way to a name the program asks for", () => {
  const story = tellStory();
  const app = story.exec(1, 100, "/usr/bin/app");
  story.connect(2, app, 7, ADDRESS);
  story.session.addReverseName(ADDRESS, "edge-7.provider.example");
  story.lookUp(3, app, "late.example", [ADDRESS]);
  expect(story.flow(7).naming).toMatchObject({ name: "late.example", source: "own-answer" });
});
