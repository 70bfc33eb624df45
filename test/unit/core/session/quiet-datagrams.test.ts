/** Datagram sockets that say nothing for minutes: time keeping, keep-alives. Their flow ends, the socket lives on. */
import { expect, test } from "vitest";
import { edgeId, nodeId } from "../../../../src/core/model/ids.ts";
import { CLIENT, type Story, sec, tellStory } from "../../support/story.ts";

const REMOTE = "198.51.100.123";
const ends = { local: CLIENT, localPort: 40_123, remote: REMOTE, remotePort: 123, protocol: "udp" as const };
const edge = edgeId(nodeId("program:/usr/sbin/chronyd"), nodeId(`destination:${REMOTE}`));

/** One exchange, then two quiet minutes: the flow has ended. */
function quietChrony(): Story {
  const story = tellStory();
  const chronyd = story.exec(1, 100, "/usr/sbin/chronyd");
  story.open({ at: 2, owner: chronyd, cookie: 9, origin: "connect", ...ends });
  story.bytes({
    at: 3,
    cookie: 9,
    ...ends,
    run: 1,
    bytesSent: 48,
    bytesReceived: 48,
    packetsSent: 1,
    packetsReceived: 1,
  });
  story.session.tick(sec(130));
  expect(story.ended.map(({ flow }) => flow.key)).toEqual([`9/${REMOTE}:123`]);
  return story;
}

test.each([135, 200])("a socket that speaks again after two quiet minutes (at %i s) is still its program's", (at) => {
  const story = quietChrony();
  if (at > 150) for (const nowSec of [141, 152, 163]) story.session.tick(sec(nowSec));
  story.bytes({ at, cookie: 9, ...ends, run: 1, bytesSent: 96, bytesReceived: 96, packetsSent: 2, packetsReceived: 2 });
  expect(story.session.flowsOfEdge(edge, 9)[0]).toMatchObject({ bytesSent: 48, bytesReceived: 48, state: "open" });
  expect(story.session.graph().edges.get(edge)).toMatchObject({ bytesSent: 96, bytesReceived: 96, flowCount: 2 });
  expect(story.session.coverage().unattributedFlows).toBe(0);
  story.session.finish();
  expect(story.ended.map(({ flow }) => flow.key)).toEqual([`9/${REMOTE}:123`, `9/${REMOTE}:123#2`]);
});

test("a quiet socket that is closed without another datagram makes no second flow", () => {
  const story = quietChrony();
  for (const nowSec of [141, 152, 163]) story.session.tick(sec(nowSec));
  story.bytes({
    ...{ at: 200, cookie: 9, ...ends, run: 1, isFinal: true },
    ...{ bytesSent: 48, bytesReceived: 48, packetsSent: 1, packetsReceived: 1 },
  });
  story.session.finish();
  expect(story.ended).toHaveLength(1);
  expect(story.session.graph().edges.size).toBe(1);
  expect(story.session.graph().edges.get(edge)).toMatchObject({ bytesSent: 48, bytesReceived: 48, flowCount: 1 });
});
