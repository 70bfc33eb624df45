/** N22: what programs asked for, and what came of it. */
import dnsPacket from "dns-packet";
import { describe, expect, test } from "vitest";
import { nodeId } from "../../../../src/core/model/ids.ts";
import type { Lookup } from "../../../../src/core/model/lookup.ts";
import { type Actor, CLIENT, dnsAnswer, SERVER, type Story, sec, tellStory } from "../../support/story.ts";

const ADDRESS = "198.51.100.7";
const APP = nodeId("program:/usr/bin/app");

type Type = "A" | "AAAA" | "HTTPS" | "MX";
type Code = "NOERROR" | "NXDOMAIN" | "SERVFAIL";

const ends = (cookie: number, protocol: "udp" | "tcp" = "udp") => ({
  cookie,
  local: CLIENT,
  localPort: 4000 + cookie,
  remote: SERVER,
  remotePort: 53,
  protocol,
});

interface Line {
  readonly at: number;
  readonly owner: Actor;
  readonly id: number;
  readonly name: string;
  readonly type?: Type;
  readonly cookie?: number;
}

/** dns-packet has no name for HTTPS (RFC 9460): encoded as A, the question's type is written over. */
function encode(packet: dnsPacket.Packet, name: string, type: Type): Uint8Array {
  const data = new Uint8Array(dnsPacket.encode(packet));
  if (type === "HTTPS") data[12 + name.length + 3] = 65;
  return data;
}

const questionOf = (name: string, type: Type): dnsPacket.Question => ({ name, type: type === "HTTPS" ? "A" : type });

function ask(story: Story, { at, owner, id, name, type = "A", cookie = 50 }: Line): void {
  const data = encode({ type: "query", id, questions: [questionOf(name, type)] }, name, type);
  story.payload({ at, owner, ...ends(cookie), kind: "dns-datagram", direction: "out", data });
}

const CODES = { NOERROR: 0, NXDOMAIN: 3, SERVFAIL: 2 } as const;

function answer(story: Story, line: Line & { readonly code?: Code; readonly addresses?: readonly string[] }): void {
  const { at, owner, id, name, type = "A", cookie = 50, code = "NOERROR", addresses = [] } = line;
  const answers = addresses.map((data) => ({
    type: data.includes(":") ? ("AAAA" as const) : ("A" as const),
    name,
    ttl: 60,
    data,
  }));
  const packet = { type: "response" as const, id, flags: CODES[code], questions: [questionOf(name, type)], answers };
  const data = encode(packet, name, type);
  story.payload({ at, owner, ...ends(cookie), kind: "dns-datagram", direction: "in", data });
}

function begin(): { readonly story: Story; readonly app: Actor; readonly lookups: () => readonly Lookup[] } {
  const story = tellStory();
  const app = story.exec(1, 100, "/usr/bin/app");
  story.open({ at: 1.5, owner: app, origin: "connect", ...ends(50) });
  story.connect(1.5, app, 5, "203.0.113.1"); // draws the program
  return { story, app, lookups: () => story.session.lookupsOfProgram(APP, 500) };
}

const counts = (story: Story) => {
  const node = story.session.graph().nodes.get(APP);
  return node?.kind === "program" ? [node.failedLookupCount, node.unfollowedLookupCount] : undefined;
};

