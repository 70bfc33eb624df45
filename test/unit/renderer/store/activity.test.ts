import { describe, expect, it } from "vitest";
import {
  edgesActiveIn,
  emptyTimeline,
  extendSparks,
  extendTimeline,
  MAX_SLICES,
  SPARK_SLOT_NS,
  SPARK_SLOTS,
  sparkValues,
} from "../../../../src/renderer/store/activity.ts";
import { EMPTY_GRAPH, mergeGraph } from "../../../../src/renderer/store/graph-state.ts";
import { diff, edge, program, smallGraph } from "../made.ts";

describe("extendTimeline", () => {
  it("counts a new edge in the slice of its first and of its newest contact", () => {
    const made = edge("curl", "mirror.example", { firstSeenNs: 3e9, lastSeenNs: 7e9 });
    const timeline = extendTimeline(emptyTimeline(1e9), diff({ edges: [made] }), EMPTY_GRAPH, 8e9);
    expect([...timeline.slices.keys()].sort((a, b) => a - b)).toEqual([2, 6]);
    expect(timeline.lastSlice).toBe(7);
  });

  it("does not count an edge whose newest contact did not change", () => {
    const graph = smallGraph();
    const same = edge("curl", "mirror.example", { flowCount: 2 });
    const timeline = extendTimeline(emptyTimeline(0), diff({ edges: [same] }), graph, 8e9);
    expect(timeline.slices.size).toBe(0);
  });

  it("doubles its slices instead of growing without end", () => {
    let timeline = emptyTimeline(0);
    for (let second = 0; second < 3000; second += 1) {
      const made = edge("curl", `host-${second % 3}`, { firstSeenNs: second * 1e9, lastSeenNs: second * 1e9 });
      timeline = extendTimeline(timeline, diff({ edges: [made] }), EMPTY_GRAPH, second * 1e9);
    }
    expect(timeline.sliceNs).toBe(16e9);
    expect(timeline.lastSlice).toBeLessThan(MAX_SLICES);
    expect(timeline.slices.get(0)?.size).toBe(3);
  });

  it("finds the edges active in a brushed range and no others", () => {
    const early = edge("curl", "early", { firstSeenNs: 2e9, lastSeenNs: 2e9 });
    const late = edge("curl", "late", { firstSeenNs: 50e9, lastSeenNs: 50e9 });
    const timeline = extendTimeline(emptyTimeline(0), diff({ edges: [early, late] }), EMPTY_GRAPH, 60e9);
    expect([...edgesActiveIn(timeline, 40e9, 60e9)]).toEqual([late.id]);
  });
});

describe("extendSparks", () => {
  const slotNs = (slot: number): number => slot * SPARK_SLOT_NS;

  it("gives a program's first appearance no rate, because its earlier bytes have no known time", () => {
    const sparks = extendSparks(
      new Map(),
      diff({ nodes: [program("git", { bytesSent: 500 })] }),
      EMPTY_GRAPH,
      slotNs(9),
    );
    expect(sparks.size).toBe(0);
  });

  it("adds what moved since the last update to the current slot", () => {
    let graph = smallGraph();
    let sparks: ReturnType<typeof extendSparks> = new Map();
    for (const [slot, bytesSent] of [
      [100, 10],
      [100, 30],
      [102, 35],
    ] as const) {
      const change = diff({ nodes: [program("curl", { bytesSent })] });
      sparks = extendSparks(sparks, change, graph, slotNs(slot));
      graph = mergeGraph(graph, change, false);
    }
    const spark = sparks.get(program("curl").id);
    expect(spark && sparkValues(spark, 102).slice(-4)).toEqual([0, 30, 0, 5]);
    expect(spark && sparkValues(spark, 104).slice(-4)).toEqual([0, 5, 0, 0]);
  });

  it("is all zeros once the last minute was quiet", () => {
    const spark = { newestSlot: 10, bytes: [1, 2, 3] };
    expect(sparkValues(spark, 10 + SPARK_SLOTS)).toEqual(new Array(SPARK_SLOTS).fill(0));
  });
});
