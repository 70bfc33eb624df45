/**
 * The one place with mutable state: messages of the helper go in, the graph
 * and facts about flows come out. Time comes with the records and from `tick`.
 */

import type { Classifier } from "../classify/contact.ts";
import { decodeEvents, RecordError } from "../event/decode-event.ts";
import type { KernelEvent } from "../event/kernel-event.ts";
import { EVENT_ABI_VERSION } from "../event/layout.ts";
import type { Hello } from "../model/capture-facts.ts";
import type { Feature } from "../model/coverage.ts";
import type { Flow } from "../model/flow.ts";
import type { EdgeId, ProcessKey } from "../model/ids.ts";
import type { Process } from "../model/process.ts";
import { parseContainerList } from "../protocol/podman/parse-container-list.ts";
import type { InitialCiphers } from "../protocol/quic/initial-ciphers.ts";
import { coverage } from "./coverage.ts";
import { expireEnding, expireIdle, report } from "./end-flow.ts";
import type { FlowEntry } from "./entries.ts";
import { toFlow } from "./flow-facts.ts";
import { applyLookup, ingestMonitor } from "./ingest-dns.ts";
import { drawUnmet } from "./local-peers.ts";
import { updateName } from "./name-flows.ts";
import { applyOpen } from "./open-flow.ts";
import { applyOwner } from "./owner-change.ts";
import type { ProcessImage } from "./process-entry.ts";
import type { HelperMessage, Session, SessionOptions, Snapshot } from "./session-api.ts";
import { createSessionState, type SessionState } from "./session-state.ts";
import { applyBytes, applyPayload, applyState } from "./update-flow.ts";

/**
 * Records keep the clock going by themselves, at the record: a replay gives the
 * same results whether its bytes come in large pieces or small ones.
 */
const OWN_TICK_NS = 250e6;
/** Tables are walked as a whole this often. */
const SWEEP_NS = 10e9;

function applyEvent(state: SessionState, event: KernelEvent): void {
  state.counters.records += 1;
  if (event.timeNs > state.newestNs) {
    state.newestNs = event.timeNs;
    if (event.timeNs - state.tickedAtNs >= OWN_TICK_NS) tick(state, event.timeNs);
  }
  switch (event.type) {
    case "flow-open":
      applyOpen(state, event);
      return;
    case "flow-state":
      applyState(state, event);
      return;
    case "flow-bytes":
      applyBytes(state, event);
      return;
    case "flow-owner":
      applyOwner(state, event);
      return;
    case "payload":
      applyPayload(state, event);
      return;
    case "process": {
      const { image, ended } = state.processes.applyProcess(event);
      if (ended !== null) state.graph.endImage(ended);
      reidentify(state, [image]);
      return;
    }
    case "fork":
      state.processes.applyFork(event);
      return;
    case "exit": {
      const entry = state.processes.applyExit(event);
      if (entry !== null) state.graph.endImage(entry.image);
      return;
    }
    case "cgroup":
      reidentify(state, state.processes.applyCgroups([{ id: String(event.id), path: event.path }]));
      return;
    case "lookup":
      applyLookup(state, event);
      return;
    default: {
      const unreachable: never = event;
      throw new Error(`unknown event ${JSON.stringify(unreachable)}`);
    }
  }
}

/** More is known of a program: its flows and lookups may be another's. */
function reidentify(state: SessionState, images: readonly ProcessImage[]): void {
  state.graph.reidentify(images);
  state.lookups.reidentify(images);
}

/** A batch that stops being records is dropped from there on, counted, and the next one is read again. */
function ingestRecords(state: SessionState, bytes: Uint8Array): void {
  try {
    state.counters.unknownRecords += decodeEvents(bytes, state.onEvent, state.texts);
  } catch (error) {
    if (!(error instanceof RecordError)) throw error;
    state.counters.undecodable += 1;
  }
}

function ingestHello(state: SessionState, hello: Hello): void {
  if (hello.abiVersion !== EVENT_ABI_VERSION) {
    throw new Error(
      `the records are of version ${hello.abiVersion}; this version of Telltale reads version ${EVENT_ABI_VERSION}`,
    );
  }
  state.hello = hello;
  state.newestNs = Math.max(state.newestNs, hello.startedAtNs);
}

/** Probes of C libraries come and go with containers; the helper names the first few dozen. */
const MAX_FEATURES = 256;

function noteFeatures(state: SessionState, features: readonly Feature[]): void {
  for (const feature of features) {
    if (state.features.size < MAX_FEATURES || state.features.has(feature.id)) state.features.set(feature.id, feature);
  }
}

