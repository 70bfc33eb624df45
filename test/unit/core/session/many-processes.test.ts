/** More processes than the table holds: who is let go of, and who must not be. */
import { expect, test } from "vitest";
import { CLIENT, sec, tellStory } from "../../support/story.ts";

const TABLE_SIZE = 65_536;

test("a flood of short-lived processes does not make a running service unknown", () => {
  const story = tellStory();
  const service = story.exec(1, 100, "/usr/sbin/service");
  const shell = story.exec(1, 101, "/usr/bin/sh");
  for (let index = 0; index < TABLE_SIZE + 10; index += 1) {
    const at = 2 + index / 2000;
    story.exit(at + 0.0001, story.fork(at, shell, 1000 + index));
  }
  expect(story.session.coverage().loss.core).toEqual({ "evicted-processes": 12 });
  story.open({
    at: 50,
    owner: service,
    cookie: 7,
    origin: "connect",
    local: CLIENT,
    remote: "198.51.100.7",
    remotePort: 443,
  });
  const { processes } = story.session.snapshot();
  expect(processes.get(service.key)).toMatchObject({ exe: "/usr/sbin/service" });
});

test("an ended process is known for a minute, by its own pid even when that is used again", () => {
  const story = tellStory();
  const first = story.exec(1, 100, "/usr/bin/first");
  story.connect(2, first, 7, "198.51.100.7");
  story.exit(3, first);
  const second = story.exec(4, 100, "/usr/bin/second");
  story.connect(5, second, 8, "198.51.100.8");
  story.session.tick(sec(30));
  const { processes, flows } = story.session.snapshot();
  expect(flows.map(({ process }) => process)).toEqual([first.key, second.key]);
  expect(processes.get(first.key)).toMatchObject({ exe: "/usr/bin/first", exitedAtNs: sec(3) });
  expect(processes.get(second.key)).toMatchObject({ exe: "/usr/bin/second", exitedAtNs: null });
  expect(story.flow(7)).toMatchObject({ process: first.key });
});
