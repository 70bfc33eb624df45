import { describe, expect, it } from "vitest";
import type { Category } from "../../../../src/core/model/verdict.ts";
import { countBars } from "../../../../src/renderer/panels/TimelineStrip.tsx";
import { emptyTimeline } from "../../../../src/renderer/store/activity.ts";
import { EMPTY_GRAPH, mergeGraph } from "../../../../src/renderer/store/graph-state.ts";
import { destination, diff, edge, program, VERDICT } from "../made.ts";

const contact = (to: string, category: Category) => edge("app", to, { verdict: { ...VERDICT, category } });

describe("countBars", () => {
  it("counts what was active and what of it reported, in the tone a person would care about most", () => {
    const plain = contact("mirror.example", "content");
    const crash = contact("crash.example", "crash-reporting");
    const usage = contact("usage.example", "analytics");
    const edges = [plain, crash, usage];
    const nodes = [program("app"), ...["mirror", "crash", "usage"].map((name) => destination(`${name}.example`))];
    const graph = mergeGraph(EMPTY_GRAPH, diff({ nodes, edges }), true);
    const slices = new Map([
      [0, new Set([plain.id])],
      [1, new Set([plain.id, usage.id])],
      [2, new Set([usage.id, crash.id])],
    ]);
    expect(countBars({ ...emptyTimeline(0), slices, lastSlice: 2 }, graph)).toEqual([
      { slice: 0, all: 1, reported: 0, tone: null },
      { slice: 1, all: 2, reported: 1, tone: "analytics" },
      { slice: 2, all: 2, reported: 2, tone: "telemetry" },
    ]);
  });
});
