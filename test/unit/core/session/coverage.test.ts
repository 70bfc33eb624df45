/** What is seen and not seen, as it changes while watching. */
import { expect, test } from "vitest";
import type { Feature } from "../../../../src/core/model/coverage.ts";
import { tellStory } from "../../support/story.ts";

const feature = (id: string, isAttached: boolean): Feature => ({
  id,
  isAttached,
  reason: isAttached ? null : "because",
  unseen: `what ${id} sees`,
});

const hello = (features: readonly Feature[]) => ({
  kind: "hello" as const,
  hello: {
    protocolVersion: 1,
    abiVersion: 1,
    telltaleVersion: "test",
    kernelRelease: "6.1",
    architecture: "x64",
    bootWallMs: 0,
    startedAtNs: 1,
    features,
  },
});

test("features told later replace those of the hello by id, in their place, or come behind them", () => {
  const story = tellStory();
  story.session.ingest(hello([feature("connect4", true), feature("libc:/usr/lib/libc.so.6", false)]));
  story.session.addGap(feature("rules", false));
  story.session.ingest({ kind: "features", features: [feature("libc:/usr/lib/libc.so.6", true)] });
  story.session.ingest({ kind: "features", features: [feature("resolver-monitor", false)] });
  story.session.ingest({ kind: "features", features: [feature("resolver-monitor", true)] });
  expect(story.session.coverage().features.map(({ id, isAttached }) => [id, isAttached])).toEqual([
    ["connect4", true],
    ["libc:/usr/lib/libc.so.6", true],
    ["resolver-monitor", true],
    ["rules", false],
  ]);
});

test("what the system resolver's log says that cannot be read is counted", () => {
  const story = tellStory();
  const bytes = new TextEncoder().encode("not json\0");
  story.session.ingest({ kind: "resolver-monitor", timeNs: 1, bytes });
  expect(story.session.coverage().ignored).toEqual({ "malformed-monitor": 1 });
});

test("a lost piece of a request is counted with the losses", () => {
  const story = tellStory();
  const app = story.exec(1, 100, "/usr/bin/app");
  story.connect(2, app, 7, "198.51.100.7", 80);
  const say = (text: string, streamOffset: number): void =>
    story.say(2.1, app, 7, "198.51.100.7", { port: 80, data: new TextEncoder().encode(text), streamOffset });
  say("GET / HTTP/1.1\r\n", 0);
  for (let index = 0; index < 20; index += 1) say("x".repeat(1000), 100 + index * 1000);
  expect(story.session.coverage().loss.core).toEqual({ "lost-requests": 1 });
});
