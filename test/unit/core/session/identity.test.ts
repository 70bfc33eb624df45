/** Programs in the graph: told apart by where they run, joined where a helper works for its application. */
import { expect, test } from "vitest";
import { PROCESS_FLAG } from "../../../../src/core/event/layout.ts";
import type { ProgramNode } from "../../../../src/core/graph/graph.ts";
import { tellStory } from "../../support/story.ts";

const ID = "3f4e8a1b".repeat(8);
const OTHER = "0badcafe".repeat(8);
const REMOTE = "198.51.100.7";
const POSTGRES = "/usr/lib/postgresql/16/bin/postgres";

type Story = ReturnType<typeof tellStory>;

const programs = ({ session }: Story): ProgramNode[] =>
  [...session.graph().nodes.values()].filter((node) => node.kind === "program");
const labels = (story: Story): string[] =>
  programs(story)
    .map(({ label }) => label)
    .sort();

function inCgroup(story: Story, id: number, path: string): number {
  story.session.ingest({ kind: "cgroups", cgroups: [{ id: String(id), path }] });
  return id;
}

test("the same executable on the machine and in two containers is three programs", () => {
  const story = tellStory();
  const groups = [
    inCgroup(story, 1, "/system.slice/system-postgresql.slice/postgresql@16-main.service"),
    inCgroup(story, 2, `/system.slice/docker-${ID}.scope`),
    inCgroup(story, 3, `/machine.slice/libpod-${OTHER}.scope/container`),
  ];
  for (const [index, cgroupId] of groups.entries()) {
    const process = story.exec(1, 100 + index, POSTGRES, { cgroupId });
    story.connect(2 + index, process, 7 + index, REMOTE, 5432);
  }
  expect(labels(story)).toEqual([
    "postgres",
    "postgres in container 0badcafe0bad",
    "postgres in container 3f4e8a1b3f4e",
  ]);
  expect(programs(story).map(({ exe }) => exe)).toEqual([POSTGRES, POSTGRES, POSTGRES]);
  expect(programs(story).map(({ unit }) => unit?.name ?? null)).toEqual(["postgresql@16-main.service", null, null]);
});

test("a container's name is shown when it becomes known, for the container of that user only", () => {
  const story = tellStory();
  const cgroupId = inCgroup(story, 2, `/system.slice/docker-${ID}.scope`);
  story.connect(2, story.exec(1, 100, POSTGRES, { cgroupId }), 7, REMOTE, 5432);
  story.session.nameContainers([{ id: ID, ownerUid: 1000, name: "forged", image: null }]);
  expect(labels(story)).toEqual(["postgres in container 3f4e8a1b3f4e"]);
  story.session.nameContainers([{ id: ID, ownerUid: null, name: "web-db", image: "postgres:16" }]);
  expect(labels(story)).toEqual(["postgres in container web-db"]);
  expect(programs(story)[0]?.container).toEqual({
    runtime: "docker",
    id: ID,
    podId: null,
    ownerUid: null,
    name: "web-db",
    image: "postgres:16",
  });
});

test("the helper's list of containers names them", () => {
  const story = tellStory();
  const cgroupId = inCgroup(story, 2, `/machine.slice/libpod-${ID}.scope/container`);
  story.connect(2, story.exec(1, 100, POSTGRES, { cgroupId }), 7, REMOTE, 5432);
  const bytes = new TextEncoder().encode(JSON.stringify([{ id: ID, names: ["db"] }]));
  story.session.ingest({ kind: "container-list", bytes });
  expect(labels(story)).toEqual(["postgres in container db"]);
});

test("a cgroup's path that comes late moves what was drawn to the container's program", () => {
  const story = tellStory();
  story.connect(2, story.exec(1, 100, POSTGRES, { cgroupId: 2 }), 7, REMOTE, 5432);
  expect(labels(story)).toEqual(["postgres"]);
  inCgroup(story, 2, `/system.slice/docker-${ID}.scope`);
  expect(labels(story)).toEqual(["postgres in container 3f4e8a1b3f4e"]);
});

