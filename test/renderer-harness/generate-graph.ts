/** Made-up graphs of any size, the same for the same seed; names are shaped like real ones. */
import type { DestinationNode, GraphEdge, GraphNode, ProgramGroup, ProgramNode } from "../../src/core/graph/graph.ts";
import { containerText } from "../../src/core/model/container-text.ts";
import { edgeId, nodeId, processKey, ruleId } from "../../src/core/model/ids.ts";
import type { NameEvidence, NameSource } from "../../src/core/model/name-evidence.ts";
import { CATEGORIES, type Category, type Verdict } from "../../src/core/model/verdict.ts";

export const NOW_NS = 9_000e9;

export interface GeneratedGraph {
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
}

interface Host {
  readonly name: string;
  readonly category: Category;
  readonly vendor: string | null;
}

const PROGRAMS: readonly (readonly [string, string, ProgramGroup])[] = [
  ["mongod", "/opt/mongodb/bin/mongod", "service"],
  ["firefox", "/usr/lib/firefox/firefox", "application"],
  ["code", "/usr/share/code/code", "application"],
  ["slack", "/usr/lib/slack/slack", "application"],
  ["node", "/usr/bin/node", "command-line"],
  ["git-remote-https", "/usr/lib/git-core/git-remote-https", "command-line"],
  ["dotnet", "/usr/share/dotnet/dotnet", "command-line"],
  ["curl", "/usr/bin/curl", "command-line"],
  ["apt-get", "/usr/bin/apt-get", "command-line"],
  ["systemd-timesyncd", "/lib/systemd/systemd-timesyncd", "service"],
  ["dockerd", "/usr/bin/dockerd", "service"],
  ["postgres", "/usr/lib/postgresql/16/bin/postgres", "container"],
  ["grafana", "/usr/share/grafana/bin/grafana", "container"],
  ["python3.11", "/usr/bin/python3.11", "command-line"],
  ["next-server", "/usr/bin/node", "command-line"],
  ["homebrew", "/usr/bin/ruby", "command-line"],
];

const HOSTS: readonly Host[] = [
  { name: "api.segment.io", category: "analytics", vendor: "Segment" },
  { name: "incoming.telemetry.mozilla.org", category: "telemetry", vendor: "Mozilla" },
  { name: "dc.services.visualstudio.com", category: "telemetry", vendor: "Microsoft" },
  { name: "o447951.ingest.sentry.io", category: "crash-reporting", vendor: "Sentry" },
  { name: "telemetry.nextjs.org", category: "telemetry", vendor: "Vercel" },
  { name: "ads.doubleclick.net", category: "advertising", vendor: "Google" },
  { name: "update.code.visualstudio.com", category: "update-check", vendor: "Microsoft" },
  { name: "packages.example.net", category: "content", vendor: null },
  { name: "github.com", category: "content", vendor: null },
  { name: "archive.example.org", category: "unknown", vendor: null },
  { name: "0.debian.pool.ntp.org", category: "infrastructure", vendor: null },
  { name: "dns.quad9.net", category: "infrastructure", vendor: null },
  { name: "en.wikipedia.org", category: "unknown", vendor: null },
  { name: "wss-primary.slack.com", category: "content", vendor: "Slack" },
  { name: "clientstream.launchdarkly.com", category: "feature-flags", vendor: "LaunchDarkly" },
  { name: "stats.grafana.org", category: "telemetry", vendor: "Grafana Labs" },
  { name: "xn--mnchen-3ya.example.org", category: "unknown", vendor: null },
  { name: "xn--80ak6aa92e.com", category: "unknown", vendor: null },
];

/** Names that share an address: made into one destination each. */
const SHARED: Readonly<Record<number, readonly string[]>> = {
  3: ["status.example.net", "shop.example.net"],
  9: ["a.cdn.example.com", "b.cdn.example.com", "c.cdn.example.com", "xn--mnchen-3ya.example.org"],
};

const SOURCES: readonly (NameSource | null)[] = [
  "server-name",
  "server-name",
  "own-answer",
  "own-lookup",
  "inherited-answer",
  "host-answer",
  "http-host",
  "connect-target",
  "hosts-file",
  "reverse-dns",
];

/** mulberry32: small, and the same everywhere. */
export function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

const pick = <T>(random: () => number, list: readonly T[]): T => {
  const found = list[Math.floor(random() * list.length)];
  if (found === undefined) throw new Error("expected a list with something in it");
  return found;
};

