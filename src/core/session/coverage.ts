/** What was seen, lost and left aside, added up from the parts of a session. */
import type { Coverage, Feature } from "../model/coverage.ts";
import type { SessionState } from "./session-state.ts";

const onlyCounted = (counters: Readonly<Record<string, number>>): Readonly<Record<string, number>> =>
  Object.fromEntries(Object.entries(counters).filter(([, count]) => count > 0));

const sum = (counters: Readonly<Record<string, number>>): number =>
  Object.values(counters).reduce((total, count) => total + count, 0);

/** The helper's probes as they stand now: what changed since the hello replaces what it said. */
function features({ hello, features: changed, gaps }: SessionState): readonly Feature[] {
  const told = (hello?.features ?? []).map((feature) => changed.get(feature.id) ?? feature);
  const known = new Set(told.map(({ id }) => id));
  return [...told, ...[...changed.values()].filter(({ id }) => !known.has(id)), ...gaps];
}

export function coverage(state: SessionState): Coverage {
  const { counters, dns, monitor } = state;
  const { speech } = counters;
  const kernel = state.stats?.lost ?? {};
  const core = onlyCounted({
    undecodable: counters.undecodable,
    "unknown-records": counters.unknownRecords,
    "evicted-flows": counters.evictedFlows,
    "evicted-processes": state.processes.evicted(),
    "evicted-edges": state.graph.evictedEdges(),
    "evicted-answers": state.answers.evicted() + state.publicNames.evicted() + dns.counters.evicted,
    "evicted-lookups": state.lookups.evicted(),
    "lost-dns-streams": dns.counters.lostStreams,
    "lost-client-hellos": speech.lostHellos,
    "lost-requests": speech.lostRequests,
    "unread-quic": speech.unaffordableQuic,
  });
  return {
    features: features(state),
    ...(state.hello?.cost === undefined ? {} : { cost: state.hello.cost }),
    loss: { kernel, core, total: sum(kernel) + sum(core) },
    ignored: onlyCounted({
      "unasked-answers": dns.counters.unasked,
      "malformed-dns": dns.counters.malformed,
      "malformed-client-hellos": speech.malformedHellos,
      "malformed-requests": speech.malformedRequests,
      "malformed-quic": speech.malformedQuic,
      "undecryptable-quic": speech.undecryptableQuic,
      "malformed-monitor": monitor.counters.malformed + monitor.counters.tooLong,
    }),
    recordsSeen: counters.records,
    olderFlows: counters.olderFlows,
    unattributedFlows: counters.unattributedFlows,
  };
}
