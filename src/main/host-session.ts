/**
 * Owns the session and tells the window what changed, at most ten times a
 * second. A window that is not looking (reloading, closed) costs nothing.
 */

import { release, uptime } from "node:os";
import type { CaptureState, GraphUpdate, SessionStatus } from "../contract/ipc-schema.ts";
import type { Classifier } from "../core/classify/contact.ts";
import { diffGraphs, EMPTY_GRAPH } from "../core/graph/diff-graph.ts";
import type { Graph } from "../core/graph/graph.ts";
import type { Feature } from "../core/model/coverage.ts";
import { createSession } from "../core/session/session.ts";
import type { HelperMessage, Session } from "../core/session/session-api.ts";
import { nodeCiphers } from "../engine/node-ciphers.ts";

/** A contact is drawn within a quarter of a second: the helper waits up to 100 ms, layout and paint take some 30. */
export const TICK_MS = 100;
/** The status moves even when the graph does not: ages, rates. */
const STATUS_EVERY_MS = 1000;

export interface HostOptions {
  readonly classifier: Classifier;
  /** True of every session this host will have. */
  readonly gaps: readonly Feature[];
  readonly send: (update: GraphUpdate) => void;
  readonly isRoot: boolean;
  readonly monotonicMs: () => number;
}

export class HostSession {
  readonly #options: HostOptions;
  #session: Session;
  #shown: Graph = EMPTY_GRAPH;
  #capture: CaptureState = { mode: "idle" };
  /** CLOCK_BOOTTIME now while live; a recording's time stands still between its records. */
  #clock: (() => number) | null = null;
  #isSubscribed = false;
  #mustReset = true;
  #statusSentMs = Number.NEGATIVE_INFINITY;
  #rate = { atMs: 0, records: 0, perSec: 0 };

  constructor(options: HostOptions) {
    this.#options = options;
    this.#session = createSession(options.classifier, nodeCiphers, { gaps: options.gaps });
  }

  get session(): Session {
    return this.#session;
  }

  get capture(): CaptureState {
    return this.#capture;
  }

  nowNs(): number {
    return this.#clock?.() ?? this.#session.newestNs();
  }

  /** Where the observation ends: now while live; after that at its last record, however long the window stays open. */
  observedUntilNs(): number {
    return this.#capture.mode === "live" ? this.nowNs() : this.#session.newestNs();
  }

  /** A new beginning: another recording, or a capture that has nothing before it. */
  startOver(): void {
    this.#session = createSession(this.#options.classifier, nodeCiphers, { gaps: this.#options.gaps });
    this.#rate = { atMs: this.#options.monotonicMs(), records: 0, perSec: 0 };
    this.#mustReset = true;
  }

  followClock(clock: (() => number) | null): void {
    this.#clock = clock;
  }

  ingest(message: HelperMessage): void {
    this.#session.ingest(message);
  }

  setCapture(state: CaptureState): void {
    this.#capture = state;
    this.#statusSentMs = Number.NEGATIVE_INFINITY; // tell soon
  }

  subscribe(): void {
    this.#isSubscribed = true;
    this.#mustReset = true;
    this.#update();
  }

  unsubscribe(): void {
    this.#isSubscribed = false;
  }

  tick(): void {
    // A recording's time goes on with its records, whenever we look: it must always give the same.
    if (this.#clock !== null) this.#session.tick(this.#clock());
    this.#measureRate();
    if (this.#isSubscribed) this.#update();
  }

  #measureRate(): void {
    const atMs = this.#options.monotonicMs();
    const elapsedMs = atMs - this.#rate.atMs;
    if (elapsedMs < 1000) return;
    const records = this.#session.coverage().recordsSeen;
    const perSec = Math.max(0, Math.round(((records - this.#rate.records) * 1000) / elapsedMs));
    this.#rate = { atMs, records, perSec };
  }

  #update(): void {
    const graph = this.#session.graph();
    const isReset = this.#mustReset;
    const diff = diffGraphs(isReset ? EMPTY_GRAPH : this.#shown, graph);
    const hasChanged = diff.nodes.length + diff.edges.length + diff.removedNodes.length + diff.removedEdges.length > 0;
    const nowMs = this.#options.monotonicMs();
    if (!hasChanged && !isReset && nowMs - this.#statusSentMs < STATUS_EVERY_MS) return;
    this.#shown = graph;
    this.#mustReset = false;
    this.#statusSentMs = nowMs;
    this.#options.send({ isReset, diff, status: this.status() });
  }

  status(): SessionStatus {
    const hello = this.#session.hello();
    const nowNs = this.nowNs();
    return {
      capture: this.#capture,
      coverage: this.#session.coverage(),
      recordsPerSec: this.#rate.perSec,
      nowNs,
      startedAtNs: hello?.startedAtNs ?? nowNs,
      bootWallMs: hello?.bootWallMs ?? Date.now() - uptime() * 1000,
      isRoot: this.#options.isRoot,
      kernelRelease: hello?.kernelRelease ?? release(),
    };
  }
}