describe("packets", () => {
  test("A, AAAA and HTTPS of one name are one lookup, answered if one was", () => {
    const { story, app, lookups } = begin();
    const line = { owner: app, name: "www.example.org" };
    for (const [index, type] of (["A", "AAAA", "HTTPS"] as const).entries())
      ask(story, { ...line, at: 2, id: index, type });
    expect(lookups()[0]).toMatchObject({ outcome: "pending", count: 1 });
    answer(story, { ...line, at: 2.1, id: 1, type: "AAAA" });
    expect(lookups()[0]).toMatchObject({ outcome: "pending" });
    answer(story, { ...line, at: 2.2, id: 0, addresses: [ADDRESS] });
    answer(story, { ...line, at: 2.3, id: 2, type: "HTTPS", code: "SERVFAIL" });
    expect(lookups()).toEqual([
      {
        process: app.key,
        name: "www.example.org",
        via: "dns-udp",
        resolver: `${SERVER}:53`,
        types: ["A", "AAAA", "HTTPS"],
        outcome: "answered",
        failure: null,
        addresses: [ADDRESS],
        firstAskedAtNs: sec(2),
        lastAskedAtNs: sec(2),
        count: 1,
        isFollowed: false,
        isForOthers: false,
      },
    ]);
  });

  test.each([
    ["NXDOMAIN", "A", { outcome: "no-such-name", failure: "NXDOMAIN" }, 1],
    ["SERVFAIL", "A", { outcome: "failed", failure: "SERVFAIL" }, 1],
    ["NOERROR", "A", { outcome: "no-address", failure: null }, 1],
    ["NOERROR", "MX", { outcome: "answered", failure: null }, 0],
  ] as const)("%s to %s", (code, type, expected, failed) => {
    const { story, app, lookups } = begin();
    const line = { owner: app, id: 1, name: "gone.example.org", type };
    ask(story, { ...line, at: 2 });
    answer(story, { ...line, at: 2.1, code });
    story.session.tick(sec(60));
    expect(lookups()[0]).toMatchObject(expected);
    expect(counts(story)).toEqual([failed, 0]);
  });

  test("a failure that is answered at the next server is no failure", () => {
    const { story, app, lookups } = begin();
    ask(story, { at: 2, owner: app, id: 1, name: "www.example.org" });
    answer(story, { at: 2.1, owner: app, id: 1, name: "www.example.org", code: "SERVFAIL" });
    expect(counts(story)).toEqual([1, 0]);
    ask(story, { at: 2.2, owner: app, id: 1, name: "www.example.org", cookie: 51 });
    answer(story, { at: 2.3, owner: app, id: 1, name: "www.example.org", cookie: 51, addresses: [ADDRESS] });
    expect(lookups()[0]).toMatchObject({ outcome: "answered", failure: null, count: 1 });
    expect(counts(story)).toEqual([0, 0]);
  });

  test("asked again much later it is another try, and that one's end counts", () => {
    const { story, app, lookups } = begin();
    ask(story, { at: 2, owner: app, id: 1, name: "www.example.org" });
    answer(story, { at: 2.1, owner: app, id: 1, name: "www.example.org", addresses: [ADDRESS] });
    ask(story, { at: 100, owner: app, id: 2, name: "www.example.org" });
    answer(story, { at: 100.1, owner: app, id: 2, name: "www.example.org", code: "NXDOMAIN" });
    expect(lookups()[0]).toMatchObject({
      outcome: "no-such-name",
      count: 2,
      lastAskedAtNs: sec(100),
      addresses: [ADDRESS],
    });
  });

  test("without any answer in 30 s it is unanswered, however often the packet was repeated", () => {
    const { story, app, lookups } = begin();
    for (const at of [2, 7, 12]) ask(story, { at, owner: app, id: 1, name: "slow.example.org" });
    story.session.tick(sec(41));
    expect(lookups()[0]).toMatchObject({ outcome: "pending", count: 1 });
    story.session.tick(sec(73));
    expect(lookups()[0]).toMatchObject({ outcome: "unanswered", lastAskedAtNs: sec(12) });
    expect(counts(story)).toEqual([1, 0]);
  });

  test("every question of a message is looked up, and its answer names flows", () => {
    const { story, app, lookups } = begin();
    const names = ["one.example.org", "two.example.org"];
    const questions = names.map((name) => ({ type: "A" as const, name }));
    const payload = { owner: app, ...ends(50), kind: "dns-datagram" as const };
    const query = dnsPacket.encode({ type: "query", id: 5, questions });
    story.payload({ at: 2, ...payload, direction: "out", data: new Uint8Array(query) });
    const answers = names.map((name, index) => ({
      type: "A" as const,
      name,
      ttl: 60,
      data: `198.51.100.${7 + index}`,
    }));
    const response = dnsPacket.encode({ type: "response", id: 5, questions, answers });
    story.payload({ at: 2.1, ...payload, direction: "in", data: new Uint8Array(response) });
    expect(lookups().map(({ name, outcome }) => [name, outcome])).toEqual(names.map((name) => [name, "answered"]));
    story.connect(3, app, 7, "198.51.100.7");
    story.connect(3, app, 8, "198.51.100.8");
    expect([7, 8].map((cookie) => story.flow(cookie).naming.name)).toEqual(names);
  });

  test("mDNS lookups are those for addresses, answered by whoever answers", () => {
    const { story, app, lookups } = begin();
    const multicast = {
      owner: app,
      cookie: 60,
      local: CLIENT,
      localPort: 5353,
      remotePort: 5353,
      protocol: "udp" as const,
    };
    const query = (name: string, type: "A" | "PTR"): Uint8Array =>
      new Uint8Array(dnsPacket.encode({ type: "query", id: 0, questions: [{ type, name }] }));
    const out = { ...multicast, kind: "dns-datagram" as const, direction: "out" as const, remote: "224.0.0.251" };
    story.payload({ at: 2, ...out, data: query("printer.local", "A") });
    story.payload({ at: 2, ...out, data: query("_ipp._tcp.local", "PTR") });
    const data = dnsAnswer(0, "printer.local", [], ["192.0.2.77"]);
    story.payload({ at: 2.1, ...out, direction: "in", remote: "192.0.2.77", data });
    expect(lookups()).toMatchObject([
      { name: "printer.local", via: "mdns", outcome: "answered", addresses: ["192.0.2.77"] },
    ]);
  });
});

