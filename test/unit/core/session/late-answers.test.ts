/** N20: answers that come after the connect. */
import { expect, test } from "vitest";
import { CLIENT, sec, tellStory } from "../../support/story.ts";

const ADDRESS = "198.51.100.7";

test("N20: an answer shortly after the connect names the flow and moves its edge", () => {
  const story = tellStory();
  const app = story.exec(1, 100, "/usr/bin/app");
  story.connect(3, app, 7, ADDRESS);
  story.bytes({
    at: 3.2,
    cookie: 7,
    local: CLIENT,
    localPort: 50_007,
    remote: ADDRESS,
    remotePort: 443,
    bytesSent: 500,
  });
  expect([...story.session.graph().nodes.keys()]).toContain(`destination:${ADDRESS}`);
  story.lookUp(4, app, "late.example.org", [ADDRESS]);
  expect(story.flow(7).naming).toMatchObject({ name: "late.example.org", source: "own-answer" });
  const graph = story.session.graph();
  expect([...graph.nodes.keys()]).not.toContain(`destination:${ADDRESS}`);
  expect([...graph.edges.values()].find(({ target }) => target === "destination:late.example.org")).toMatchObject({
    bytesSent: 500,
    flowCount: 1,
    openCount: 1,
  });
});

test("N20: a late answer names a flow that has ended meanwhile", () => {
  const story = tellStory();
  const app = story.exec(1, 100, "/usr/bin/app");
  story.connect(3, app, 7, ADDRESS);
  story.state({
    at: 3.1,
    cookie: 7,
    local: CLIENT,
    localPort: 50_007,
    remote: ADDRESS,
    remotePort: 443,
    newState: 7,
    bytesSent: 80,
  });
  story.session.tick(sec(4.5));
  expect(story.ended).toHaveLength(1);
  story.lookUp(5, app, "late.example.org", [ADDRESS]);
  const edge = [...story.session.graph().edges.values()].find(
    ({ target }) => target === "destination:late.example.org",
  );
  expect(edge).toMatchObject({ bytesSent: 80, flowCount: 1 });
});

test("N20: an answer that comes much later does not rename", () => {
  const story = tellStory();
  const app = story.exec(1, 100, "/usr/bin/app");
  story.connect(3, app, 7, ADDRESS);
  story.lookUp(9, app, "unrelated.example.org", [ADDRESS]);
  expect(story.flow(7).naming.name).toBe(null);
});

test("a late answer does not take the place of an own name from before", () => {
  const story = tellStory();
  const app = story.exec(1, 100, "/usr/bin/app");
  story.lookUp(2, app, "early.example.org", [ADDRESS]);
  story.connect(3, app, 7, ADDRESS);
  story.lookUp(4, app, "late.example.org", [ADDRESS]);
  expect(story.flow(7).naming.name).toBe("early.example.org");
});

test("a stranger's name gives way to the program's own late answer", () => {
  const story = tellStory();
  const stranger = story.exec(1, 200, "/usr/bin/stranger");
  const app = story.exec(1, 100, "/usr/bin/app");
  story.lookUp(2, stranger, "stranger.example.org", [ADDRESS]);
  story.connect(3, app, 7, ADDRESS);
  expect(story.flow(7).naming).toMatchObject({ name: "stranger.example.org", source: "host-answer" });
  story.lookUp(4, app, "own.example.org", [ADDRESS]);
  expect(story.flow(7).naming).toMatchObject({ name: "own.example.org", source: "own-answer" });
});