function verdictOf(host: Host, isSuspected: boolean): Verdict {
  const isRuled = host.category !== "unknown";
  return {
    category: host.category,
    vendor: host.vendor,
    owner: host.vendor,
    ruleId: isRuled ? ruleId(host.name) : null,
    confidence: !isRuled ? "none" : isSuspected ? "suspected" : "confirmed",
    evidence: isRuled
      ? `${host.name} is listed as ${host.category} of ${host.vendor ?? "its owner"}.`
      : "No rule names this destination.",
    source: isRuled ? "https://example.org/docs/telemetry" : null,
    optOuts:
      host.category === "telemetry" || host.category === "analytics"
        ? [
            {
              app: "this program",
              kind: "env",
              instruction: "export DO_NOT_TRACK=1",
              source: "https://example.org/opt-out",
            },
            { app: "its settings", kind: "ui", instruction: "Settings, Privacy, Send usage data: off", source: null },
          ]
        : [],
  };
}

function hostAt(index: number): Host {
  const known = HOSTS[index];
  if (known !== undefined) return known;
  const base = HOSTS[index % HOSTS.length];
  if (base === undefined) throw new Error("expected a host");
  const isPlain = index % 5 !== 0;
  const name =
    index % 7 === 0
      ? `203.0.${Math.floor(index / 250)}.${index % 250}`
      : `${["cdn", "api", "edge", "img", "static"][index % 5]}${index}.${base.name}`;
  return { name, category: isPlain ? "unknown" : base.category, vendor: base.vendor };
}

const HOSTILE = [
  "evil‮gpj.exe",
  "\x1b[31mred\x1b[0m",
  "a​b​c",
  "שלום-עולם",
  "مرحبا.example",
  `${"very-long-name-".repeat(14)}end`,
  "<img src=x onerror=alert(1)>",
  "名前付きプログラム",
  "line\nbreak\ttab",
  "",
];

type Context = Pick<ProgramNode, "container" | "unit" | "bundle">;
const CONTAINER_ID = "3f4e8a1b3f4e9d02c1b7a6f5e4d3c2b1a0f9e8d7c6b5a4938271605f4e3d2c1b";
const CONTAINER = { runtime: "docker", id: CONTAINER_ID, podId: null, ownerUid: null } as const;
const IMAGE = "images.example.net/platform/observability/grafana-enterprise-with-plugins:11.2.0-debian-12";

/** What a program runs in, as the capture would tell it; a hostile name is the container's too. */
function contextOf(label: string, hostileName: string | null): Context {
  const none: Context = { container: null, unit: null, bundle: null };
  if (hostileName !== null) return { ...none, container: { ...CONTAINER, name: hostileName, image: hostileName } };
  const contexts: Readonly<Record<string, Partial<Context>>> = {
    mongod: { unit: { name: "mongod.service", kind: "service", ownerUid: null } },
    firefox: { bundle: { kind: "flatpak", id: "org.mozilla.firefox" } },
    slack: {
      bundle: { kind: "snap", id: "slack" },
      unit: { name: "snap.slack.slack-0b6a9f3e-6b0f-4a53-9a0c-5c1f1f0c7d11.scope", kind: "scope", ownerUid: 1000 },
    },
    "systemd-timesyncd": { unit: { name: "systemd-timesyncd.service", kind: "service", ownerUid: null } },
    postgres: { container: { ...CONTAINER, name: "web-db", image: "postgres:16" } },
    grafana: { container: { ...CONTAINER, name: "observability-stack_grafana-enterprise_replica_1", image: IMAGE } },
  };
  return { ...none, ...contexts[label] };
}

