/**
 * Datagram flows that ended because nothing was said for a while. Their
 * sockets live on: time keeping and keep-alives speak every few minutes, and
 * the kernel goes on counting in the same run and does not tell the owner
 * again. What is kept here lets the next datagram go on where they stopped.
 */
import type { Endpoint } from "../model/endpoint.ts";
import type { FlowKey, SocketCookie } from "../model/ids.ts";
import { oldestFirst } from "../model/oldest-first.ts";
import type { FlowEntry } from "./entries.ts";
import { flowKey } from "./flow-facts.ts";

export interface QuietFlows {
  readonly keep: (flow: FlowEntry) => void;
  readonly find: (cookie: SocketCookie, remote: Endpoint) => FlowEntry | undefined;
  readonly forget: (cookie: SocketCookie, remote: Endpoint) => void;
  /** To be called now and then, see oldestFirst. */
  readonly rest: () => void;
}

/** Some 8 MB. A resolver's one socket has a flow a server; programs that speak so seldom are few. */
const MAX_QUIET = 8192;

export function createQuietFlows(): QuietFlows {
  const byKey = new Map<FlowKey, FlowEntry>();
  const byAge = oldestFirst(byKey);
  const keyOf = (cookie: SocketCookie, remote: Endpoint): FlowKey => flowKey(cookie, "udp", remote);
  return {
    keep: (flow) => {
      const key = keyOf(flow.cookie, flow.remote);
      byKey.delete(key);
      byKey.set(key, flow);
      if (byKey.size <= MAX_QUIET) return;
      const oldest = byAge.next();
      if (oldest !== undefined) byKey.delete(oldest);
    },
    // Mostly there are none, and every datagram socket is looked for.
    find: (cookie, remote) => (byKey.size === 0 ? undefined : byKey.get(keyOf(cookie, remote))),
    forget: (cookie, remote) => {
      if (byKey.size > 0) byKey.delete(keyOf(cookie, remote));
    },
    rest: () => byAge.rest(),
  };
}
