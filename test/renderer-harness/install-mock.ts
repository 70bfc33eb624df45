/**
 * `window.telltale` without main. URL parameters: nodes=5|60|500|2000, state=
 * idle|waiting|starting|live|recording|stopped|demo|replay|degraded|lost|nothing
 * or a problem code, hostile=1, still=1 (no traffic), grow=1 (nodes arrive one by one), theme=dark|light,
 * export=saved|failed|cancelled, reverse=names|none|failed.
 */
import type {
  CaptureProblem,
  CaptureState,
  ExportResult,
  GraphUpdate,
  ProgramFilesResult,
  ReverseNameResult,
  SessionStatus,
  TelltaleApi,
} from "../../src/contract/ipc-schema.ts";
import type { GraphDiff, GraphEdge, GraphNode } from "../../src/core/graph/graph.ts";
import type { Flow } from "../../src/core/model/flow.ts";
import type { FlowKey, NodeId } from "../../src/core/model/ids.ts";
import { createRandom, generateGraph, NOW_NS } from "./generate-graph.ts";
import { generateLookups } from "./generate-lookups.ts";

const parameters = new URLSearchParams(location.search);
const state = parameters.get("state") ?? "live";
const count = Number(parameters.get("nodes") ?? "60");
const isGrowing = parameters.get("grow") === "1";
const isStill = parameters.get("still") === "1";
const EMPTY_STATES = new Set(["idle", "waiting", "starting", "nothing"]);
const isEmpty = EMPTY_STATES.has(state) || count === 0;
const graph = isEmpty ? { nodes: [], edges: [] } : generateGraph(count, 7, parameters.get("hostile") === "1");
const edges = new Map(graph.edges.map((edge) => [edge.id, edge]));
const nodes = new Map(graph.nodes.map((node) => [node.id, node]));
const random = createRandom(11);
let nowNs = NOW_NS;

const CAPTURES: Readonly<Record<string, CaptureState>> = {
  idle: { mode: "idle" },
  waiting: { mode: "waiting-for-permission" },
  starting: { mode: "starting" },
  stopped: { mode: "stopped" },
  recording: { mode: "live", recordingFile: "/home/dev/telltale-2026-11-23.rec" },
  demo: { mode: "replaying", file: "demo.rec", isDemo: true, isFinished: true },
  replay: { mode: "replaying", file: "/home/dev/monday.rec", isDemo: false, isFinished: false },
};
const PROBLEMS = [
  "refused",
  "no-agent",
  "helper-lost",
  "not-built",
  "no-btf",
  "no-cgroup2",
  "no-permission",
  "load-failed",
  "peer-refused",
  "internal",
];

function capture(): CaptureState {
  if (PROBLEMS.includes(state))
    return { mode: "problem", problem: { code: state, detail: "bpf(BPF_PROG_LOAD): -EPERM" } as CaptureProblem };
  return CAPTURES[state] ?? { mode: "live", recordingFile: null };
}

const HOOKS = [
  ["connect4", "which program opens a connection over IPv4"],
  ["connect6", "which program opens a connection over IPv6"],
  ["release", "when a UDP socket was closed, with its last byte counts"],
  ["tcp-state", "whether a connection was established, failed or closed, and its final byte counts"],
  ["egress", "bytes and names (DNS, TLS) in packets that are sent"],
  ["existing-flows", "connections opened before the capture began, and their program"],
] as const;
const SIMPLER_RELEASE = {
  refusal: "unknown func bpf_sk_storage_get#107 (Invalid argument)",
  lacks: "the last byte counts of a socket other than TCP",
};

function status(): SessionStatus {
  const isDegraded = state === "degraded";
  const lost = state === "lost" ? 1284 : 0;
  return {
    capture: capture(),
    coverage: {
      features: HOOKS.map(([id, unseen]) => ({
        id,
        isAttached: !(isDegraded && id === "egress"),
        reason: isDegraded && id === "egress" ? "not attached: Operation not permitted" : null,
        unseen,
        ...(isDegraded && id === "release" ? { fallback: SIMPLER_RELEASE } : {}),
      })),
      cost: { loadMs: 128.4, attachMs: 1.2, programs: [] },
      loss: { kernel: lost === 0 ? {} : { payload: lost }, core: {}, total: lost },
      recordsSeen: isEmpty ? 0 : 48_211,
      olderFlows: 14,
      unattributedFlows: 2,
    },
    recordsPerSec: isEmpty ? 0 : 212,
    nowNs,
    startedAtNs: NOW_NS - 620e9,
    bootWallMs: Date.now() - NOW_NS / 1e6,
    isRoot: false,
    kernelRelease: "6.12.48+deb13-amd64",
  };
}

function traffic(): GraphDiff {
  const changedEdges: GraphEdge[] = [];
  const changedNodes = new Map<string, GraphNode>();
  const busy = Math.max(1, Math.round(edges.size * 0.04));
  const list = [...edges.values()];
  for (let index = 0; index < busy; index += 1) {
    const edge = list[Math.floor(random() ** 2 * list.length)];
    if (edge === undefined) continue;
    const sent = Math.round(10 ** (1 + random() * 4));
    const next = { ...edge, bytesSent: edge.bytesSent + sent, lastSeenNs: nowNs };
    edges.set(edge.id, next);
    changedEdges.push(next);
    for (const id of [edge.source, edge.target]) {
      const node = nodes.get(id);
      if (node === undefined) continue;
      const changed = { ...node, bytesSent: node.bytesSent + sent, lastSeenNs: nowNs };
      nodes.set(id, changed);
      changedNodes.set(id, changed);
    }
  }
  return { nodes: [...changedNodes.values()], edges: changedEdges, removedNodes: [], removedEdges: [] };
}

