/** Flows that are not final yet, by socket and by their two ends. */
import type { Endpoint, Transport } from "../model/endpoint.ts";
import type { FlowKey, SocketCookie } from "../model/ids.ts";
import { oldestFirst } from "../model/oldest-first.ts";
import type { FlowEntry } from "./entries.ts";

export interface FlowTable {
  readonly insert: (flow: FlowEntry) => void;
  readonly remove: (flow: FlowEntry) => void;
  /** All flows of a socket: one for TCP, one a remote for UDP. */
  readonly ofSocket: (cookie: SocketCookie) => readonly FlowEntry[];
  /** The flow of a socket with this remote; TCP: the socket's only flow. */
  readonly find: (cookie: SocketCookie, transport: Transport, remote: Endpoint) => FlowEntry | undefined;
  /** Newest flow with exactly these ends. */
  readonly findByEnds: (flow: Ends) => FlowEntry | undefined;
  /** The same flow as its other end on this machine sees it. */
  readonly findMirror: (flow: FlowEntry) => FlowEntry | undefined;
  /** Its local end became known. */
  readonly setLocal: (flow: FlowEntry, local: Endpoint) => void;
  /** True for a socket whose flow became final a short while ago: its late records are no new flow. */
  readonly wasFinal: (cookie: SocketCookie) => boolean;
  /** Forgets sockets that became final before the last call but one. */
  readonly rotateFinal: () => void;
  /** The flow that opened first, to be removed now. */
  readonly oldest: () => FlowEntry | undefined;
  readonly values: () => Iterable<FlowEntry>;
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

/** See FlowKey. `attempt` above 1: the socket connected again after its flow ended. */
export function flowKey(cookie: SocketCookie, transport: Transport, remote: Endpoint, attempt = 1): FlowKey {
  const key = transport === "tcp" ? `${cookie}` : `${cookie}/${remote.address}:${remote.port}`;
  return (attempt === 1 ? key : `${key}#${attempt}`) as FlowKey;
}

/** Loopback is one network per namespace; other addresses name one host. */
function tupleOf(flow: Ends, near: Endpoint, far: Endpoint): string | null {
  if (near.port === 0 || far.port === 0) return null;
  const isLoopback = near.address.startsWith("127.") || near.address === "::1";
  return `${flow.transport} ${near.address} ${near.port} ${far.address} ${far.port}${isLoopback ? ` ${flow.netns}` : ""}`;
}

interface Tables {
  readonly byKey: Map<FlowKey, FlowEntry>;
  /** The bare flow where a socket has one only: nearly always. */
  readonly bySocket: Map<SocketCookie, FlowEntry | Set<FlowEntry>>;
  readonly byTuple: Map<string, FlowEntry>;
  finalNow: Set<SocketCookie>;
  finalBefore: Set<SocketCookie>;
}

function index(tables: Tables, flow: FlowEntry): void {
  const tuple = tupleOf(flow, flow.local, flow.remote);
  flow.tuple = tuple;
  if (tuple !== null) tables.byTuple.set(tuple, flow);
}

function unindex(tables: Tables, flow: FlowEntry): void {
  if (flow.tuple !== null && tables.byTuple.get(flow.tuple) === flow) tables.byTuple.delete(flow.tuple);
  flow.tuple = null;
}

function chain(tables: Tables, flow: FlowEntry): void {
  const before = tables.bySocket.get(flow.cookie);
  if (before === undefined) tables.bySocket.set(flow.cookie, flow);
  else if (before instanceof Set) before.add(flow);
  else tables.bySocket.set(flow.cookie, new Set([before, flow]));
}

function unchain(tables: Tables, flow: FlowEntry): void {
  const before = tables.bySocket.get(flow.cookie);
  if (before instanceof Set) {
    before.delete(flow);
    if (before.size === 0) tables.bySocket.delete(flow.cookie);
  } else if (before === flow) tables.bySocket.delete(flow.cookie);
}

function insert(tables: Tables, flow: FlowEntry): void {
  tables.byKey.set(flow.key, flow);
  chain(tables, flow);
  tables.finalNow.delete(flow.cookie);
  tables.finalBefore.delete(flow.cookie);
  index(tables, flow);
}

function remove(tables: Tables, flow: FlowEntry): void {
  if (tables.byKey.get(flow.key) === flow) tables.byKey.delete(flow.key);
  unchain(tables, flow);
  unindex(tables, flow);
  if (!tables.bySocket.has(flow.cookie) && tables.finalNow.size < MAX_FINAL_COOKIES) tables.finalNow.add(flow.cookie);
}

export function createFlowTable(): FlowTable {
  const tables: Tables = {
    byKey: new Map(),
    bySocket: new Map(),
    byTuple: new Map(),
    finalNow: new Set(),
    finalBefore: new Set(),
  };
  const byAge = oldestFirst(tables.byKey);
  return {
    insert: (flow) => insert(tables, flow),
    remove: (flow) => remove(tables, flow),
    ofSocket: (cookie) => {
      const flows = tables.bySocket.get(cookie);
      if (flows === undefined) return [];
      return flows instanceof Set ? [...flows] : [flows];
    },
    find: (cookie, transport, remote) => {
      const flows = tables.bySocket.get(cookie);
      if (flows === undefined) return undefined;
      return transport === "tcp" && !(flows instanceof Set)
        ? flows
        : tables.byKey.get(flowKey(cookie, transport, remote));
    },
    findByEnds: (ends) => {
      const tuple = tupleOf(ends, ends.local, ends.remote);
      return tuple === null ? undefined : tables.byTuple.get(tuple);
    },
    findMirror: (flow) => {
      const tuple = tupleOf(flow, flow.remote, flow.local);
      const mirror = tuple === null ? undefined : tables.byTuple.get(tuple);
      return mirror === flow ? undefined : mirror;
    },
    setLocal: (flow, local) => {
      unindex(tables, flow);
      flow.local = local;
      index(tables, flow);
    },
    wasFinal: (cookie) => tables.finalNow.has(cookie) || tables.finalBefore.has(cookie),
    rotateFinal: () => {
      tables.finalBefore = tables.finalNow;
      tables.finalNow = new Set();
      byAge.rest();
    },
    oldest: () => {
      const key = byAge.next();
      return key === undefined ? undefined : tables.byKey.get(key);
    },
    values: () => tables.byKey.values(),
    size: () => tables.byKey.size,
  };
}
