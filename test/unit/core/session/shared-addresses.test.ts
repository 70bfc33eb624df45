/** One address under several names: told apart by what was asked and not used yet, by TTL, or not at all (N4, N5). */
import { describe, expect, test } from "vitest";
import { edgeId, nodeId } from "../../../../src/core/model/ids.ts";
import { sec, tellStory } from "../../support/story.ts";

const ADDRESS = "198.51.100.7";
const A = "a.example.org";
const B = "b.example.org";
const C = "c.example.org";

/** Each step is a name asked for, or "connect"; ten seconds apart, TTL 60 s unless given. */
function play(steps: readonly (string | { readonly name: string; readonly ttlSec: number })[], gapSec = 10) {
  const story = tellStory();
  const app = story.exec(1, 100, "/usr/bin/app");
  let at = 2;
  let cookie = 0;
  for (const step of steps) {
    at += gapSec;
    if (step === "connect") {
      cookie += 1;
      story.connect(at, app, cookie, ADDRESS);
    } else if (typeof step === "string") story.lookUp(at, app, step, [ADDRESS]);
    else story.lookUp(at, app, step.name, [ADDRESS], step.ttlSec);
  }
  const { name, source, candidates } = story.flow(cookie).naming;
  return { name, source, candidates };
}

const named = (name: string) => ({ name, source: "own-answer", candidates: [] });
const open = (...candidates: string[]) => ({ name: null, source: "own-answer", candidates });

describe("the last connect of", () => {
  test.each([
    // One name is the name, however old or used.
    [[A, "connect"], named(A)],
    [[A, "connect", "connect"], named(A)],
    // N4: asked and not used yet.
    [[A, "connect", B, "connect"], named(B)],
    [[A, "connect", B, "connect", A, "connect"], named(A)],
    [[A, "connect", B, "connect", C, "connect"], named(C)],
    // Both unused: nothing tells them apart; the newer is likelier.
    [[A, B, "connect"], open(B, A)],
    [[A, B, C, "connect"], open(C, B, A)],
    // Both used, both within their TTL.
    [[A, "connect", B, "connect", "connect"], open(B, A)],
    [[A, B, "connect", "connect"], open(B, A)],
    // One used, two not.
    [[A, "connect", B, C, "connect"], open(C, B)],
    // Both used, one within its TTL.
    [[{ name: A, ttlSec: 1 }, "connect", B, "connect", "connect"], named(B)],
    // Both unused, one within its TTL.
    [[{ name: A, ttlSec: 1 }, "x.example.org", B, "connect"], open(B, "x.example.org")],
    [[{ name: A, ttlSec: 1 }, { name: B, ttlSec: 1 }, C, "connect"], named(C)],
    // None within its TTL: the one not used yet, else neither.
    [[{ name: A, ttlSec: 0 }, "connect", { name: B, ttlSec: 0 }, "connect", "connect"], open(B, A)],
  ] as const)("%j", (steps, expected) => {
    expect(play(steps, steps.some((step) => typeof step !== "string" && step.ttlSec === 0) ? 20 : 12)).toEqual(
      expected,
    );
  });
});

test("an answer may be used for its TTL and ten seconds, to the second", () => {
  const last = (at: number) => {
    const story = tellStory();
    const app = story.exec(1, 100, "/usr/bin/app");
    story.lookUp(2, app, A, [ADDRESS], 60);
    story.connect(3, app, 1, ADDRESS);
    story.lookUp(60, app, B, [ADDRESS], 3600);
    story.connect(61, app, 2, ADDRESS);
    story.connect(at, app, 3, ADDRESS);
    return story.flow(3).naming;
  };
  expect(last(72)).toMatchObject({ name: null, candidates: [B, A] });
  expect(last(72.1)).toMatchObject({ name: B, candidates: [] });
});

test("names that cannot be told apart are one destination, whatever their order, and the evidence says how each is known", () => {
  const story = tellStory({ [A]: "telemetry", [B]: "telemetry" });
  const app = story.exec(1, 100, "/usr/bin/app");
  const other = story.exec(1, 200, "/usr/bin/other");
  story.lookUp(2, app, A, [ADDRESS]);
  story.lookUp(3, app, B, [ADDRESS]);
  story.lookUp(2, other, B, [ADDRESS]);
  story.lookUp(3, other, A, [ADDRESS]);
  story.connect(4, app, 1, ADDRESS);
  story.connect(4, other, 2, ADDRESS);
  const { nodes, edges } = story.session.graph();
  const id = nodeId(`destination:${A}|${B}`);
  expect(nodes.get(id)).toMatchObject({
    label: `${B} or ${A}`,
    isNamed: true,
    candidates: [B, A],
    programCount: 2,
    category: "telemetry",
    isSuspected: true,
  });
  expect(edges.get(edgeId(nodeId("program:/usr/bin/app"), id))).toMatchObject({
    nameSource: "own-answer",
    nameObservedAtNs: sec(3.01),
    nameAgeNs: sec(0.99),
    otherNames: [
      { name: B, source: "own-answer", observedAtNs: sec(3.01) },
      { name: A, source: "own-answer", observedAtNs: sec(2.01) },
    ],
    verdict: { category: "telemetry", confidence: "suspected" },
  });
});