/** One more edge with its ends, as a live capture would bring it. */
let grown = 0;
function growth(): GraphDiff {
  const edge = graph.edges[grown];
  grown += 1;
  if (edge === undefined) return traffic();
  const seen = { ...edge, firstSeenNs: nowNs, lastSeenNs: nowNs };
  const ends = [nodes.get(edge.source), nodes.get(edge.target)].filter((node) => node !== undefined);
  return { nodes: ends, edges: [seen], removedNodes: [], removedEdges: [] };
}

const OPENER = { exe: "/usr/lib/openssh/sftp-server", comm: "sftp-server", pid: 812 } as Flow["openedBy"];

function flowsOf(edge: GraphEdge): Flow[] {
  const { transport, port } = edge.services[0] ?? { transport: "tcp", port: 443 };
  const isTcp = transport === "tcp";
  return Array.from({ length: Math.min(6, edge.flowCount) }, (_, index) => ({
    key: `${index}` as FlowKey,
    process: null,
    openedBy: index % 4 === 1 ? OPENER : null,
    transport,
    ipProtocol: transport === "raw" ? 89 : null,
    etherType: transport === "packet" ? 0x0806 : null,
    direction: "outbound",
    local: { address: "192.168.1.20", port: 41_000 + index },
    remote:
      edge.peer === null
        ? { address: index === 3 ? "2001:db8:85a3:1234:5678:8a2e:370:7334" : "203.0.113.8", port }
        : { address: "127.0.0.1", port: 5432 },
    locality: edge.peer === null ? "internet" : "loopback",
    peer: null,
    naming: { name: null, source: null, evidence: [], candidates: [], isContradicted: false, ech: null, hop: null },
    encryptedDns: null,
    verdict: edge.verdict,
    state: index === 0 ? "open" : "closed",
    failure: index === 2 ? "reset" : null,
    bytesSent: 4_200 * (index + 1),
    bytesReceived: 91_000 * (index + 1),
    packetsSent: isTcp ? null : 12,
    packetsReceived: isTcp ? null : 9,
    handshakeNs: isTcp ? 13.2e6 + index * 1e5 : null,
    rttUs: isTcp ? 12_800 + index * 90 : null,
    retransmits: isTcp ? index % 3 : null,
    openedAtNs: NOW_NS - index * 40e9,
    lastActiveNs: NOW_NS,
    closedAtNs: null,
    isOlderThanCapture: index === 5,
  }));
}

const exportAnswers: Readonly<Record<string, ExportResult>> = {
  saved: { outcome: "saved", path: "/home/dev/telltale-report-2026-11-23.html" },
  failed: { outcome: "failed", reason: "The disk is full. Nothing was written to /home/dev." },
  cancelled: { outcome: "cancelled" },
};

function reverseAnswer(id: NodeId): ReverseNameResult {
  const node = nodes.get(id);
  const address = node?.kind === "destination" ? (node.addresses[0] ?? "") : "";
  if (parameters.get("reverse") === "failed") {
    return { outcome: "failed", reason: "no resolver answered within 5 seconds" };
  }
  const names = parameters.get("reverse") === "none" ? [] : [{ address, name: "edge-8.xn--mnchen-3ya.example.net" }];
  return { outcome: "looked-up", names };
}

function filesOf(node: GraphNode | undefined): ProgramFilesResult {
  if (node?.kind !== "program") return { outcome: "not-here", reason: "not a program" };
  const isOwned = node.exe?.startsWith("/usr/") === true;
  return {
    outcome: "looked-up",
    package: isOwned ? { manager: "dpkg", name: node.label, version: "1.2.3-4" } : null,
    isPackageKnown: true,
    desktopName: node.group === "application" ? `The ${node.label}` : null,
    deletedPids: [],
  };
}

let listener: ((update: GraphUpdate) => void) | null = null;
const exported = exportAnswers[parameters.get("export") ?? "saved"] ?? { outcome: "cancelled" };
const NO_CHANGE: GraphDiff = { nodes: [], edges: [], removedNodes: [], removedEdges: [] };

const api: TelltaleApi = {
  startCapture: async () => {},
  stopCapture: async () => {},
  subscribe: async () => {
    const first = isGrowing ? NO_CHANGE : { ...NO_CHANGE, nodes: graph.nodes, edges: graph.edges };
    listener?.({ isReset: true, diff: first, status: status() });
    if (isStill) return;
    setInterval(() => {
      nowNs += 250e6;
      listener?.({ isReset: false, diff: isEmpty ? NO_CHANGE : isGrowing ? growth() : traffic(), status: status() });
    }, 250);
  },
  openRecording: async () => ({ outcome: "failed", reason: "This file is not a Telltale recording." }),
  openDemo: async () => ({ outcome: "opened" }),
  startRecording: async () => exported,
  stopRecording: async () => {},
  exportReport: async () => exported,
  flowsOfEdge: async (id) => {
    const edge = edges.get(id);
    return edge === undefined ? [] : flowsOf(edge);
  },
  lookupsOfProgram: async (id) => {
    const node = nodes.get(id);
    return node?.kind === "program" && node.encryptedDns.length === 0 ? generateLookups(nowNs) : [];
  },
  lookUpProgramFiles: async (id) => filesOf(nodes.get(id)),
  lookUpReverseNames: async (id) => reverseAnswer(id),
  loadPreferences: async () => {
    const theme = parameters.get("theme");
    return { theme: theme === "dark" || theme === "light" ? theme : "system", leftWidthPx: 272, rightWidthPx: 344 };
  },
  savePreferences: async () => {},
  onUpdate: (next) => {
    listener = next;
    return () => {
      listener = null;
    };
  },
};
Object.defineProperty(window, "telltale", { value: api });
