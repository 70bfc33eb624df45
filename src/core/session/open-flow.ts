/** How flows begin: from a record that opens them, or from any later one when that was lost or came first. */

import type { Endpoints, FlowOpenEvent, FlowOrigin, Owner } from "../event/kernel-event.ts";
import type { Endpoint, Transport } from "../model/endpoint.ts";
import type { Direction, FlowState, OpenedBy } from "../model/flow.ts";
import type { SocketCookie } from "../model/ids.ts";
import { localityOf } from "../model/locality.ts";
import { NO_ANSWERS } from "../naming/answer.ts";
import { NOTHING_SPOKEN, UNNAMED } from "../naming/name-flow.ts";
import { NO_VERDICT } from "./build-graph.ts";
import { finalise, limitFlows } from "./end-flow.ts";
import { type FlowEntry, NO_RUNS } from "./entries.ts";
import { reachesNobody, transportOf } from "./flow-facts.ts";
import { draw, learnDirection, linkPeer } from "./local-peers.ts";
import { nameNewFlow, updateAnswers } from "./name-flows.ts";
import type { ProcessEntry, ProcessImage } from "./process-entry.ts";
import type { SessionState } from "./session-state.ts";

export interface NewFlow {
  readonly cookie: SocketCookie;
  readonly netns: number;
  readonly endpoints: Endpoints;
  readonly process: ProcessEntry | null;
  readonly origin: FlowOrigin | "guess";
  readonly direction: Direction;
  readonly state: FlowState;
  readonly isContact: boolean;
  readonly timeNs: number;
  /** Above 1: the socket connected again. */
  readonly attempt?: number;
}

const TCP_SYN_SENT = 2;
const TCP_SYN_RECV = 3;
/** Where Linux picks local ports from by default (ip_local_port_range). */
const FIRST_EPHEMERAL_PORT = 32_768;

function entryOf(from: NewFlow, transport: Transport): FlowEntry {
  const { cookie, endpoints, process } = from;
  return {
    attempt: from.attempt ?? 1,
    cookie,
    transport,
    protocol: endpoints.protocol,
    netns: from.netns,
    remote: endpoints.remote,
    locality: localityOf(endpoints.remote.address),
    openedAtNs: from.timeNs,
    isOlderThanCapture: from.origin === "existing",
    origin: from.origin,
    direction: from.direction,
    local: endpoints.local,
    process,
    image: process?.image ?? null,
    openedBy: null,
    peer: null,
    isMirror: false,
    isContact: from.isContact,
    answers: NO_ANSWERS,
    spoken: NOTHING_SPOKEN,
    speech: null,
    naming: UNNAMED,
    encryptedDns: null,
    verdict: NO_VERDICT,
    state: from.state,
    failure: null,
    bytesSent: 0,
    bytesReceived: 0,
    packetsSent: 0,
    packetsReceived: 0,
    handshakeNs: null,
    rttUs: null,
    retransmits: null,
    runTotals: NO_RUNS,
    lastActiveNs: from.timeNs,
    closedAtNs: null,
    isFinal: false,
    isReported: false,
    edge: null,
    liveAt: -1,
    portsKey: -1,
  };
}

export function createFlow(state: SessionState, from: NewFlow): FlowEntry {
  const flow = entryOf(from, transportOf(from.endpoints.protocol));
  if (flow.process === null) state.counters.unattributedFlows += 1;
  if (flow.isOlderThanCapture) state.counters.olderFlows += 1;
  state.flows.insert(flow);
  limitFlows(state, from.timeNs);
  nameNewFlow(state, flow);
  linkPeer(state, flow);
  draw(state, flow);
  return flow;
}

/** First packet of a connected datagram socket: from now on it is a contact. */
export function becomeContact(state: SessionState, flow: FlowEntry): void {
  if (flow.isContact) return;
  flow.isContact = true;
  if (flow.answers !== NO_ANSWERS) updateAnswers(state, flow); // it uses them from now on
  draw(state, flow);
}

const isWildcard = (address: string): boolean => address === "0.0.0.0" || address === "::";

/** A connecting socket gets its own address late; one that was refused has given its port back by the time it tells. */
export function learnLocal(state: SessionState, flow: FlowEntry, told: Endpoint): void {
  const { address, port } = flow.local;
  const lacksAddress = isWildcard(address) && told.address !== address;
  const lacksPort = port === 0 && told.port !== 0;
  if (!lacksAddress && !lacksPort) return;
  // Nearly always both, and then the record's own object does: the cache of texts shares it.
  const isWhole = lacksAddress && lacksPort;
  const local = { address: lacksAddress ? told.address : address, port: lacksPort ? told.port : port };
  state.flows.setLocal(flow, isWhole ? told : local);
  linkPeer(state, flow);
}

/** Flows made from a later record lack it, and over loopback it tells their other ends apart. */
function learnNetns(state: SessionState, flow: FlowEntry, netns: number): void {
  if (flow.netns !== 0 || netns === 0) return;
  state.flows.setNetns(flow, netns);
  linkPeer(state, flow);
}

