/**
 * Numbers, times and model values in the words people read. Shared by the
 * window, the terminal and the reports, so that all say the same.
 */
import type { Endpoint, Locality, Transport } from "./endpoint.ts";
import type { Direction, FlowState } from "./flow.ts";
import type { NameSource } from "./name-evidence.ts";
import type { Category, Verdict } from "./verdict.ts";

const BYTE_UNITS = ["B", "kB", "MB", "GB", "TB", "PB"] as const;

/** `0 B`, `812 B`, `1.2 kB`, `34 MB`: decimal units, two significant digits below ten. */
export function formatBytes(bytes: number): string {
  let value = bytes;
  let unit = 0;
  // 999.5 would round up to "1000 kB"; it belongs to the next unit.
  while (value >= (unit === 0 ? 1000 : 999.5) && unit < BYTE_UNITS.length - 1) {
    value /= 1000;
    unit += 1;
  }
  // The same at the lower step: 9.95 rounds to "10", not to "10.0".
  const digits = unit > 0 && value < 9.95 ? 1 : 0;
  return `${value.toFixed(digits)} ${BYTE_UNITS[unit]}`;
}

/** `340 ms`, `12 s`, `3 min 5 s`, `2 h 10 min`, `4 d 3 h`. Negative durations read as 0. */
export function formatDuration(ns: number): string {
  const ms = Math.max(0, ns) / 1e6;
  if (ms < 1000) return `${Math.floor(ms)} ms`;
  const seconds = Math.floor(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  const pair = (value: number, unit: string, rest: number, restUnit: string): string =>
    rest === 0 ? `${value} ${unit}` : `${value} ${unit} ${rest} ${restUnit}`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return pair(minutes, "min", seconds % 60, "s");
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return pair(hours, "h", minutes % 60, "min");
  return pair(Math.floor(hours / 24), "d", hours % 24, "h");
}

/** `85 µs`, `1.2 ms`, `340 ms`, `3.1 s`: times on the wire. */
export function formatRoundTrip(us: number): string {
  const whole = Math.round(Math.max(0, us));
  if (whole < 1000) return `${whole} µs`;
  const [value, unit] = whole < 999_500 ? [whole / 1000, "ms"] : [whole / 1e6, "s"];
  return `${value.toFixed(value < 9.95 ? 1 : 0)} ${unit}`;
}

/** `just now`, `12 s ago`, `3 min ago`: one unit, for live lists. */
export function formatAgo(elapsedNs: number): string {
  const seconds = Math.floor(elapsedNs / 1e9);
  if (seconds < 2) return "just now";
  if (seconds < 60) return `${seconds} s ago`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h ago`;
  return `${Math.floor(seconds / 86_400)} d ago`;
}

/** Unix ms of an instant given in ns of CLOCK_BOOTTIME. */
export const wallMs = (bootWallMs: number, ns: number): number => Math.round(bootWallMs + ns / 1e6);

/** `2026-11-23T12:00:41.250Z`, or null for an instant no calendar has. */
export function isoTime(bootWallMs: number, ns: number): string | null {
  const date = new Date(wallMs(bootWallMs, ns));
  return Number.isNaN(date.getTime()) ? null : date.toISOString();
}

/** `2026-11-23 12:00:41 UTC`: for reports, read far from the machine that made them. */
export function formatUtc(unixMs: number): string {
  const date = new Date(unixMs);
  if (Number.isNaN(date.getTime())) return "unknown";
  return `${date.toISOString().slice(0, 19).replace("T", " ")} UTC`;
}

/** `1 flow`, `12,000 flows`. */
export function formatCount(count: number, singular: string, plural = `${singular}s`): string {
  return `${groupDigits(count)} ${count === 1 ? singular : plural}`;
}

/** `12,345` without a locale, so that reports are the same everywhere. */
export const groupDigits = (count: number): string => String(count).replace(/\B(?=(\d{3})+$)/g, ",");

/** `192.0.2.1:443`, `[2001:db8::1]:443`; without port where there is none. */
export function formatEndpoint(endpoint: Endpoint): string {
  if (endpoint.port === 0) return endpoint.address;
  return endpoint.address.includes(":")
    ? `[${endpoint.address}]:${endpoint.port}`
    : `${endpoint.address}:${endpoint.port}`;
}

/** Two levels of words: `plain` is shown, `exact` is one hover away. */
export interface Words {
  readonly plain: string;
  readonly exact: string;
}

const NAME_SOURCE_WORDS: Readonly<Record<NameSource, Words>> = {
  "server-name": {
    plain: "named by this program in its connection",
    exact: "Server name (SNI) in the program's own TLS ClientHello, over TCP or QUIC",
  },
  "connect-target": {
    plain: "what this program asked its proxy for",
    exact: "Target of the program's own HTTP CONNECT or proxy request",
  },
  "http-host": {
    plain: "named by this program in its request",
    exact: "Host of the program's own unencrypted HTTP request",
  },
  "own-answer": {
    plain: "asked for by this program",
    exact: "Resolver answer received by this process",
  },
  "own-lookup": {
    plain: "asked for by this program, answered by the system",
    exact: "Answer of the C library to a call of this process; another process may have sent the packets",
  },
  "inherited-answer": {
    plain: "asked for by the program that started it",
    exact: "Resolver answer received by a parent process before fork or exec",
  },
  "cgroup-answer": {
    plain: "asked for by a neighbour in the same service or container",
    exact: "Resolver answer received by another process of the same cgroup",
  },
  "host-answer": {
    plain: "asked for by another program on this machine",
    exact: "Resolver answer received by an unrelated process of this host; the name may differ",
  },
  "hosts-file": {
    plain: "listed in /etc/hosts",
    exact: "The address stands in /etc/hosts; nobody was seen asking for it",
  },
  "reverse-dns": {
    plain: "what the address's owner calls it",
    exact: "Reverse lookup (PTR) made on your request; the program did not ask for this name",
  },
};

const NO_NAME_WORDS: Words = {
  plain: "no name seen, only the address",
  exact: "No resolver answer and no server name was observed for this address",
};

/** How a name is known; null: there is none. */
export const nameSourceWords = (source: NameSource | null): Words =>
  source === null ? NO_NAME_WORDS : NAME_SOURCE_WORDS[source];

export type NameMark = "●" | "○" | "◌" | "?" | "△" | "–";

/** ● the program said it on the connection, ○ it asked for it, ◌ somebody else did. */
const NAME_MARKS: Readonly<Record<NameSource, NameMark>> = {
  "server-name": "●",
  "connect-target": "●",
  "http-host": "●",
  "own-answer": "○",
  "own-lookup": "○",
  "inherited-answer": "◌",
  "cgroup-answer": "◌",
  "host-answer": "◌",
  "hosts-file": "◌",
  "reverse-dns": "◌",
};

/** The small mark beside a name; nameSourceWords says it in words. `candidateCount`: names that cannot be told apart. */
export function nameMark(source: NameSource | null, isContradicted: boolean, candidateCount = 0): NameMark {
  if (candidateCount > 1) return "?";
  if (source === null) return "–";
  if (isContradicted) return "△";
  return NAME_MARKS[source];
}

const CATEGORY_WORDS: Readonly<Record<Category, Words>> = {
  telemetry: { plain: "Telemetry", exact: "Reports how the program is used to its maker" },
  "crash-reporting": { plain: "Crash reports", exact: "Reports errors and crashes" },
  analytics: { plain: "Analytics", exact: "Reports usage to an analytics service" },
  advertising: { plain: "Advertising", exact: "Serves or measures advertising" },
  monitoring: { plain: "Monitoring", exact: "Sends metrics, logs or traces to a monitoring service" },
  "feature-flags": { plain: "Feature flags", exact: "Asks which features to turn on; may report what was shown" },
  "update-check": { plain: "Update check", exact: "Asks whether a newer version exists" },
  "licence-check": { plain: "Licence check", exact: "Checks a licence or an account" },
  content: { plain: "Content", exact: "Carries what the program is for" },
  infrastructure: { plain: "Infrastructure", exact: "Keeps the network running: name resolution, time, addresses" },
  unknown: { plain: "Not classified", exact: "No rule names this destination" },
};

export const categoryWords = (category: Category): Words => CATEGORY_WORDS[category];

const CONFIDENCE_WORDS: Readonly<Record<Verdict["confidence"], Words>> = {
  confirmed: { plain: "known", exact: "A rule with a checked source names this host" },
  suspected: { plain: "suspected", exact: "A guess from the name, or a rule whose source could not be checked" },
  none: { plain: "not judged", exact: "No rule says anything about this destination" },
};

export const confidenceWords = (confidence: Verdict["confidence"]): Words => CONFIDENCE_WORDS[confidence];

const TRANSPORT_LABELS: Readonly<Record<Transport, string>> = {
  tcp: "TCP",
  udp: "UDP",
  icmp: "ICMP",
  sctp: "SCTP",
  raw: "raw IP",
  packet: "packet socket",
  other: "other",
};

export const transportLabel = (transport: Transport): string => TRANSPORT_LABELS[transport];

/** What usually speaks on a port; a habit, not an observation, so it is shown beside the port and never instead. */
const USUAL_PROTOCOLS: Readonly<Record<string, string>> = {
  "tcp/22": "SSH",
  "tcp/25": "SMTP",
  "tcp/53": "DNS",
  "udp/53": "DNS",
  "udp/67": "DHCP",
  "tcp/80": "HTTP",
  "udp/123": "NTP",
  "udp/443": "HTTPS over QUIC",
  "tcp/443": "HTTPS",
  "tcp/587": "SMTP",
  "tcp/853": "DNS over TLS",
  "udp/853": "DNS over QUIC",
  "tcp/993": "IMAP",
  "tcp/3306": "MySQL",
  "udp/5353": "mDNS",
  "tcp/5432": "PostgreSQL",
  "tcp/6379": "Redis",
  "tcp/9418": "Git",
  "tcp/27017": "MongoDB",
};

/** `TCP 443 (HTTPS)`, `UDP 5000`, `ICMP`. */
export function serviceLabel(transport: Transport, port: number): string {
  if (port === 0) return transportLabel(transport);
  const usual = USUAL_PROTOCOLS[`${transport}/${port}`];
  return `${transportLabel(transport)} ${port}${usual === undefined ? "" : ` (${usual})`}`;
}

const LOCALITY_LABELS: Readonly<Record<Locality, string>> = {
  loopback: "this machine",
  private: "local network",
  "link-local": "local link",
  multicast: "everyone on the local link",
  internet: "internet",
};

export const localityLabel = (locality: Locality): string => LOCALITY_LABELS[locality];

const STATE_LABELS: Readonly<Record<FlowState, string>> = {
  opening: "connecting",
  open: "open",
  closed: "closed",
  failed: "failed",
};

export const stateLabel = (state: FlowState): string => STATE_LABELS[state];

/** `open`, `failed: refused`, `closed: reset`. */
export const endLabel = (state: FlowState, failure: string | null): string =>
  failure === null ? stateLabel(state) : `${stateLabel(state)}: ${failure}`;

/** What byte counts count, for a hover. */
export const BYTES_WORDS =
  "Payload: above TCP or UDP, without headers and without what TCP sent again; of ping, raw and SCTP sockets above IP, of packet sockets above the link";

const DIRECTION_LABELS: Readonly<Record<Direction | "both", string>> = {
  outbound: "outgoing",
  inbound: "incoming",
  both: "outgoing and incoming",
};

export const directionLabel = (direction: Direction | "both"): string => DIRECTION_LABELS[direction];
