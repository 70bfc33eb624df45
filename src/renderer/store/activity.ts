/**
 * What happened when, from the updates alone: which edges were active in which
 * slice of the session (the timeline), and how many bytes each program moved
 * in the last minute (the sparklines). Pure; the feed owns the values.
 */
import type { GraphDiff } from "../../core/graph/graph.ts";
import type { EdgeId, NodeId } from "../../core/model/ids.ts";
import type { GraphState } from "./graph-state.ts";

/** Two slices a bar at most on a wide window; above it, slices double in length and pairs merge. */
export const MAX_SLICES = 240;
const FIRST_SLICE_NS = 1e9;
export const SPARK_SLOTS = 30;
export const SPARK_SLOT_NS = 2e9;

export interface Timeline {
  readonly originNs: number;
  readonly sliceNs: number;
  /** Edges active in each slice; a slice without activity is absent. */
  readonly slices: ReadonlyMap<number, ReadonlySet<EdgeId>>;
  readonly lastSlice: number;
}

export const emptyTimeline = (originNs: number): Timeline => ({
  originNs,
  sliceNs: FIRST_SLICE_NS,
  slices: new Map(),
  lastSlice: 0,
});

/** The timeline after `diff`. An edge counts in the slices of its first and of its newest contact. */
export function extendTimeline(timeline: Timeline, diff: GraphDiff, before: GraphState, nowNs: number): Timeline {
  let { sliceNs, lastSlice } = timeline;
  let slices = new Map(timeline.slices);
  const end = Math.max(nowNs, timeline.originNs);
  while ((end - timeline.originNs) / sliceNs >= MAX_SLICES) {
    slices = mergePairs(slices);
    sliceNs *= 2;
    lastSlice = Math.floor(lastSlice / 2);
  }
  const touched = new Map<number, Set<EdgeId>>();
  const add = (id: EdgeId, ns: number): void => {
    const slice = Math.floor((Math.min(ns, end) - timeline.originNs) / sliceNs);
    if (slice < 0) return;
    let active = touched.get(slice);
    if (active === undefined) {
      active = new Set(slices.get(slice));
      touched.set(slice, active);
    }
    active.add(id);
  };
  for (const edge of diff.edges) {
    const known = before.edges.get(edge.id);
    if (known === undefined) add(edge.id, edge.firstSeenNs);
    if (known?.lastSeenNs !== edge.lastSeenNs) add(edge.id, edge.lastSeenNs);
  }
  for (const [slice, active] of touched) slices.set(slice, active);
  lastSlice = Math.max(lastSlice, Math.floor((end - timeline.originNs) / sliceNs));
  return { originNs: timeline.originNs, sliceNs, slices, lastSlice };
}

function mergePairs(slices: ReadonlyMap<number, ReadonlySet<EdgeId>>): Map<number, ReadonlySet<EdgeId>> {
  const merged = new Map<number, ReadonlySet<EdgeId>>();
  for (const [slice, active] of slices) {
    const half = Math.floor(slice / 2);
    merged.set(half, new Set([...(merged.get(half) ?? []), ...active]));
  }
  return merged;
}

/** Edges active in any slice that touches the range. */
export function edgesActiveIn(timeline: Timeline, fromNs: number, toNs: number): Set<EdgeId> {
  const active = new Set<EdgeId>();
  const first = Math.floor((fromNs - timeline.originNs) / timeline.sliceNs);
  const last = Math.ceil((toNs - timeline.originNs) / timeline.sliceNs);
  for (const [slice, edges] of timeline.slices) {
    if (slice >= first && slice < last) for (const id of edges) active.add(id);
  }
  return active;
}

/** Bytes a program moved, by slot of two seconds; `newestSlot` is the absolute number of the last value. */
export interface Spark {
  readonly newestSlot: number;
  readonly bytes: readonly number[];
}

export type Sparks = ReadonlyMap<NodeId, Spark>;

const NO_SPARK: Spark = { newestSlot: 0, bytes: [] };

/** Sparks after `diff`. A program's first appearance has no rate yet: its earlier bytes have no known time. */
export function extendSparks(sparks: Sparks, diff: GraphDiff, before: GraphState, nowNs: number): Sparks {
  const slot = Math.floor(nowNs / SPARK_SLOT_NS);
  const next = new Map(sparks);
  let isChanged = false;
  for (const node of diff.nodes) {
    const known = before.nodes.get(node.id);
    if (node.kind !== "program" || known === undefined) continue;
    const moved = node.bytesSent + node.bytesReceived - known.bytesSent - known.bytesReceived;
    if (moved <= 0) continue;
    isChanged = true;
    const values = sparkValues(next.get(node.id) ?? NO_SPARK, slot);
    const last = values.length - 1;
    values[last] = (values[last] ?? 0) + moved;
    next.set(node.id, { newestSlot: slot, bytes: values });
  }
  for (const id of diff.removedNodes) isChanged = next.delete(id) || isChanged;
  return isChanged ? next : sparks;
}

/** The SPARK_SLOTS values that end at `slot`, oldest first, zeros where nothing moved. */
export function sparkValues(spark: Spark, slot: number): number[] {
  const values: number[] = [];
  for (let offset = SPARK_SLOTS - 1; offset >= 0; offset -= 1) {
    const index = spark.bytes.length - 1 - (spark.newestSlot - (slot - offset));
    values.push(index >= 0 ? (spark.bytes[index] ?? 0) : 0);
  }
  return values;
}
