import { expect, it } from "vitest";
import { type FlowOwnerFields, flowOwnerRecord } from "../../support/encode-records.ts";
import { CLIENT, type Story, sec, tellStory } from "../../support/story.ts";

const REMOTE = "198.51.100.7";
const ends = { remote: REMOTE, remotePort: 50_123, local: CLIENT, localPort: 80 };

const use = (story: Story, at: number, fields: Omit<FlowOwnerFields, "timeNs">): void =>
  story.write(flowOwnerRecord({ timeNs: sec(at), ...fields }));

it("gives an accepted connection to the worker that serves it, not to the master that listens", () => {
  const story = tellStory();
  const master = story.exec(1, 100, "/usr/sbin/master");
  const worker = story.fork(2, master, 101);
  story.open({ at: 3, owner: master, cookie: 7, origin: "accept", ...ends });
  use(story, 3.1, { owner: worker, cookie: 7, ...ends });
  expect(story.flow(7)).toMatchObject({ process: worker.key, openedBy: null });
});

it("says who opened a connection that was passed on, and keeps the name that one had looked up", () => {
  const story = tellStory();
  const broker = story.exec(1, 100, "/usr/bin/broker");
  const worker = story.exec(1, 101, "/usr/bin/worker");
  story.ask(2, broker, 5, 1, "passed.example");
  story.answer(broker, { at: 2.1, cookie: 5, id: 1, name: "passed.example", addresses: [REMOTE] });
  story.connect(3, broker, 7, REMOTE);
  use(story, 4, { owner: worker, cookie: 7, remote: REMOTE, remotePort: 443 });
  const flow = story.flow(7);
  expect(flow).toMatchObject({
    process: worker.key,
    openedBy: { pid: 100, startTimeNs: broker.startNs, exe: "/usr/bin/broker", comm: "broker" },
  });
  expect(flow.naming).toMatchObject({ name: "passed.example", source: "own-answer" });
});

it("keeps the first of several that a socket was passed through", () => {
  const story = tellStory();
  const [first, second, third] = ["first", "second", "third"].map((name, at) =>
    story.exec(1, 100 + at, `/bin/${name}`),
  );
  if (first === undefined || second === undefined || third === undefined) throw new Error("three programs");
  story.connect(3, first, 7, REMOTE);
  use(story, 4, { owner: second, cookie: 7, wasUsed: true, remote: REMOTE, remotePort: 443 });
  use(story, 5, { owner: third, cookie: 7, wasUsed: true, remote: REMOTE, remotePort: 443 });
  expect(story.flow(7)).toMatchObject({ process: third.key, openedBy: { exe: "/bin/first" } });
});

it("gives a connection kept over exec to the program that uses it", () => {
  const story = tellStory();
  const before = story.exec(1, 100, "/usr/bin/before");
  story.connect(2, before, 7, REMOTE);
  const after = story.exec(3, 100, "/usr/bin/after", { startedAt: 1 });
  use(story, 3.1, { owner: after, cookie: 7, wasUsed: true, remote: REMOTE, remotePort: 443 });
  expect(story.flow(7).openedBy).toMatchObject({ pid: 100, exe: "/usr/bin/before" });
  expect([...story.session.graph().nodes.values()].map(({ label }) => label)).toContain("after");
});

it("is not misled by a process that only calls itself something else", () => {
  const story = tellStory();
  const app = story.exec(1, 100, "/usr/bin/app");
  story.connect(2, app, 7, REMOTE);
  use(story, 3, { owner: { ...app, comm: "worker-1" }, cookie: 7, wasUsed: true, remote: REMOTE, remotePort: 443 });
  expect(story.flow(7)).toMatchObject({ process: app.key, openedBy: null });
});

it("takes no owner from a record of an unknown socket", () => {
  const story = tellStory();
  use(story, 3, { owner: { pid: 5, startNs: 1 }, cookie: 99, ...ends });
  expect(story.session.snapshot().flows).toEqual([]);
});

it("gives datagrams to one remote to the process that sends on the shared socket now", () => {
  const story = tellStory();
  const first = story.exec(1, 100, "/usr/bin/first");
  const second = story.fork(2, first, 101);
  const datagrams = { cookie: 7, origin: "send", remote: REMOTE, remotePort: 53, protocol: "udp" } as const;
  story.open({ at: 3, owner: first, ...datagrams });
  story.open({ at: 4, owner: second, ...datagrams });
  expect(story.flow(7)).toMatchObject({ process: second.key, openedBy: { pid: 100 } });
});
