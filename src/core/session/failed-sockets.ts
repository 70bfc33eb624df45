/**
 * TCP sockets whose connect failed. The program still has the socket and may
 * connect it again, seconds or minutes later: another flow of the same cookie,
 * which needs another key.
 */
import type { SocketCookie } from "../model/ids.ts";
import { oldestFirst } from "../model/oldest-first.ts";

export interface FailedSockets {
  readonly note: (cookie: SocketCookie, attempt: number) => void;
  /** How often this socket has tried and failed. */
  readonly attemptsOf: (cookie: SocketCookie) => number;
  /** To be called now and then, see oldestFirst. */
  readonly rest: () => void;
}

/** Two numbers each. Most are closed and never tried again; who tries again soon is among the newest. */
const MAX_FAILED = 8192;

export function createFailedSockets(): FailedSockets {
  const attempts = new Map<SocketCookie, number>();
  const byAge = oldestFirst(attempts);
  return {
    note: (cookie, attempt) => {
      attempts.delete(cookie);
      attempts.set(cookie, attempt);
      if (attempts.size <= MAX_FAILED) return;
      const oldest = byAge.next();
      if (oldest !== undefined) attempts.delete(oldest);
    },
    attemptsOf: (cookie) => attempts.get(cookie) ?? 0,
    rest: () => byAge.rest(),
  };
}
