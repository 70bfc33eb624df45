import { expect, it } from "vitest";
import { CLIENT, tellStory } from "../../support/story.ts";

const REMOTE = "198.51.100.7";
const ends = { remote: REMOTE, remotePort: 0, local: CLIENT };

it.each([
  { protocol: "icmp", transport: "icmp", ipProtocol: null },
  { protocol: "raw253", transport: "raw", ipProtocol: 253 },
  { protocol: "packetUdp", transport: "packet", ipProtocol: 17 },
] as const)("counts bytes and packets of $protocol, which has no ports", ({ protocol, transport, ipProtocol }) => {
  const story = tellStory();
  const owner = story.exec(1, 100, "/usr/bin/tool");
  story.open({ at: 2, owner, cookie: 7, origin: "packet", ...ends, protocol });
  const counts = { bytesSent: 128, packetsSent: 2, bytesReceived: 64, packetsReceived: 1, run: 1 };
  story.bytes({ at: 3, cookie: 7, ...ends, protocol, ...counts });
  story.bytes({
    at: 4,
    cookie: 7,
    ...ends,
    protocol,
    ...counts,
    bytesReceived: 128,
    packetsReceived: 2,
    isFinal: true,
  });
  expect(story.flow(7)).toMatchObject({
    process: owner.key,
    transport,
    ipProtocol,
    etherType: null,
    state: "closed",
    bytesSent: 128,
    bytesReceived: 128,
    packetsSent: 2,
    packetsReceived: 2,
  });
});

it("tells a flow whose opening was lost from its counts, also without ports", () => {
  const story = tellStory();
  story.bytes({ at: 3, cookie: 7, ...ends, protocol: "icmp", bytesSent: 64, packetsSent: 1, run: 1 });
  expect(story.flow(7)).toMatchObject({ transport: "icmp", direction: "outbound", bytesSent: 64 });
});

it("takes an SCTP socket without a remote port for unconnected", () => {
  const story = tellStory();
  const owner = story.exec(1, 100, "/usr/bin/tool");
  story.open({ at: 2, owner, cookie: 7, origin: "connect", ...ends, protocol: "sctp" });
  expect(story.session.snapshot().flows).toEqual([]);
});
