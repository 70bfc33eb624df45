/** Flows of UDP sockets: one for each remote, and an end that is a silence. */
import { expect, test } from "vitest";
import { CLIENT, SERVER, sec, tellStory } from "../../support/story.ts";

const REMOTE = "198.51.100.7";
const ends = { local: CLIENT, localPort: 50_007, remote: REMOTE, remotePort: 443 };

test("a connected UDP socket that sends nothing contacts nobody", () => {
  const story = tellStory();
  const app = story.exec(1, 100, "/usr/bin/app");
  const udp = { cookie: 7, ...ends, protocol: "udp" as const };
  story.open({ at: 2, owner: app, origin: "connect", ...udp });
  story.bytes({ at: 2.1, ...udp, isFinal: true, run: 1 });
  expect(story.session.graph().nodes.size).toBe(0);
  expect(story.ended).toEqual([]);
});

test("UDP bytes are the sum of the runs with one remote", () => {
  const story = tellStory();
  const app = story.exec(1, 100, "/usr/bin/app");
  const one = { cookie: 7, local: CLIENT, localPort: 5000, remote: REMOTE, remotePort: 443, protocol: "udp" as const };
  const other = { ...one, remote: "198.51.100.8" };
  story.open({ at: 2, owner: app, origin: "send", ...one });
  story.bytes({ at: 2.1, ...one, run: 1, bytesSent: 100, packetsSent: 1 });
  story.bytes({ at: 2.2, ...one, run: 1, bytesSent: 300, bytesReceived: 50, packetsSent: 3, packetsReceived: 1 });
  story.open({ at: 2.3, owner: app, origin: "send", ...other });
  story.bytes({ at: 2.3, ...other, run: 2, bytesSent: 10, packetsSent: 1 });
  story.bytes({ at: 2.4, ...one, run: 3, bytesSent: 1, packetsSent: 1 });
  story.bytes({ at: 2.5, ...one, run: 1, bytesSent: 300, packetsSent: 3 }); // late: a run that is over
  story.bytes({ at: 3, ...one, run: 3, bytesSent: 7, packetsSent: 2, isFinal: true });
  expect(story.ended.map(({ flow }) => [flow.key, flow.bytesSent, flow.bytesReceived])).toEqual([
    [`7/${REMOTE}:443`, 307, 50],
    ["7/198.51.100.8:443", 10, 0],
  ]);
});

test("a UDP conversation ends after two quiet minutes", () => {
  const story = tellStory();
  const app = story.exec(1, 100, "/usr/bin/app");
  const udp = { cookie: 7, ...ends, protocol: "udp" as const };
  story.open({ at: 2, owner: app, origin: "send", ...udp });
  story.bytes({ at: 3, ...udp, run: 1, bytesSent: 100, packetsSent: 1 });
  story.session.tick(sec(120));
  expect(story.ended).toEqual([]);
  story.session.tick(sec(131));
  expect(story.ended[0]?.flow).toMatchObject({ state: "closed", bytesSent: 100 });
});

test("a UDP server's flows are inbound, one for each of its clients", () => {
  const story = tellStory();
  const server = story.exec(1, 100, "/usr/sbin/server");
  const udp = { cookie: 7, local: CLIENT, localPort: 9000, remote: REMOTE, protocol: "udp" as const };
  story.open({ at: 2, owner: server, origin: "packet", direction: "in", ...udp, remotePort: 1111 });
  story.open({ at: 2.1, owner: server, origin: "packet", direction: "in", ...udp, remotePort: 2222 });
  story.open({ at: 2.2, owner: server, origin: "send", ...udp, remotePort: 1111 });
  const flows = story.session.snapshot().flows.map(({ key, direction }) => [key, direction]);
  expect(flows).toEqual([
    [`7/${REMOTE}:1111`, "inbound"],
    [`7/${REMOTE}:2222`, "inbound"],
  ]);
});

test("DNS servers are contacts too", () => {
  const story = tellStory();
  const app = story.exec(1, 100, "/usr/bin/app");
  story.lookUp(2, app, "www.example.org", [REMOTE]);
  expect(
    story.ended.map(({ flow }) => [flow.remote.address, flow.remote.port, flow.bytesSent, flow.bytesReceived]),
  ).toEqual([[SERVER, 53, 30, 60]]);
});