function program(index: number, isHostile: boolean): ProgramNode {
  const [label, exe, group] = PROGRAMS[index] ?? [`worker-${index}`, `/opt/jobs/worker-${index}`, "command-line"];
  const name = isHostile ? (HOSTILE[index % HOSTILE.length] ?? label) : label;
  const context = contextOf(label, isHostile ? name : null);
  const inside = context.container === null || isHostile ? "" : ` in ${containerText(context.container)}`;
  const pid = 1200 + index * 17;
  return {
    kind: "program",
    id: nodeId(`program:${isHostile ? `${index}/` : ""}${exe}#${label}`),
    label: name + inside,
    exe: isHostile ? `/tmp/${name}` : exe,
    script: label === "next-server" ? "/home/dev/shop/node_modules/next/dist/bin/next" : null,
    group,
    ...context,
    helpers: index === 0 ? ["utility process"] : [],
    isExeDeleted: index % 6 === 5,
    processes: [
      {
        key: processKey(pid, 8_800e9),
        pid,
        exe,
        isExeDeleted: index % 6 === 5,
        helper: index === 0 ? "utility process" : null,
        argv: [exe, "--config", isHostile ? name : "/etc/app.conf", "a b"],
        uid: 1000,
        cgroup: "/user.slice/user-1000.slice/user@1000.service/app.slice/app.scope",
        ancestors: [
          { pid: 900, exe: "/usr/bin/bash" },
          { pid: 880, exe: "/usr/bin/gnome-terminal-server" },
          { pid: 1, exe: "/usr/lib/systemd/systemd" },
        ],
        startTimeNs: 8_800e9,
        exitedAtNs: null,
      },
    ],
    processCount: 1 + (index % 3),
    isRunning: index % 4 !== 3,
    category: "unknown",
    isSuspected: false,
    bytesSent: 0,
    bytesReceived: 0,
    flowCount: 0,
    destinationCount: 0,
    callerCount: 0,
    failedLookupCount: index % 5 === 0 ? 2 : 0,
    unfollowedLookupCount: index % 7 === 0 ? 3 : 0,
    encryptedDns: index === 1 ? [{ protocol: "doh", resolver: "dns.google" }] : [],
    firstSeenNs: NOW_NS,
    lastSeenNs: 0,
  };
}

function destination(index: number, isHostile: boolean): DestinationNode {
  const host = hostAt(index);
  const candidates = isHostile ? [] : (SHARED[index] ?? []);
  const several =
    candidates.length > 2 ? `${candidates[0]} or ${candidates.length - 1} others` : candidates.join(" or ");
  const label = isHostile ? `${HOSTILE[index % HOSTILE.length]}.${index}` : several === "" ? host.name : several;
  return {
    kind: "destination",
    id: nodeId(`destination:${label}`),
    label,
    isNamed: !/^[\d.]+$/.test(label),
    candidates,
    addresses: [`203.0.113.${index % 250}`, `2001:db8::${(index % 65535).toString(16)}`],
    locality: "internet",
    owner: host.vendor,
    category: host.category,
    isSuspected: index % 11 === 4,
    bytesSent: 0,
    bytesReceived: 0,
    flowCount: 0,
    programCount: 0,
    firstSeenNs: NOW_NS,
    lastSeenNs: 0,
  };
}

type Service = GraphEdge["services"][number];

/** Mostly TCP; also what has no port. */
function pickService(random: () => number): Service {
  const kind = random();
  if (kind < 0.03) return { transport: pick(random, ["raw", "icmp", "packet", "sctp"]), port: 0 };
  return { transport: kind < 0.15 ? "udp" : "tcp", port: pick(random, [443, 443, 443, 80, 53, 123, 5432]) };
}

function edge(random: () => number, source: ProgramNode, target: DestinationNode): GraphEdge {
  const nameSource = target.isNamed ? pick(random, SOURCES) : null;
  const sent = Math.round(10 ** (1.5 + random() * 5));
  const failed = random() < 0.06;
  const lastSeenNs = NOW_NS - random() ** 3 * 600e9;
  const isContradicted = nameSource === "server-name" && random() < 0.15;
  const otherNames: NameEvidence[] =
    random() < 0.15 ? [{ name: "shared-cdn.example.net", source: "host-answer", observedAtNs: lastSeenNs }] : [];
  if (isContradicted) {
    otherNames.unshift({ name: "front.example.net", source: "own-answer", observedAtNs: lastSeenNs - 3e9 });
  }
  return {
    id: edgeId(source.id, target.id),
    source: source.id,
    target: target.id,
    direction: random() < 0.06 ? "inbound" : "outbound",
    nameSource,
    nameObservedAtNs: nameSource === null ? null : lastSeenNs - 40e9,
    nameAgeNs: nameSource === null ? null : pick(random, [2e9, 185e9, -200e6, 40e6]),
    otherNames,
    isContradicted,
    peer: null,
    answeredBy: null,
    ech: nameSource !== "server-name" ? null : pick(random, [null, null, null, "offered", "outer-name"]),
    hops: nameSource === "connect-target" ? ["proxy.example.net:3128"] : [],
    encryptedDns:
      target.label === "dns.quad9.net" || random() < 0.03 ? { protocol: "doh", resolver: target.label } : null,
    services: [pickService(random)],
    verdict: verdictOf({ name: target.label, category: target.category, vendor: target.owner }, target.isSuspected),
    bytesSent: failed ? 0 : sent,
    bytesReceived: failed ? 0 : Math.round(sent * random() * 30),
    flowCount: 1 + Math.floor(random() * 40),
    openCount: failed || random() < 0.5 ? 0 : 1,
    failedCount: failed ? 3 : 0,
    lastFailure: failed ? "refused" : null,
    brokenCount: 0,
    handshakeNs: 14.1e6,
    rttUs: 12_800,
    retransmits: 2,
    firstSeenNs: lastSeenNs - random() * 300e9,
    lastSeenNs,
  };
}

