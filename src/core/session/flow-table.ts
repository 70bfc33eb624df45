/** Flows that are not final yet, by socket and by their two ends. */
import type { Endpoint, Transport } from "../model/endpoint.ts";
import type { SocketCookie } from "../model/ids.ts";
import { isLoopbackAddress } from "../model/locality.ts";
import type { FlowEntry } from "./entries.ts";

export interface FlowTable {
  readonly insert: (flow: FlowEntry) => void;
  /** `flow.isFinal` is set by now. */
  readonly remove: (flow: FlowEntry) => void;
  /** All flows of a socket: one for TCP, one a remote for all others. */
  readonly ofSocket: (cookie: SocketCookie) => readonly FlowEntry[];
  /** The flow of a socket with this remote; TCP: the socket's only flow. */
  readonly find: (cookie: SocketCookie, transport: Transport, remote: Endpoint) => FlowEntry | undefined;
  /** Newest flow with exactly these ends. */
  readonly findByEnds: (flow: Ends) => FlowEntry | undefined;
  /** The same flow as its other end on this machine sees it. */
  readonly findMirror: (flow: FlowEntry) => FlowEntry | undefined;
  /** Its local end became known. */
  readonly setLocal: (flow: FlowEntry, local: Endpoint) => void;
  /** Its network namespace became known. */
  readonly setNetns: (flow: FlowEntry, netns: number) => void;
  /** True for a socket whose flow became final a short while ago: its late records are no new flow. */
  readonly wasFinal: (cookie: SocketCookie) => boolean;
  /** Forgets sockets that became final before the last call but one. */
  readonly rotateFinal: () => void;
  /** The flow that opened first, to be removed now. */
  readonly oldest: () => FlowEntry | undefined;
  readonly values: () => readonly FlowEntry[];
  readonly size: () => number;
}

export interface Ends {
  readonly transport: FlowEntry["transport"];
  readonly local: Endpoint;
  readonly remote: Endpoint;
  readonly netns: number;
}

/** Cookies only, 64 bytes each with their set: what 10,000 flows a second leave in 10 s. */
const MAX_FINAL_COOKIES = 131_072;

/** Both ports in one small integer: no two flows at a time share theirs, except through many addresses. */
const portsKeyOf = (near: Endpoint, far: Endpoint): number =>
  near.port === 0 || far.port === 0 ? -1 : (near.port << 16) | far.port;

/** What tells flows apart that share a key; TCP sockets have one flow at a time. */
const remoteDetail = (transport: Transport, remote: Endpoint): string =>
  transport === "tcp" ? "tcp" : `${transport} ${remote.address} ${remote.port}`;

/** Loopback is one network per namespace; other addresses name one host. */
const endsDetail = ({ transport, netns }: Ends, near: Endpoint, far: Endpoint): string =>
  `${transport} ${near.address} ${far.address}${isLoopbackAddress(near.address) ? ` ${netns}` : ""}`;

const isRemote = (flow: FlowEntry, transport: Transport, remote: Endpoint): boolean =>
  flow.transport === transport &&
  (transport === "tcp" || (flow.remote.port === remote.port && flow.remote.address === remote.address));

const hasEnds = (flow: FlowEntry, ends: Ends, near: Endpoint, far: Endpoint): boolean =>
  flow.transport === ends.transport &&
  flow.local.address === near.address &&
  flow.remote.address === far.address &&
  (flow.netns === ends.netns || !isLoopbackAddress(near.address));

/** The bare flow where a key has one only, nearly always; else by what tells them apart, the newest of each. */
type OneOrMore = FlowEntry | Map<string, FlowEntry>;

/** Flows by a number; texts are made only where several share it. */
interface Index {
  readonly map: Map<number, OneOrMore>;
  readonly detailOf: (flow: FlowEntry) => string;
}

interface Tables {
  /** In the order of opening; final ones stay until they are half of it. */
  opened: FlowEntry[];
  /** In front of it all are final. */
  firstOpen: number;
  size: number;
  readonly bySocket: Index;
  readonly byPorts: Index;
  finalNow: Set<SocketCookie>;
  finalBefore: Set<SocketCookie>;
  /** Of those two; cookies count up, so a new socket's is mostly above it. */
  highestFinal: number;
}

function chain({ map, detailOf }: Index, key: number, flow: FlowEntry): void {
  const before = map.get(key);
  if (before === undefined) map.set(key, flow);
  else if (before instanceof Map) before.set(detailOf(flow), flow);
  else
    map.set(
      key,
      new Map([
        [detailOf(before), before],
        [detailOf(flow), flow],
      ]),
    );
}

