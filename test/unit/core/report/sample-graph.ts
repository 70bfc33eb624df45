/**
 * A small graph written out by hand: mongod at Segment, ordinary traffic, a
 * guess, a failed attempt, hostile text. Verdicts come from the shipped rules,
 * so that the stored reports show what a user would read.
 */
import { createClassifier } from "../../../../src/core/classify/classify.ts";
import { parseRuleData } from "../../../../src/core/classify/rule-data.ts";
import type { DestinationNode, Graph, GraphEdge, GraphNode, ProgramNode } from "../../../../src/core/graph/graph.ts";
import type { Hello } from "../../../../src/core/model/capture-facts.ts";
import type { Coverage } from "../../../../src/core/model/coverage.ts";
import { edgeId, type NodeId, nodeId, processKey } from "../../../../src/core/model/ids.ts";
import type { Lookup } from "../../../../src/core/model/lookup.ts";
import type { ReportInput } from "../../../../src/core/report/build-report.ts";
import { contact, shippedRules } from "../classify/shipped-rules.ts";

const SECOND = 1e9;
const START_NS = 1000 * SECOND;
const { classify } = createClassifier(parseRuleData(shippedRules));

function program(
  label: string,
  exe: string | null,
  argv: readonly string[] | null,
  facts: Partial<ProgramNode> = {},
): ProgramNode {
  const pid = 1000 + label.length;
  return {
    kind: "program",
    id: nodeId(`program:${exe ?? label}`),
    label,
    exe,
    script: null,
    group: "service",
    container: null,
    unit: null,
    bundle: null,
    helpers: [],
    isExeDeleted: false,
    processes: [
      {
        key: processKey(pid, START_NS),
        pid,
        exe,
        isExeDeleted: null,
        helper: null,
        argv,
        uid: 110,
        cgroup: null,
        ancestors: [],
        startTimeNs: START_NS,
        exitedAtNs: null,
      },
    ],
    processCount: 1,
    isRunning: true,
    category: "unknown",
    isSuspected: false,
    bytesSent: 0,
    bytesReceived: 0,
    flowCount: 0,
    destinationCount: 1,
    callerCount: 0,
    failedLookupCount: 0,
    unfollowedLookupCount: 0,
    encryptedDns: [],
    firstSeenNs: START_NS,
    lastSeenNs: START_NS,
    ...facts,
  };
}

function destination(label: string, address: string, facts: Partial<DestinationNode> = {}): DestinationNode {
  return {
    kind: "destination",
    id: nodeId(`destination:${label}`),
    label,
    isNamed: label !== address,
    candidates: [],
    addresses: [address],
    locality: "internet",
    owner: null,
    category: "unknown",
    isSuspected: false,
    bytesSent: 0,
    bytesReceived: 0,
    flowCount: 0,
    programCount: 1,
    firstSeenNs: START_NS,
    lastSeenNs: START_NS,
    ...facts,
  };
}

const NOT_MEASURED = { brokenCount: 0, handshakeNs: null, rttUs: null, retransmits: 0 };

/** How the classifier sees the far end; a program of this machine is merely an address to it. */
function farEnd(target: GraphNode): Pick<DestinationNode, "isNamed" | "label" | "addresses" | "locality"> {
  return target.kind === "destination"
    ? target
    : { isNamed: false, label: target.label, addresses: ["127.0.0.1"], locality: "loopback" };
}

function edge(source: ProgramNode, node: GraphNode, facts: Partial<GraphEdge> = {}): GraphEdge {
  const target = farEnd(node);
  const services = facts.services ?? [{ transport: "tcp", port: 443 }];
  const [{ transport, port } = { transport: "tcp" as const, port: 443 }] = services;
  return {
    id: edgeId(source.id, node.id),
    source: source.id,
    target: node.id,
    direction: "outbound",
    nameSource: target.isNamed ? "own-answer" : null,
    nameObservedAtNs: null,
    nameAgeNs: null,
    otherNames: [],
    isContradicted: false,
    peer: null,
    answeredBy: null,
    ech: null,
    hops: [],
    encryptedDns: null,
    services,
    verdict: classify(
      contact({
        name: target.isNamed ? target.label : null,
        remote: { address: target.addresses[0] ?? "", port },
        transport,
        locality: target.locality,
        exe: source.exe,
        filename: source.exe,
        argv: source.processes[0]?.argv ?? null,
      }),
    ),
    bytesSent: 1800,
    bytesReceived: 640,
    flowCount: 1,
    openCount: 0,
    failedCount: 0,
    lastFailure: null,
    ...NOT_MEASURED,
    firstSeenNs: START_NS + 2 * SECOND,
    lastSeenNs: START_NS + 40 * SECOND,
    ...facts,
  };
}