test("candidates for different things are judged as unknown", () => {
  const story = tellStory({ [A]: "telemetry", [B]: "content" });
  const app = story.exec(1, 100, "/usr/bin/app");
  story.lookUp(2, app, A, [ADDRESS]);
  story.lookUp(3, app, B, [ADDRESS]);
  story.connect(4, app, 1, ADDRESS);
  expect(story.flow(1).verdict).toMatchObject({
    category: "unknown",
    confidence: "none",
    evidence: `It is ${B} or ${A}, and they are for different things.`,
  });
});

test("of four candidates the label names one", () => {
  const story = tellStory();
  const app = story.exec(1, 100, "/usr/bin/app");
  for (const [index, name] of [A, B, C, "d.example.org"].entries()) story.lookUp(2 + index, app, name, [ADDRESS]);
  story.connect(9, app, 1, ADDRESS);
  const labels = [...story.session.graph().nodes.values()].map(({ label }) => label);
  expect(labels).toContain("d.example.org or 3 others");
});

test("a socket that probes for its source address uses no answer up", () => {
  const story = tellStory();
  const app = story.exec(1, 100, "/usr/bin/app");
  story.lookUp(2, app, A, [ADDRESS]);
  story.connect(3, app, 1, ADDRESS);
  story.lookUp(4, app, B, [ADDRESS]);
  // musl's getaddrinfo connects a UDP socket to each address and sends nothing (RFC 6724).
  story.open({
    at: 4.1,
    owner: app,
    cookie: 9,
    origin: "connect",
    remote: ADDRESS,
    remotePort: 65_535,
    protocol: "udp",
  });
  story.connect(5, app, 2, ADDRESS);
  expect(story.flow(2).naming.name).toBe(B);
});

test("QUIC's first datagram uses an answer up", () => {
  const story = tellStory();
  const app = story.exec(1, 100, "/usr/bin/app");
  const quic = { cookie: 9, remote: ADDRESS, remotePort: 443, protocol: "udp" as const };
  story.lookUp(2, app, A, [ADDRESS]);
  story.open({ at: 3, owner: app, origin: "connect", ...quic });
  story.bytes({ at: 3.1, ...quic, packetsSent: 1, bytesSent: 1200, run: 1 });
  story.lookUp(4, app, B, [ADDRESS]);
  story.connect(5, app, 2, ADDRESS);
  expect(story.flow(9).naming.name).toBe(A);
  expect(story.flow(2).naming.name).toBe(B);
});

test("another program's connection does not use up this one's answer", () => {
  const story = tellStory();
  const app = story.exec(1, 100, "/usr/bin/app");
  const other = story.exec(1, 200, "/usr/bin/other");
  story.lookUp(2, app, A, [ADDRESS]);
  story.connect(3, app, 1, ADDRESS);
  story.lookUp(4, app, B, [ADDRESS]);
  story.connect(4.5, other, 5, ADDRESS);
  story.connect(5, app, 2, ADDRESS);
  expect(story.flow(2).naming.name).toBe(B);
});

test("of strangers' names the one whose asker has not connected yet is taken", () => {
  const story = tellStory();
  const one = story.exec(1, 100, "/usr/bin/one");
  const broker = story.exec(1, 200, "/usr/bin/broker");
  const app = story.exec(1, 300, "/usr/bin/app");
  story.lookUp(2, one, A, [ADDRESS]);
  story.connect(3, one, 1, ADDRESS);
  story.lookUp(4, broker, B, [ADDRESS]);
  story.connect(5, app, 2, ADDRESS);
  expect(story.flow(2).naming).toMatchObject({ name: B, source: "host-answer" });
  expect(story.flow(2).naming.evidence[1]).toMatchObject({ name: A, source: "host-answer" });
});

test("asking again later takes no name from a flow that is named anew", () => {
  const story = tellStory();
  const app = story.exec(1, 100, "/usr/bin/app");
  story.lookUp(2, app, A, [ADDRESS]);
  const parent = story.exec(1, 400, "/usr/bin/parent");
  story.lookUp(2, parent, "parent.example.org", ["198.51.100.9"]);
  const child = story.fork(3, parent, 401);
  // The parent's repeated question does not undo what the child inherited.
  story.lookUp(50, parent, "parent.example.org", ["198.51.100.9"]);
  story.connect(60, child, 1, "198.51.100.9");
  expect(story.flow(1).naming).toMatchObject({ name: "parent.example.org", source: "inherited-answer" });
  expect(story.flow(1).naming.evidence[0]?.observedAtNs).toBe(sec(2.01));
});

test("one answer names so many addresses and no more, so that a few cannot push out what others were told", () => {
  const story = tellStory();
  const app = story.exec(1, 100, "/usr/bin/app");
  const addresses = Array.from({ length: 100 }, (_, index) => `203.0.113.${index}`);
  story.lookUp(2, app, "pool.example.org", addresses);
  story.connect(3, app, 7, "203.0.113.63");
  story.connect(3, app, 8, "203.0.113.64");
  expect([7, 8].map((cookie) => story.flow(cookie).naming.name)).toEqual(["pool.example.org", null]);
  expect(story.session.coverage().loss.core).toEqual({ "evicted-answers": 36 });
});
