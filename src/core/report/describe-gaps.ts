/** What was not seen, in sentences. A report that hides its gaps would be read as proof of absence. */
import type { Graph, GraphEdge } from "../graph/graph.ts";
import type { Hello } from "../model/capture-facts.ts";
import type { Coverage, Feature } from "../model/coverage.ts";
import { formatCount } from "../model/format.ts";
import { absentSources, missingFeatures, partlySeen } from "../model/optional-sources.ts";
import type { Gap } from "./report-model.ts";

export function describeGaps(graph: Graph, coverage: Coverage, hello: Hello | null): readonly Gap[] {
  return [
    ...captureGaps(hello),
    ...featureGaps(coverage),
    ...describeNotUsed(coverage),
    ...flowGaps(coverage),
    ...nameGaps(graph),
  ];
}

const captureGaps = (hello: Hello | null): readonly Gap[] =>
  hello === null
    ? [{ id: "no-capture", what: "Observation never began: nothing in this report was seen live.", detail: null }]
    : [];

function featureGaps(coverage: Coverage): readonly Gap[] {
  const gap = (feature: Feature, begin: string): Gap => ({
    id: `feature-${feature.id}`,
    what: `${begin}: ${feature.unseen}`,
    detail: feature.reason === null ? feature.id : `${feature.id}: ${feature.reason}`,
  });
  return [
    ...missingFeatures(coverage).map((feature) => gap(feature, "Not observed")),
    ...partlySeen(coverage).map(({ id, refusal, lacks }) => ({
      id: `fallback-${id}`,
      what: `Not observed: ${lacks}`,
      detail: `${id}, fallback: ${refusal}`,
    })),
    ...absentSources(coverage).map((feature) => gap(feature, "Not there to help with names")),
  ];
}

function lossGaps({ loss, recordsSeen }: Coverage): readonly Gap[] {
  if (loss.total === 0) return [];
  const counts = (side: string, lost: Readonly<Record<string, number>>): readonly string[] =>
    Object.entries(lost)
      .filter(([, count]) => count > 0)
      .map(([name, count]) => `${side} ${name}: ${count}`);
  return [
    {
      id: "lost-records",
      what: `${formatCount(loss.total, "record")} of about ${formatCount(loss.total + recordsSeen, "record")} could not be kept; some contacts or byte counts may be missing.`,
      detail: [...counts("kernel", loss.kernel), ...counts("reader", loss.core)].join(", "),
    },
  ];
}

/** In the order they are told; ids are those of Coverage.ignored. */
const IGNORED: readonly { readonly id: string; readonly singular: string; readonly rest: string }[] = [
  {
    id: "unasked-answers",
    singular: "resolver answer",
    rest: "came to a program that had not asked, and named nothing.",
  },
  { id: "malformed-dns", singular: "message", rest: "on a resolver's port could not be read, and named nothing." },
  {
    id: "malformed-client-hellos",
    singular: "connection",
    rest: "began like TLS but could not be read, so its own name is not known.",
  },
  {
    id: "malformed-requests",
    singular: "connection",
    rest: "began like an HTTP request but could not be read, so its own name is not known.",
  },
  {
    id: "malformed-quic",
    singular: "QUIC packet",
    rest: "could not be read, and named nothing.",
  },
  {
    id: "undecryptable-quic",
    singular: "QUIC packet",
    rest: "could not be opened (a version or a retry we do not know), and named nothing.",
  },
  { id: "malformed-monitor", singular: "message", rest: "of systemd-resolved could not be read, and named nothing." },
];

function ignoredGaps({ ignored = {} }: Coverage): readonly Gap[] {
  return IGNORED.flatMap(({ id, singular, rest }) => {
    const count = ignored[id] ?? 0;
    return count === 0 ? [] : [{ id, what: `${formatCount(count, singular)} ${rest}`, detail: null }];
  });
}

/** Lost, or seen and not believed: numbers that a table of contacts does not show. */
export const describeNotUsed = (coverage: Coverage): readonly Gap[] => [
  ...lossGaps(coverage),
  ...ignoredGaps(coverage),
];

function flowGaps({ olderFlows, unattributedFlows }: Coverage): readonly Gap[] {
  const gaps: Gap[] = [];
  if (olderFlows > 0) {
    gaps.push({
      id: "older-flows",
      what: `${formatCount(olderFlows, "connection")} ${olderFlows === 1 ? "was" : "were"} already open when observation began: what ${olderFlows === 1 ? "it" : "they"} sent before is not counted, and names asked for before are not known.`,
      detail: null,
    });
  }
  if (unattributedFlows > 0) {
    gaps.push({
      id: "unattributed-flows",
      what: `${formatCount(unattributedFlows, "connection")} could not be traced to a program.`,
      detail: null,
    });
  }
  return gaps;
}

function candidateCount(graph: Graph, edge: GraphEdge): number {
  const target = graph.nodes.get(edge.target);
  return target?.kind === "destination" ? target.candidates.length : 0;
}

function nameGaps(graph: Graph): readonly Gap[] {
  const edges = [...graph.edges.values()];
  const internet = edges.filter((edge) => {
    const target = graph.nodes.get(edge.target);
    return target?.kind === "destination" && target.locality === "internet";
  });
  const counted: readonly (readonly [string, number, string])[] = [
    [
      "names-inherited",
      edges.filter((edge) => edge.nameSource === "inherited-answer").length,
      "named by a lookup of the program that started it.",
    ],
    [
      "names-fallback",
      edges.filter((edge) => edge.nameSource === "cgroup-answer" || edge.nameSource === "host-answer").length,
      "named by another program's lookup, so the name may be a neighbour's.",
    ],
    [
      "names-listed",
      edges.filter((edge) => edge.nameSource === "hosts-file" || edge.nameSource === "reverse-dns").length,
      "named by /etc/hosts or by the address's owner only: nobody was seen asking for the name.",
    ],
    [
      "names-shared",
      edges.filter((edge) => candidateCount(graph, edge) > 1).length,
      "with an address that several names share, which cannot be told apart.",
    ],
    [
      "names-hidden",
      edges.filter((edge) => edge.ech === "outer-name").length,
      "with the real name hidden by encryption: only the name its provider shows instead is known.",
    ],
    [
      "lookups-encrypted",
      edges.filter((edge) => edge.encryptedDns !== null).length,
      "with lookups inside, encrypted: which names were asked for there is not known.",
    ],
    [
      "names-contradicted",
      edges.filter((edge) => edge.isContradicted).length,
      "where the looked-up name and the name in the connection differ.",
    ],
    [
      "names-missing",
      internet.filter((edge) => edge.nameSource === null).length,
      "on the internet known by address only, so no rule could judge it.",
    ],
  ];
  return counted
    .filter(([, count]) => count > 0)
    .map(([id, count, rest]) => ({ id, what: `${formatCount(count, "contact")} ${rest}`, detail: null }));
}
