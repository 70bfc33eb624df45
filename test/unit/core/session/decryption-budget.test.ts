/** What a hostile program can make a session spend on QUIC. */
import { expect, test } from "vitest";
import { processKey } from "../../../../src/core/model/ids.ts";
import {
  ATTEMPTS_A_PROCESS,
  ATTEMPTS_TOGETHER,
  createDecryptionBudget,
} from "../../../../src/core/session/decryption-budget.ts";
import { onlyHexFixture } from "../../support/read-hex.ts";
import { sec, tellStory } from "../../support/story.ts";

/** Coalesced Initials of version 1 (RFC 9000 section 17.2.2), 256 bytes each, that no key opens. */
function unopenable(packets: number): Uint8Array {
  const datagram = new Uint8Array(packets * 256).fill(0x55);
  for (let at = 0; at < datagram.length; at += 256) datagram.set([0xc3, 0, 0, 0, 1, 1, at >> 8, 0, 0, 0x40, 245], at);
  return datagram;
}

test("datagrams that nothing opens are left unread beyond so many a second, counted, and keep no other program's name away", () => {
  const story = tellStory();
  const flood = story.exec(1, 100, "/usr/bin/flood");
  const browser = story.exec(1, 200, "/usr/bin/browser");
  const data = unopenable(8);
  const sent = 400;
  for (let i = 0; i < sent; i++) {
    const remote = `198.51.100.${i % 200}`;
    story.open({ at: 2, owner: flood, cookie: 1000 + i, origin: "connect", remote, remotePort: 443, protocol: "udp" });
    story.say(2, flood, 1000 + i, remote, { data, kind: "datagram" });
  }
  const unread = story.session.coverage().loss.core["unread-quic"] ?? 0;
  expect(sent - unread).toBe(ATTEMPTS_A_PROCESS / 8);

  const remote = "203.0.113.9";
  story.open({ at: 2.1, owner: browser, cookie: 7, origin: "connect", remote, remotePort: 443, protocol: "udp" });
  story.say(2.1, browser, 7, remote, { data: onlyHexFixture("quic/rfc9001-client-initial.hex"), kind: "datagram" });
  expect(story.flow(7).naming).toMatchObject({ name: "example.com", source: "server-name" });
});

test("a process may go on in the next second, and all together have an end too", () => {
  const budget = createDecryptionBudget();
  expect(budget.canAfford(null, sec(1))).toBe(true);
  budget.spend(null, ATTEMPTS_A_PROCESS);
  expect(budget.canAfford(null, sec(1.9))).toBe(false);
  expect(budget.canAfford(null, sec(2))).toBe(true);
  budget.spend(null, ATTEMPTS_TOGETHER);
  expect(budget.canAfford(processKey(1, 1), sec(2.5))).toBe(false);
  expect(budget.canAfford(processKey(1, 1), sec(3))).toBe(true);
});
