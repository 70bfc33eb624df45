/** Who a flow belongs to: exec, fork, reused pids, late and missing processes. */
import { expect, test } from "vitest";
import { PROCESS_FLAG } from "../../../../src/core/event/layout.ts";
import { nodeId } from "../../../../src/core/model/ids.ts";
import { CLIENT, sec, tellStory } from "../../support/story.ts";

const REMOTE = "198.51.100.7";
const ends = { local: CLIENT, localPort: 50_007, remote: REMOTE, remotePort: 443 };

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
    { pid: 101, exe: "/usr/bin/make", argv: ["/usr/bin/make"] },
    { pid: 100, exe: "/usr/bin/bash", argv: ["/usr/bin/bash"] },
  ]);
});

test("children told before their parents are linked when the snapshot is complete", () => {
  const story = tellStory();
  const parent = { pid: 100, startNs: sec(1), key: "" as never };
  const flags = PROCESS_FLAG.snapshot;
  const child = story.exec(5, 101, "/usr/bin/child", { startedAt: 2, parent, flags });
  story.exec(5, 100, "/usr/bin/parent", { startedAt: 1, flags });
  story.session.ingest({ kind: "live" });
  expect(story.session.snapshot().processes.get(child.key)?.ancestors).toMatchObject([
    { pid: 100, exe: "/usr/bin/parent" },
  ]);
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

test("a better-known owner brings its own names: those of the first guess are no longer the program's own", () => {
  const story = tellStory();
  const guessed = story.exec(1, 100, "/usr/bin/guessed");
  const app = story.exec(1, 200, "/usr/bin/app");
  story.lookUp(1.5, guessed, "guessed.example.org", [REMOTE]);
  story.lookUp(1.6, app, "app.example.org", [REMOTE]);
  story.open({ at: 2, owner: guessed, cookie: 7, origin: "packet", ...ends });
  expect(story.flow(7).naming).toMatchObject({ name: "guessed.example.org", source: "own-answer" });
  story.open({ at: 2, owner: app, cookie: 7, origin: "connect", ...ends });
  expect(story.flow(7).naming.evidence).toMatchObject([
    { name: "app.example.org", source: "own-answer" },
    { name: "guessed.example.org", source: "host-answer" },
  ]);
});