/** `count` nodes, about one program for five destinations; every destination has at least one program. */
export function generateGraph(count: number, seed: number, isHostile = false): GeneratedGraph {
  const random = createRandom(seed);
  const programCount = count <= 5 ? 2 : Math.max(3, Math.round(count / 6));
  const programs = Array.from({ length: programCount }, (_, index) => program(index, isHostile));
  const destinations = Array.from({ length: count - programCount }, (_, index) => destination(index, isHostile));
  const edges = new Map<string, GraphEdge>();
  const connect = (source: ProgramNode, target: DestinationNode): void => {
    const made = edge(random, source, target);
    edges.set(made.id, made);
  };
  destinations.forEach((target, index) => {
    // Squared: a few programs (browsers) contact most of everything.
    connect(programs[index === 0 ? 0 : Math.floor(random() ** 1.7 * programCount)] ?? pick(random, programs), target);
    if (random() < 0.18) connect(pick(random, programs), target);
  });
  for (const source of programs)
    connect(source, destinations[Math.floor(random() ** 2 * destinations.length)] ?? pick(random, destinations));
  for (const made of localContacts(random, programs)) edges.set(made.id, made);
  const list = [...edges.values()];
  return { nodes: [...programs, ...destinations].map((node) => withTotals(node, list)), edges: list };
}

/** Only lends its shape: a program takes its place. */
const DATABASE = destination(0, false);

/** Programs of this machine that talk to each other, to each other's answer, and to themselves. */
function localContacts(random: () => number, programs: readonly ProgramNode[]): GraphEdge[] {
  const [first, second, third] = programs;
  if (first === undefined || second === undefined || third === undefined) return [];
  const local = (source: ProgramNode, target: ProgramNode, name: string | null): GraphEdge => ({
    ...edge(random, source, DATABASE),
    id: edgeId(source.id, target.id),
    target: target.id,
    direction: "outbound",
    nameSource: name === null ? null : "own-lookup",
    peer: { name, addresses: ["127.0.0.1"] },
    services: [{ transport: "tcp", port: 5432 }],
  });
  return [local(first, second, "db.dev.example"), local(second, first, null), local(third, third, null)];
}

function withTotals(node: GraphNode, edges: readonly GraphEdge[]): GraphNode {
  const own = edges.filter((each) => each.source === node.id || each.target === node.id);
  const total = (pickNumber: (each: GraphEdge) => number): number =>
    own.reduce((sum, each) => sum + pickNumber(each), 0);
  const ranks = own.map((each) => CATEGORIES.indexOf(each.verdict.category));
  const most = own.find((each) => CATEGORIES.indexOf(each.verdict.category) === Math.min(...ranks));
  const totals = {
    bytesSent: total((each) => each.bytesSent),
    bytesReceived: total((each) => each.bytesReceived),
    flowCount: total((each) => each.flowCount),
    firstSeenNs: Math.min(...own.map((each) => each.firstSeenNs)),
    lastSeenNs: Math.max(...own.map((each) => each.lastSeenNs)),
    category: most?.verdict.category ?? node.category,
    isSuspected: most?.verdict.confidence === "suspected",
  };
  return node.kind === "program"
    ? {
        ...node,
        ...totals,
        destinationCount: edges.filter((each) => each.source === node.id).length,
        callerCount: edges.filter((each) => each.target === node.id).length,
      }
    : { ...node, ...totals, programCount: own.length };
}