export function graphOf(nodes: readonly GraphNode[], edges: readonly GraphEdge[]): Graph {
  return { nodes: new Map(nodes.map((n) => [n.id, n])), edges: new Map(edges.map((e) => [e.id, e])) };
}

export const fullCoverage: Coverage = {
  features: [{ id: "connect4", isAttached: true, reason: null, unseen: "IPv4 connections" }],
  loss: { kernel: {}, core: {}, total: 0 },
  recordsSeen: 4210,
  olderFlows: 0,
  unattributedFlows: 0,
};

export const hello: Hello = {
  protocolVersion: 1,
  abiVersion: 1,
  telltaleVersion: "0.1.0",
  kernelRelease: "6.1.0-50-amd64",
  architecture: "x86_64",
  bootWallMs: Date.UTC(2026, 10, 23, 8),
  startedAtNs: START_NS,
  features: [],
};

function sampleGraph(): Graph {
  const command = ["/usr/bin/mongod", "--config", "/etc/mongod.conf", "--keyFilePassword=hunter2"];
  const mongod = program("mongod", "/usr/bin/mongod", command, {
    unit: { name: "mongod.service", kind: "service", ownerUid: null },
    isExeDeleted: true,
  });
  const next = program("next", "/usr/bin/node", ["node", "/srv/shop/node_modules/next/dist/bin/next", "dev"], {
    script: "/srv/shop/node_modules/next/dist/bin/next",
    group: "command-line",
    container: {
      runtime: "podman",
      id: "3f4e8a1b".repeat(8),
      podId: null,
      ownerUid: 1000,
      name: "shop",
      image: "images.example/library/node:22",
    },
    helpers: ["crashpad_handler"],
    processCount: 3,
  });
  const curl = program("curl", "/usr/bin/curl", ["curl", "-s", "https://www.example.com/"], { group: "command-line" });
  const hostile = program("evil\u202egpj.exe", null, ["<script>alert(1)</script>", "\u001b[2J"], {
    group: "unknown",
    bundle: { kind: "appimage", id: "<b>\u202e" },
    unit: { name: "<i>\u001b.scope", kind: "scope", ownerUid: 1000 },
  });
  const segment = destination("api.segment.io", "198.51.100.7", {
    addresses: ["198.51.100.7", "198.51.100.8"],
    owner: "Twilio",
  });
  const mongodb = destination("cluster0.mongodb.net", "198.51.100.20", { owner: "MongoDB" });
  const nextTelemetry = destination("telemetry.nextjs.org", "203.0.113.4");
  const example = destination("www.example.com", "203.0.113.80");
  const guessed = destination("crash-eu.example.org", "203.0.113.81");
  const resolver = destination("127.0.0.53", "127.0.0.53", { locality: "loopback" });
  const bare = destination("2001:db8::5", "2001:db8::5");
  const shared = destination("shop.example.net or status.example.net", "203.0.113.90", {
    candidates: ["shop.example.net", "status.example.net"],
  });
  const fronted = destination("xn--mnchen-3ya.example.net", "203.0.113.91");
  const proxied = destination("intranet.example.net", "192.0.2.128", { locality: "private" });
  const doh = destination("dns.google", "8.8.8.8");
  const browser = program("browser", "/usr/lib/browser/browser", null, {
    group: "application",
    encryptedDns: [{ protocol: "doh", resolver: "dns.google" }],
  });
  const postgres = program("postgres", "/usr/lib/postgresql/15/bin/postgres", null, { callerCount: 1 });
  const database: Partial<GraphEdge> = {
    nameSource: null,
    peer: { name: "db.shop.example", addresses: ["127.0.0.1", "::1"] },
    services: [{ transport: "tcp", port: 5432 }],
    flowCount: 4,
    brokenCount: 1,
    handshakeNs: 61_000,
    rttUs: 48,
    retransmits: 2,
  };
  return graphOf(
    [
      postgres,
      mongod,
      next,
      curl,
      hostile,
      segment,
      mongodb,
      nextTelemetry,
      example,
      guessed,
      resolver,
      bare,
      shared,
      fronted,
      proxied,
      doh,
      browser,
    ],
    [
      edge(next, postgres, database),
      edge(curl, example, { bytesSent: 420, bytesReceived: 12_600, nameSource: "server-name" }),
      edge(mongod, segment, {
        nameSource: "server-name",
        flowCount: 3,
        failedCount: 1,
        lastFailure: "timed out",
        bytesSent: 5_420,
      }),
      edge(mongod, mongodb, {
        bytesSent: 48_000,
        bytesReceived: 1_200_000,
        services: [{ transport: "tcp", port: 27017 }],
      }),
      edge(mongod, resolver, { services: [{ transport: "udp", port: 53 }], bytesSent: 96, bytesReceived: 210 }),
      edge(next, nextTelemetry, {
        flowCount: 2,
        failedCount: 2,
        lastFailure: "refused",
        bytesSent: 0,
        bytesReceived: 0,
      }),
      edge(hostile, guessed, {
        nameSource: "host-answer",
        isContradicted: true,
        otherNames: [{ name: "cdn.example.org", source: "host-answer", observedAtNs: START_NS }],
      }),
      edge(browser, shared, { nameSource: "own-answer", nameAgeNs: 185 * SECOND }),
      edge(browser, fronted, {
        nameSource: "server-name",
        isContradicted: true,
        ech: "outer-name",
        otherNames: [{ name: "hidden.example.net", source: "own-answer", observedAtNs: START_NS }],
      }),
      edge(browser, proxied, { nameSource: "connect-target", hops: ["proxy.example.net:3128"] }),
      edge(browser, doh, {
        nameSource: "own-lookup",
        nameAgeNs: -0.2 * SECOND,
        encryptedDns: { protocol: "doh", resolver: "dns.google" },
      }),
      edge(hostile, bare, { services: [{ transport: "udp", port: 4433 }] }),
    ],
  );
}

