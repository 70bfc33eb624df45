/** Small whole values for the renderer's tests; each test states what it cares about. */
import type { GraphUpdate, SessionStatus } from "../../../src/contract/ipc-schema.ts";
import type { DestinationNode, GraphDiff, GraphEdge, ProgramNode } from "../../../src/core/graph/graph.ts";
import { edgeId, nodeId } from "../../../src/core/model/ids.ts";
import type { Lookup } from "../../../src/core/model/lookup.ts";
import type { Verdict } from "../../../src/core/model/verdict.ts";
import { EMPTY_GRAPH, type GraphState, mergeGraph } from "../../../src/renderer/store/graph-state.ts";

export const VERDICT: Verdict = {
  category: "unknown",
  vendor: null,
  owner: null,
  ruleId: null,
  confidence: "none",
  evidence: "No rule names this destination.",
  source: null,
  optOuts: [],
};

export const program = (label: string, change: Partial<ProgramNode> = {}): ProgramNode => ({
  kind: "program",
  id: nodeId(`program:${label}`),
  label,
  exe: `/usr/bin/${label}`,
  script: null,
  group: "command-line",
  container: null,
  unit: null,
  bundle: null,
  helpers: [],
  isExeDeleted: false,
  processes: [],
  processCount: 1,
  isRunning: true,
  category: "unknown",
  isSuspected: false,
  bytesSent: 0,
  bytesReceived: 0,
  flowCount: 1,
  destinationCount: 1,
  callerCount: 0,
  failedLookupCount: 0,
  unfollowedLookupCount: 0,
  encryptedDns: [],
  firstSeenNs: 0,
  lastSeenNs: 0,
  ...change,
});

export const lookup = (name: string, change: Partial<Lookup> = {}): Lookup => ({
  process: null,
  name,
  via: "dns-udp",
  resolver: "192.0.2.53:53",
  types: ["A"],
  outcome: "answered",
  failure: null,
  addresses: ["203.0.113.7"],
  firstAskedAtNs: 0,
  lastAskedAtNs: 0,
  count: 1,
  isFollowed: false,
  isForOthers: false,
  ...change,
});

export const destination = (label: string, change: Partial<DestinationNode> = {}): DestinationNode => ({
  kind: "destination",
  id: nodeId(`destination:${label}`),
  label,
  isNamed: true,
  candidates: [],
  addresses: ["203.0.113.1"],
  locality: "internet",
  owner: null,
  category: "unknown",
  isSuspected: false,
  bytesSent: 0,
  bytesReceived: 0,
  flowCount: 1,
  programCount: 1,
  firstSeenNs: 0,
  lastSeenNs: 0,
  ...change,
});

export function edge(from: string, to: string, change: Partial<GraphEdge> = {}): GraphEdge {
  const source = nodeId(`program:${from}`);
  const target = nodeId(`destination:${to}`);
  return {
    id: edgeId(source, target),
    source,
    target,
    direction: "outbound",
    nameSource: "own-answer",
    nameObservedAtNs: null,
    nameAgeNs: null,
    otherNames: [],
    isContradicted: false,
    peer: null,
    answeredBy: null,
    ech: null,
    hops: [],
    encryptedDns: null,
    services: [{ transport: "tcp", port: 443 }],
    verdict: VERDICT,
    bytesSent: 0,
    bytesReceived: 0,
    flowCount: 1,
    openCount: 1,
    failedCount: 0,
    lastFailure: null,
    brokenCount: 0,
    handshakeNs: null,
    rttUs: null,
    retransmits: 0,
    firstSeenNs: 0,
    lastSeenNs: 0,
    ...change,
  };
}

/** A contact between two programs of this machine. */
export function localEdge(from: string, to: string, change: Partial<GraphEdge> = {}): GraphEdge {
  const made = edge(from, to);
  const target = nodeId(`program:${to}`);
  return {
    ...made,
    id: edgeId(made.source, target),
    target,
    nameSource: null,
    peer: { name: null, addresses: ["127.0.0.1"] },
    services: [{ transport: "tcp", port: 5432 }],
    ...change,
  };
}

export const diff = (change: Partial<GraphDiff>): GraphDiff => ({
  nodes: [],
  edges: [],
  removedNodes: [],
  removedEdges: [],
  ...change,
});

/** Two programs, two destinations, three edges: mongod -> api.segment.io, mongod -> mirror, curl -> mirror. */
export function smallGraph(): GraphState {
  return mergeGraph(
    EMPTY_GRAPH,
    diff({
      nodes: [
        program("mongod", { category: "analytics", group: "service" }),
        program("curl"),
        destination("api.segment.io", { category: "analytics", owner: "Twilio" }),
        destination("mirror.example"),
      ],
      edges: [
        edge("mongod", "api.segment.io", { verdict: { ...VERDICT, category: "analytics", vendor: "Segment" } }),
        edge("mongod", "mirror.example"),
        edge("curl", "mirror.example"),
      ],
    }),
    true,
  );
}

export const status = (change: Partial<SessionStatus> = {}): SessionStatus => ({
  capture: { mode: "live", recordingFile: null },
  coverage: {
    features: [],
    loss: { kernel: {}, core: {}, total: 0 },
    recordsSeen: 1,
    olderFlows: 0,
    unattributedFlows: 0,
  },
  recordsPerSec: 0,
  nowNs: 10e9,
  startedAtNs: 1e9,
  bootWallMs: 0,
  isRoot: false,
  kernelRelease: null,
  ...change,
});

export const update = (change: Partial<GraphDiff>, isReset = false, at: Partial<SessionStatus> = {}): GraphUpdate => ({
  isReset,
  diff: diff(change),
  status: status(at),
});
