/** What anyone on the link, or any local program with a port 5353 of its own, can make of another program's flows. */
import { expect, test } from "vitest";
import { CLIENT, dnsAnswer, tellStory } from "../../support/story.ts";

const ADDRESS = "198.51.100.7";

function forge(localPort: number) {
  const story = tellStory();
  const app = story.exec(1, 100, "/usr/bin/app");
  story.lookUp(2, app, "telemetry.example.org", [ADDRESS]);
  story.connect(3, app, 7, ADDRESS);
  story.payload({
    at: 4,
    owner: app,
    cookie: 60,
    local: CLIENT,
    localPort,
    remote: "192.0.2.66",
    remotePort: 5353,
    protocol: "udp",
    kind: "dns-datagram",
    direction: "in",
    data: dnsAnswer(0, "harmless.local", [], [ADDRESS]),
  });
  const other = story.exec(4.5, 200, "/usr/bin/other");
  story.connect(5, app, 8, ADDRESS);
  story.connect(5, other, 9, ADDRESS);
  return story;
}

test("an announcement that a program did not ask for is no word of its own against what it asked for", () => {
  const story = forge(5353);
  expect(story.flow(8).naming).toMatchObject({
    name: "telemetry.example.org",
    source: "own-answer",
    evidence: [
      { name: "telemetry.example.org", source: "own-answer" },
      { name: "harmless.local", source: "host-answer" },
    ],
  });
});

test("an announcement to a socket that does not listen for any names nothing, and is counted", () => {
  const story = forge(40_000);
  expect(story.flow(8).naming.evidence.map(({ name }) => name)).toEqual(["telemetry.example.org"]);
  expect(story.flow(9).naming).toMatchObject({ name: "telemetry.example.org", source: "host-answer" });
  expect(story.session.coverage().ignored).toEqual({ "unasked-answers": 1 });
});
