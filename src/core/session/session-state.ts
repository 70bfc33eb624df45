/** What the parts of a session share. Mutable; nothing outside src/core/session sees it. */
import type { Classifier } from "../classify/contact.ts";
import type { KernelEvent } from "../event/kernel-event.ts";
import { createTextCache, type TextCache } from "../event/text-cache.ts";
import type { Hello, KernelStats } from "../model/capture-facts.ts";
import type { Feature } from "../model/coverage.ts";
import type { OnUsed } from "../naming/find-names.ts";
import { createResolverAnswers, type ResolverAnswers } from "../naming/resolver-answers.ts";
import type { InitialCiphers } from "../protocol/quic/initial-ciphers.ts";
import { createMonitorReader, type MonitorReader } from "../protocol/resolved/read-monitor.ts";
import { createAnswerUse } from "./answer-use.ts";
import { createDecryptionBudget, type DecryptionBudget } from "./decryption-budget.ts";
import { createDnsTraffic, type DnsListener, type DnsTraffic } from "./dns-traffic.ts";
import type { FlowEntry } from "./entries.ts";
import { createFailedSockets, type FailedSockets } from "./failed-sockets.ts";
import { createFallbackNames, type FallbackNames } from "./fallback-names.ts";
import { createFifo, type Fifo } from "./fifo.ts";
import { createFlowTable, type FlowTable } from "./flow-table.ts";
import { createLiveGraph, type LiveGraph } from "./live-graph.ts";
import { createLookupNames } from "./lookup-names.ts";
import { createLookups, type Lookups } from "./lookups.ts";
import { createProcessTable, type ProcessTable } from "./process-table.ts";
import { createPublicNames, type PublicNames } from "./public-names.ts";
import { createQuietFlows, type QuietFlows } from "./quiet-flows.ts";
import type { SessionOptions } from "./session-api.ts";
import { createSpeechCounters, type SpeechCounters } from "./speech.ts";
import { createWaitingFlows, type WaitingFlows } from "./waiting-flows.ts";

export interface SessionState {
  readonly options: SessionOptions;
  readonly classifier: Classifier;
  readonly processes: ProcessTable;
  readonly flows: FlowTable;
  readonly quiet: QuietFlows;
  readonly failedSockets: FailedSockets;
  readonly answers: ResolverAnswers;
  readonly onAnswerUsed: OnUsed;
  readonly publicNames: PublicNames;
  readonly decryption: DecryptionBudget;
  readonly ciphers: InitialCiphers;
  readonly fallbacks: FallbackNames;
  readonly lookups: Lookups;
  readonly lookupName: (text: string) => string | null;
  /** The system resolver's own log. */
  readonly monitor: MonitorReader;
  readonly waiting: WaitingFlows;
  readonly dns: DnsTraffic;
  readonly graph: LiveGraph;
  /** Closed flows whose last record may still come, in the order of their ends. */
  readonly ending: Fifo<FlowEntry>;
  /** Contacts over loopback whose other end is still to show up, in the order they came. */
  readonly unmet: Fifo<FlowEntry>;
  /** Texts that repeat from batch to batch. */
  readonly texts: TextCache;
  /** Made with the first DNS payload. */
  dnsListener: DnsListener | null;
  readonly onEvent: (event: KernelEvent) => void;
  readonly counters: {
    records: number;
    undecodable: number;
    unknownRecords: number;
    olderFlows: number;
    unattributedFlows: number;
    evictedFlows: number;
    readonly speech: SpeechCounters;
  };
  /** What became of probes since the hello, by id. */
  readonly features: Map<string, Feature>;
  /** Added to what the helper says of its probes. */
  readonly gaps: Feature[];
  hello: Hello | null;
  stats: KernelStats | null;
  newestNs: number;
  tickedAtNs: number;
  sweptAtNs: number;
}

export function createSessionState(
  classifier: Classifier,
  ciphers: InitialCiphers,
  options: SessionOptions,
  applyEvent: (state: SessionState, event: KernelEvent) => void,
): SessionState {
  const lookups = createLookups();
  const state: SessionState = {
    options,
    classifier,
    processes: createProcessTable(),
    flows: createFlowTable(),
    quiet: createQuietFlows(),
    failedSockets: createFailedSockets(),
    answers: createResolverAnswers(),
    onAnswerUsed: createAnswerUse(lookups),
    publicNames: createPublicNames(),
    decryption: createDecryptionBudget(),
    ciphers,
    fallbacks: createFallbackNames(),
    lookups,
    lookupName: createLookupNames(),
    monitor: createMonitorReader(),
    waiting: createWaitingFlows(),
    dns: createDnsTraffic(),
    graph: createLiveGraph(classifier, lookups.counts),
    ending: createFifo(),
    unmet: createFifo(),
    counters: {
      records: 0,
      undecodable: 0,
      unknownRecords: 0,
      olderFlows: 0,
      unattributedFlows: 0,
      evictedFlows: 0,
      speech: createSpeechCounters(),
    },
    features: new Map(),
    gaps: [...(options.gaps ?? [])],
    hello: null,
    stats: null,
    newestNs: 0,
    tickedAtNs: 0,
    sweptAtNs: 0,
    texts: createTextCache(),
    dnsListener: null,
    onEvent: (event) => applyEvent(state, event),
  };
  return state;
}