function lookup(name: string, facts: Partial<Lookup> = {}): Lookup {
  return {
    process: null,
    name,
    via: "dns-udp",
    resolver: "192.0.2.53:53",
    types: ["A", "AAAA"],
    outcome: "answered",
    failure: null,
    addresses: ["203.0.113.9"],
    firstAskedAtNs: START_NS + 3 * SECOND,
    lastAskedAtNs: START_NS + 5 * SECOND,
    count: 1,
    isFollowed: false,
    isForOthers: false,
    ...facts,
  };
}

const FAILED = { outcome: "failed", addresses: [] } as const;
const sampleLookups = new Map<NodeId | null, readonly Lookup[]>([
  [
    nodeId("program:/usr/bin/curl"),
    [
      lookup("www.example.com", { isFollowed: true }),
      lookup("prefetched.example.org"),
      lookup("xn--mnchen-3ya.example.org", { types: ["HTTPS"] }),
      lookup("text-only.example.org", { types: ["TXT"], addresses: [] }),
      lookup("waiting.example.org", { outcome: "pending", addresses: [] }),
    ],
  ],
  [
    nodeId("program:/usr/bin/node"),
    [
      lookup("gone.example.org", { ...FAILED, outcome: "no-such-name", failure: "NXDOMAIN", count: 3 }),
      lookup("gone.example.org", {
        ...FAILED,
        outcome: "no-such-name",
        failure: "NXDOMAIN",
        types: ["HTTPS"],
        lastAskedAtNs: START_NS + 60 * SECOND,
      }),
      lookup("db.example.org", { ...FAILED, via: "libc", resolver: null, types: [], failure: "EAI_AGAIN" }),
    ],
  ],
  [null, [lookup("silent.example.org", { ...FAILED, outcome: "unanswered" })]],
]);

export const sampleInput: ReportInput = {
  graph: sampleGraph(),
  lookups: sampleLookups,
  packages: new Map([
    ["/usr/bin/mongod", { manager: "dpkg", name: "mongodb-org-server", version: "7.0.5" }],
    ["/srv/shop/node_modules/next/dist/bin/next", { manager: "dpkg", name: "not-of-a-container", version: null }],
  ]),
  coverage: {
    ...fullCoverage,
    features: [
      ...fullCoverage.features,
      {
        id: "payload-egress",
        isAttached: false,
        reason: "Operation not permitted",
        unseen: "server names of TLS connections",
      },
    ],
    loss: { kernel: { "flow-open": 2, payload: 0 }, core: { "decode-failed": 1 }, total: 3 },
    olderFlows: 12,
    unattributedFlows: 1,
  },
  hello,
  startedAtNs: START_NS,
  endedAtNs: START_NS + 95 * SECOND,
  bootWallMs: hello.bootWallMs,
  generatedAtMs: hello.bootWallMs + (START_NS + 96 * SECOND) / 1e6,
  telltaleVersion: "0.1.0",
  ruleSetVersion: "2026-11-23",
};