describe("the C library", () => {
  test.each([
    [0, [ADDRESS], { outcome: "answered", failure: null }],
    [-2, [], { outcome: "no-such-name", failure: "EAI_NONAME" }],
    [-3, [], { outcome: "failed", failure: "EAI_AGAIN" }],
    [-5, [], { outcome: "no-address", failure: "EAI_NODATA" }],
  ])("a call that returns %i", (result, addresses, expected) => {
    const { story, app, lookups } = begin();
    story.call(2, app, "www.example.org", addresses, result);
    expect(lookups()).toMatchObject([
      { name: "www.example.org", via: "libc", resolver: null, types: [], count: 1, ...expected },
    ]);
  });

  test("a call and the packets it sent are one lookup", () => {
    const { story, app, lookups } = begin();
    ask(story, { at: 1.998, owner: app, id: 1, name: "www.example.org" });
    ask(story, { at: 1.998, owner: app, id: 2, name: "www.example.org", type: "AAAA" });
    answer(story, { at: 1.999, owner: app, id: 1, name: "www.example.org", addresses: [ADDRESS] });
    answer(story, { at: 1.999, owner: app, id: 2, name: "www.example.org", type: "AAAA" });
    story.call(2, app, "www.example.org", [ADDRESS]);
    expect(lookups()).toMatchObject([{ via: "dns-udp", outcome: "answered", count: 1 }]);
  });

  test("a call that gave up ends what its packets left open", () => {
    const { story, app, lookups } = begin();
    ask(story, { at: 1.998, owner: app, id: 1, name: "www.example.org" });
    story.call(2, app, "www.example.org", [], -3);
    expect(lookups()).toMatchObject([{ via: "dns-udp", outcome: "failed", failure: "EAI_AGAIN" }]);
    story.session.tick(sec(100));
    expect(lookups()[0]?.outcome).toBe("failed");
  });
});

