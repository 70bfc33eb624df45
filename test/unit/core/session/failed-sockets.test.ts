import { expect, test } from "vitest";
import { socketCookie } from "../../../../src/core/model/ids.ts";
import { createFailedSockets } from "../../../../src/core/session/failed-sockets.ts";

test("tells how often a socket has failed, and forgets those that failed longest ago", () => {
  const failed = createFailedSockets();
  expect(failed.attemptsOf(socketCookie(1))).toBe(0);
  for (let cookie = 1; cookie <= 8192; cookie += 1) failed.note(socketCookie(cookie), 1);
  failed.note(socketCookie(1), 2); // again: now among the newest
  for (let cookie = 10_001; cookie <= 10_010; cookie += 1) failed.note(socketCookie(cookie), 1);
  failed.rest();
  expect(failed.attemptsOf(socketCookie(1))).toBe(2);
  expect(failed.attemptsOf(socketCookie(2))).toBe(0);
  expect(failed.attemptsOf(socketCookie(11))).toBe(0);
  expect(failed.attemptsOf(socketCookie(12))).toBe(1);
  expect(failed.attemptsOf(socketCookie(10_010))).toBe(1);
});