test("flows of an application's helpers are the application's, which says through whom", () => {
  const story = tellStory();
  const chrome = "/opt/google/chrome/chrome";
  const main = story.exec(1, 100, chrome, { argv: [chrome] });
  story.fork(1.1, main, 101);
  const utility = story.exec(1.2, 101, chrome, { startedAt: 1.1, parent: main, argv: [chrome, "--type=utility"] });
  story.fork(1.3, main, 102);
  const handler = story.exec(1.4, 102, "/opt/google/chrome/chrome_crashpad_handler", { startedAt: 1.3, parent: main });
  story.connect(2, utility, 7, REMOTE);
  story.connect(3, handler, 8, REMOTE);
  expect(labels(story)).toEqual(["chrome"]);
  expect(programs(story)[0]).toMatchObject({
    exe: chrome,
    helpers: ["chrome_crashpad_handler", "utility process"],
    processCount: 2,
  });
});

test("an electron of the system is the application it was given, for its helpers too", () => {
  const story = tellStory();
  const electron = "/usr/lib/electron33/electron";
  const flags = PROCESS_FLAG.snapshot;
  const main = story.exec(1, 100, electron, { flags, argv: [] });
  const utility = story.exec(1, 101, electron, { startedAt: 1.1, parent: main, flags, argv: [] });
  story.connect(2, utility, 7, REMOTE);
  story.session.ingest({
    kind: "process-arguments",
    processes: [
      { pid: 100, argv: ["electron", "/usr/lib/code/out/cli.js"] },
      { pid: 101, argv: ["electron", "--type=utility"] },
    ],
  });
  story.session.ingest({ kind: "live" });
  expect(labels(story)).toEqual(["code/cli.js"]);
});

test("a cgroup that only seems to be a container's is another place, whoever made it", () => {
  const story = tellStory();
  const user = "/user.slice/user-1000.slice/user@1000.service/app.slice";
  const paths = [
    `/system.slice/docker-${ID}.scope`,
    `${user}/docker-${ID}.scope`,
    `/system.slice/delegated.service/docker-${ID}.scope`,
    `${user}/app-flatpak-org.example.App-1.scope`,
    `${user.replaceAll("1000", "1001")}/app-flatpak-org.example.App-1.scope`,
  ];
  for (const [index, path] of paths.entries()) {
    const process = story.exec(1, 100 + index, POSTGRES, { cgroupId: inCgroup(story, 50 + index, path) });
    story.connect(2, process, 7 + index, REMOTE, 5432);
  }
  expect(programs(story)).toHaveLength(5);
});

test("a container's processes in cgroups of their own are one program", () => {
  const story = tellStory();
  for (const [index, inner] of ["", "/init.scope", "/system.slice/a.service"].entries()) {
    const cgroupId = inCgroup(story, 50 + index, `/lxc.payload.web${inner}`);
    story.connect(2, story.exec(1, 100 + index, POSTGRES, { cgroupId }), 7 + index, REMOTE, 5432);
  }
  expect(labels(story)).toEqual(["postgres in container web"]);
});

test("an executable that was gone when we started is told while its process runs", () => {
  const story = tellStory();
  const app = story.exec(1, 100, "/usr/bin/app", { flags: PROCESS_FLAG.snapshot, argv: [] });
  story.connect(2, app, 7, REMOTE);
  story.session.ingest({ kind: "process-arguments", processes: [{ pid: 100, argv: ["app"], isExeDeleted: true }] });
  expect(programs(story)[0]?.isExeDeleted).toBe(true);
  story.exit(3, app);
  expect(programs(story)[0]?.isExeDeleted).toBe(false);
});

test("an executable that was gone at its start is told, whatever the helper cannot see of it", () => {
  const story = tellStory();
  const flags = PROCESS_FLAG.snapshot | PROCESS_FLAG.exeDeleted;
  story.connect(2, story.exec(1, 100, "/memfd:app", { flags, argv: [] }), 7, REMOTE);
  story.session.ingest({ kind: "process-arguments", processes: [{ pid: 100, argv: ["app"] }] });
  story.connect(2, story.exec(1, 101, "/tmp/gone", { flags: PROCESS_FLAG.exec | PROCESS_FLAG.exeDeleted }), 8, REMOTE);
  story.connect(2, story.exec(1, 102, "/usr/bin/there"), 9, REMOTE);
  expect(programs(story).map(({ isExeDeleted }) => isExeDeleted)).toEqual([true, true, false]);
});