describe("following", () => {
  test("a connection of the process, before or after it is counted, follows", () => {
    const { story, app, lookups } = begin();
    story.call(2, app, "www.example.org", [ADDRESS]);
    story.session.tick(sec(11));
    expect(counts(story)).toEqual([0, 0]);
    story.session.tick(sec(13));
    expect(counts(story)).toEqual([0, 1]);
    story.connect(14, app, 7, ADDRESS);
    expect(lookups()[0]?.isFollowed).toBe(true);
    expect(counts(story)).toEqual([0, 0]);
  });

  test("a child's connection follows its parent's lookup, a stranger's does not", () => {
    const { story, app, lookups } = begin();
    const stranger = story.exec(1, 900, "/usr/bin/stranger");
    story.call(2, app, "www.example.org", [ADDRESS]);
    story.connect(3, stranger, 7, ADDRESS);
    expect(lookups()[0]?.isFollowed).toBe(false);
    const child = story.fork(3, app, 101);
    story.connect(4, child, 8, ADDRESS);
    expect(lookups()[0]?.isFollowed).toBe(true);
  });

  test("a lookup draws no edge", () => {
    const story = tellStory();
    const app = story.exec(1, 100, "/usr/bin/app");
    story.call(2, app, "www.example.org", [ADDRESS]);
    story.session.tick(sec(60));
    expect(story.session.graph().edges.size).toBe(0);
    expect(story.session.snapshot().lookups).toHaveLength(1);
  });

  test("who answers the lookups of others leads nobody anywhere by its own", () => {
    const { story, app, lookups } = begin();
    const inbound = {
      owner: app,
      cookie: 70,
      local: CLIENT,
      localPort: 53,
      remote: "192.0.2.99",
      remotePort: 41_000,
      protocol: "udp" as const,
    };
    story.open({ at: 1.6, origin: "packet", direction: "in", ...inbound });
    const query = dnsPacket.encode({ type: "query", id: 3, questions: [{ type: "A", name: "www.example.org" }] });
    story.payload({ at: 1.6, ...inbound, kind: "dns-datagram", direction: "in", data: new Uint8Array(query) });
    ask(story, { at: 2, owner: app, id: 1, name: "www.example.org" });
    answer(story, { at: 2.1, owner: app, id: 1, name: "www.example.org", addresses: [ADDRESS] });
    story.session.tick(sec(60));
    expect(lookups()).toMatchObject([{ outcome: "answered", isFollowed: false, isForOthers: true }]);
    expect(counts(story)).toEqual([0, 0]);
  });
});

describe("whose lookups they are", () => {
  test("those of all processes of a program, newest first, at most as many as wanted", () => {
    const { story, app } = begin();
    const second = story.exec(1, 101, "/usr/bin/app");
    const other = story.exec(1, 200, "/usr/bin/other");
    story.call(2, app, "one.example.org", [], -2);
    story.call(3, second, "two.example.org", [], -2);
    story.call(4, other, "three.example.org", [], -2);
    const names = (limit: number) => story.session.lookupsOfProgram(APP, limit).map(({ name }) => name);
    expect(names(500)).toEqual(["two.example.org", "one.example.org"]);
    expect(names(1)).toEqual(["two.example.org"]);
    expect(story.session.snapshot().lookups.map(({ name }) => name)).toEqual([
      "three.example.org",
      "two.example.org",
      "one.example.org",
    ]);
    expect(counts(story)).toEqual([2, 0]);
  });

  test("arguments that come late take lookups to the script they belong to", () => {
    const story = tellStory();
    const python = story.exec(1, 100, "/usr/bin/python3", { flags: 2, argv: [] });
    story.connect(1.5, python, 5, "203.0.113.1");
    story.call(2, python, "gone.example.org", [], -2);
    story.session.ingest({ kind: "process-arguments", processes: [{ pid: 100, argv: ["python3", "/opt/sync.py"] }] });
    const id = nodeId("program:/usr/bin/python3 /opt/sync.py");
    expect(story.session.lookupsOfProgram(id, 10)).toHaveLength(1);
    expect(story.session.graph().nodes.get(id)).toMatchObject({ failedLookupCount: 1 });
  });
});

test("a process keeps its newest 512 lookups, and what went is counted", () => {
  const { story, app, lookups } = begin();
  for (let index = 0; index < 600; index += 1) story.call(2 + index / 100, app, `n${index}.example.org`, [], -2);
  expect(story.session.lookupsOfProgram(APP, 1000)).toHaveLength(512);
  expect(lookups()[0]?.name).toBe("n599.example.org");
  expect(story.session.coverage().loss.core).toEqual({ "evicted-lookups": 88 });
  expect(counts(story)).toEqual([512, 0]);
});

test("lookups are forgotten after a day, with what they count for", () => {
  const { story, app, lookups } = begin();
  story.call(2, app, "gone.example.org", [], -2);
  story.session.tick(sec(24 * 3600 - 10));
  expect(lookups()).toHaveLength(1);
  story.session.tick(sec(24 * 3600 + 20));
  expect(lookups()).toEqual([]);
  expect(counts(story)).toEqual([0, 0]);
});