/** A better-known owner for a flow: the first record may have come from a place that cannot know it. */
export function adopt(state: SessionState, flow: FlowEntry, process: ProcessEntry): void {
  if (flow.process === process) return;
  if (flow.process === null) state.counters.unattributedFlows -= 1;
  flow.process = process;
  flow.image = process.image;
  if (flow.edge !== null) state.graph.place(flow);
  flow.answers = NO_ANSWERS; // those were of another, or of nobody
  nameNewFlow(state, flow);
  linkPeer(state, flow);
}

const openedBy = ({ facts }: ProcessImage): OpenedBy => ({
  pid: facts.pid,
  startTimeNs: facts.startTimeNs,
  exe: facts.exe,
  comm: facts.comm,
});

/** Another uses it from now on. What was looked up for it, the opener looked up: the flow keeps its name. */
export function handOver(state: SessionState, flow: FlowEntry, process: ProcessEntry): void {
  if (flow.image !== null) flow.openedBy ??= openedBy(flow.image);
  flow.process = process;
  flow.image = process.image;
  if (flow.edge !== null) state.graph.place(flow);
  linkPeer(state, flow);
}

/** Any record with an owner may tell whose a flow is that had none. */
export function learnOwner(state: SessionState, flow: FlowEntry, owner: Owner): void {
  if (flow.process !== null || owner.pid === 0) return;
  const process = state.processes.resolve(owner);
  if (process !== null) adopt(state, flow, process);
}

/** The hook in the caller's own context names the owner best. */
const isAuthoritative = (origin: FlowEntry["origin"]): boolean =>
  origin === "connect" || origin === "send" || origin === "accept";

/** Who began a flow that was there before us is not told: a low local port facing an ephemeral one looks like a server's. */
const directionOfExisting = ({ local, remote }: Endpoints): Direction =>
  local.port < FIRST_EPHEMERAL_PORT && local.port < remote.port ? "inbound" : "outbound";

function directionOf(event: FlowOpenEvent): Direction {
  if (event.origin === "accept") return "inbound";
  if (event.origin === "existing") return directionOfExisting(event.endpoints);
  return event.direction === "in" ? "inbound" : "outbound";
}

function initialState(event: FlowOpenEvent, transport: Transport): FlowState {
  if (event.origin === "existing") {
    const isOpening = event.tcpState === TCP_SYN_SENT || event.tcpState === TCP_SYN_RECV;
    return transport === "tcp" && isOpening ? "opening" : "open";
  }
  return event.origin === "connect" || event.origin === "send" ? "opening" : "open";
}

/** An open record for a flow we have: a second connect(), or a better view of the first. Returns true when done. */
function mergeOpen(state: SessionState, flow: FlowEntry, event: FlowOpenEvent): boolean {
  const { remote } = event.endpoints;
  const hasEnded = flow.state === "closed" || flow.state === "failed";
  const isSameRemote = flow.remote.port === remote.port && flow.remote.address === remote.address;
  if (hasEnded || !isSameRemote) {
    finalise(state, flow, event.timeNs);
    return false;
  }
  learnNetns(state, flow, event.netns);
  learnLocal(state, flow, event.endpoints.local);
  if (event.origin === "send") becomeContact(state, flow);
  const process = state.processes.resolve(event.owner);
  const isBetter = isAuthoritative(event.origin) && !isAuthoritative(flow.origin);
  if (isBetter && flow.origin === "guess" && flow.transport === "tcp") {
    flow.origin = event.origin;
    learnDirection(state, flow, directionOf(event));
  }
  if (process === null) return true;
  if (flow.process === null || isBetter) {
    flow.origin = event.origin;
    adopt(state, flow, process);
  } else if (event.origin === "send" && flow.process !== process) handOver(state, flow, process);
  return true;
}

const attemptAfter = (flow: FlowEntry | undefined, attempts = 0): number => (flow?.attempt ?? attempts) + 1;

/** A quiet socket speaks again: the same program's next flow, counted from where the last one stopped. */
export function resumeFlow(state: SessionState, quiet: FlowEntry, endpoints: Endpoints, timeNs: number): FlowEntry {
  state.quiet.forget(quiet.cookie, quiet.remote);
  const flow = createFlow(state, {
    cookie: quiet.cookie,
    netns: quiet.netns,
    endpoints,
    process: quiet.process,
    origin: "guess",
    direction: quiet.direction,
    state: "open",
    isContact: true,
    timeNs,
    attempt: attemptAfter(quiet),
  });
  flow.runTotals = quiet.runTotals;
  return flow;
}

export function applyOpen(state: SessionState, event: FlowOpenEvent): void {
  const { endpoints, cookie, origin } = event;
  const transport = transportOf(endpoints.protocol);
  if (reachesNobody(transport, endpoints.remote)) return;
  const known = state.flows.find(cookie, transport, endpoints.remote);
  if (known !== undefined && mergeOpen(state, known, event)) return;
  const quiet = transport === "tcp" ? undefined : state.quiet.find(cookie, endpoints.remote);
  if (quiet !== undefined) state.quiet.forget(cookie, endpoints.remote);
  createFlow(state, {
    cookie,
    netns: event.netns,
    endpoints,
    process: state.processes.resolve(event.owner),
    origin,
    direction: directionOf(event),
    state: initialState(event, transport),
    isContact: transport !== "udp" || origin !== "connect",
    timeNs: event.timeNs,
    attempt: attemptAfter(known ?? quiet, transport === "tcp" ? state.failedSockets.attemptsOf(cookie) : 0),
  });
}