/** True: nothing is left of the key. */
function unchain({ map, detailOf }: Index, key: number, flow: FlowEntry): boolean {
  const before = map.get(key);
  if (before === flow) return map.delete(key);
  if (!(before instanceof Map)) return before === undefined;
  const detail = detailOf(flow);
  if (before.get(detail) === flow) before.delete(detail);
  return before.size === 0 && map.delete(key);
}

function index(tables: Tables, flow: FlowEntry): void {
  flow.portsKey = portsKeyOf(flow.local, flow.remote);
  if (flow.portsKey !== -1) chain(tables.byPorts, flow.portsKey, flow);
}

function unindex(tables: Tables, flow: FlowEntry): void {
  if (flow.portsKey !== -1) unchain(tables.byPorts, flow.portsKey, flow);
  flow.portsKey = -1;
}

function insert(tables: Tables, flow: FlowEntry): void {
  tables.opened.push(flow);
  tables.size += 1;
  chain(tables.bySocket, flow.cookie, flow);
  if (flow.cookie <= tables.highestFinal) {
    tables.finalNow.delete(flow.cookie);
    tables.finalBefore.delete(flow.cookie);
  }
  index(tables, flow);
}

/** Fewer are not worth a copy. */
const COMPACT_AT = 4096;

function compact(tables: Tables): void {
  if (tables.opened.length < COMPACT_AT || tables.opened.length < tables.size * 2) return;
  tables.opened = tables.opened.filter(({ isFinal }) => !isFinal);
  tables.firstOpen = 0;
}

function oldest(tables: Tables): FlowEntry | undefined {
  for (; tables.firstOpen < tables.opened.length; tables.firstOpen += 1) {
    const flow = tables.opened[tables.firstOpen];
    if (flow?.isFinal === false) return flow;
  }
  return undefined;
}

function remove(tables: Tables, flow: FlowEntry): void {
  tables.size -= 1;
  compact(tables);
  const isOver = unchain(tables.bySocket, flow.cookie, flow);
  unindex(tables, flow);
  if (!isOver || tables.finalNow.size >= MAX_FINAL_COOKIES) return;
  tables.finalNow.add(flow.cookie);
  if (flow.cookie > tables.highestFinal) tables.highestFinal = flow.cookie;
}

function find(tables: Tables, cookie: SocketCookie, transport: Transport, remote: Endpoint): FlowEntry | undefined {
  const flows = tables.bySocket.map.get(cookie);
  if (flows instanceof Map) return flows.get(remoteDetail(transport, remote));
  return flows !== undefined && isRemote(flows, transport, remote) ? flows : undefined;
}

function findEnds(tables: Tables, ends: Ends, near: Endpoint, far: Endpoint): FlowEntry | undefined {
  const flows = tables.byPorts.map.get(portsKeyOf(near, far));
  if (flows instanceof Map) return flows.get(endsDetail(ends, near, far));
  return flows !== undefined && hasEnds(flows, ends, near, far) ? flows : undefined;
}

export function createFlowTable(): FlowTable {
  const tables: Tables = {
    opened: [],
    firstOpen: 0,
    size: 0,
    bySocket: { map: new Map(), detailOf: ({ transport, remote }) => remoteDetail(transport, remote) },
    byPorts: { map: new Map(), detailOf: (flow) => endsDetail(flow, flow.local, flow.remote) },
    finalNow: new Set(),
    finalBefore: new Set(),
    highestFinal: Number.NEGATIVE_INFINITY,
  };
  return {
    insert: (flow) => insert(tables, flow),
    remove: (flow) => remove(tables, flow),
    ofSocket: (cookie) => {
      const flows = tables.bySocket.map.get(cookie);
      if (flows === undefined) return [];
      return flows instanceof Map ? [...flows.values()] : [flows];
    },
    find: (cookie, transport, remote) => find(tables, cookie, transport, remote),
    findByEnds: (ends) => findEnds(tables, ends, ends.local, ends.remote),
    findMirror: (flow) => {
      const mirror = findEnds(tables, flow, flow.remote, flow.local);
      return mirror === flow ? undefined : mirror;
    },
    setLocal: (flow, local) => {
      unindex(tables, flow);
      flow.local = local;
      index(tables, flow);
    },
    setNetns: (flow, netns) => {
      unindex(tables, flow);
      flow.netns = netns;
      index(tables, flow);
    },
    wasFinal: (cookie) => tables.finalNow.has(cookie) || tables.finalBefore.has(cookie),
    rotateFinal: () => {
      tables.finalBefore = tables.finalNow;
      tables.finalNow = new Set();
    },
    oldest: () => oldest(tables),
    values: () => tables.opened.filter(({ isFinal }) => !isFinal),
    size: () => tables.size,
  };
}