function ingest(state: SessionState, message: HelperMessage): void {
  switch (message.kind) {
    case "hello":
      ingestHello(state, message.hello);
      return;
    case "records":
      ingestRecords(state, message.bytes);
      return;
    case "process-arguments":
      reidentify(
        state,
        state.processes.applyArguments(message.processes).map(({ image }) => image),
      );
      return;
    case "cgroups":
      reidentify(state, state.processes.applyCgroups(message.cgroups));
      return;
    case "stats":
      state.stats = message.stats;
      return;
    case "live":
      reidentify(state, state.processes.completeLineages());
      return;
    case "features":
      noteFeatures(state, message.features);
      return;
    case "hosts-file":
      state.fallbacks.readHostsFile(message.bytes, message.timeNs);
      nameNameless(state, () => true);
      return;
    case "resolver-monitor":
      ingestMonitor(state, message.bytes, message.timeNs);
      return;
    case "container-list":
      state.graph.nameContainers(parseContainerList(message.bytes, null));
      return;
    case "failure":
      return; // the shell tells the user; what was seen stays
    default: {
      const unreachable: never = message;
      throw new Error(`unknown message ${JSON.stringify(unreachable)}`);
    }
  }
}

function tick(state: SessionState, nowNs: number): void {
  state.tickedAtNs = nowNs;
  drawUnmet(state, nowNs);
  expireEnding(state, nowNs);
  state.waiting.expire(nowNs);
  state.lookups.tick(nowNs);
  if (nowNs - state.sweptAtNs < SWEEP_NS) return;
  state.sweptAtNs = nowNs;
  expireIdle(state, nowNs);
  state.answers.expire(nowNs);
  state.publicNames.expire(nowNs);
  state.lookups.expire(nowNs);
  state.dns.expire(nowNs);
  state.processes.sweep(nowNs);
  state.flows.rotateFinal();
  state.quiet.rest();
  state.failedSockets.rest();
}

function finish(state: SessionState): void {
  drawUnmet(state, Number.POSITIVE_INFINITY);
  expireEnding(state, Number.POSITIVE_INFINITY);
  for (const flow of state.flows.values()) report(state, flow);
}

const newestFirst = (a: FlowEntry, b: FlowEntry): number => b.openedAtNs - a.openedAtNs;

function flowsOfEdge(state: SessionState, id: EdgeId, limit: number): readonly Flow[] {
  const edge = state.graph.edge(id);
  if (edge === undefined) return [];
  return [...edge.ended, ...edge.live].sort(newestFirst).slice(0, limit).map(toFlow);
}

function snapshot(state: SessionState): Snapshot {
  const entries = [...state.flows.values()].filter((flow) => flow.isContact);
  for (const flow of entries) state.graph.judgeUndrawn(flow);
  for (const edge of state.graph.edges()) entries.push(...edge.ended);
  const processes = new Map<ProcessKey, Process>();
  for (const { key, image } of state.processes.values()) processes.set(key, image.facts);
  // Exited ones that the table let go of live on in their flows.
  for (const { process, image } of entries) {
    if (process !== null && image !== null && !processes.has(process.key)) processes.set(process.key, image.facts);
  }
  return {
    hello: state.hello,
    nowNs: state.newestNs,
    flows: entries.map(toFlow),
    processes,
    coverage: coverage(state),
    lookups: state.lookups.all(),
  };
}

/** Names that nobody asked for reach flows seen before they were known. */
function nameNameless(state: SessionState, isMeant: (flow: FlowEntry) => boolean): void {
  const known = new Set(state.flows.values());
  for (const edge of state.graph.edges()) for (const flow of edge.ended) known.add(flow);
  for (const flow of known) if (flow.naming.evidence.length === 0 && isMeant(flow)) updateName(state, flow);
}

function addReverseName(state: SessionState, address: string, name: string): void {
  if (!state.fallbacks.addReverseName(address, name, state.newestNs)) return;
  nameNameless(state, (flow) => flow.remote.address === address);
}

export function createSession(classifier: Classifier, ciphers: InitialCiphers, options: SessionOptions = {}): Session {
  const state = createSessionState(classifier, ciphers, options, applyEvent);
  return {
    ingest: (message) => ingest(state, message),
    addGap: (gap) => void state.gaps.push(gap),
    tick: (nowNs) => tick(state, nowNs),
    finish: () => finish(state),
    newestNs: () => state.newestNs,
    hello: () => state.hello,
    coverage: () => coverage(state),
    graph: () => state.graph.graph(),
    flowsOfEdge: (edge, limit) => flowsOfEdge(state, edge, limit),
    lookupsOfProgram: (program, limit) => state.lookups.ofProgram(program, limit),
    addReverseName: (address, name) => addReverseName(state, address, name),
    nameContainers: (names) => state.graph.nameContainers(names),
    snapshot: () => snapshot(state),
  };
}
