import { describe, expect, it } from "vitest";
import { nextRow } from "../../../../src/renderer/components/use-row-keys.ts";
import { buildEdgeRows, edgeState } from "../../../../src/renderer/store/edge-rows.ts";
import { matchGraph } from "../../../../src/renderer/store/matches.ts";
import { buildProgramRows } from "../../../../src/renderer/store/program-rows.ts";
import { destination, edge, program, smallGraph } from "../made.ts";

const keys = (query: string): string[] => {
  const graph = smallGraph();
  const matches = matchGraph(graph, { query, hiddenTones: new Set(), activeEdges: null });
  return buildProgramRows(graph, matches, query).map((row) => row.key);
};

describe("buildProgramRows", () => {
  it("groups programs under a heading with their number", () => {
    expect(keys("")).toEqual(["heading-Command line", program("curl").id, "heading-Services", program("mongod").id]);
  });

  it("adds the destinations a search found, below the programs", () => {
    expect(keys("segment")).toEqual([
      "heading-Services",
      program("mongod").id,
      "heading-destinations",
      destination("api.segment.io").id,
    ]);
  });
});

describe("buildEdgeRows", () => {
  it("shows every edge without a selection and only a selected node's edges with one", () => {
    const graph = smallGraph();
    expect(buildEdgeRows(graph, null, null)).toHaveLength(3);
    const rows = buildEdgeRows(graph, null, { kind: "node", id: destination("mirror.example").id });
    expect(rows.map((row) => row.program.label)).toEqual(["mongod", "curl"]);
  });

  it("keeps the row object of an edge that did not change", () => {
    const graph = smallGraph();
    expect(buildEdgeRows(graph, null, null)[0]).toBe(buildEdgeRows(graph, null, null)[0]);
  });
});

describe("edgeState", () => {
  it("is open while any flow is, the reason when all failed, else closed", () => {
    expect(edgeState(edge("a", "b", { openCount: 1, failedCount: 1 }))).toBe("open");
    expect(edgeState(edge("a", "b", { openCount: 0, failedCount: 2, flowCount: 2, lastFailure: "refused" }))).toBe(
      "refused",
    );
    expect(edgeState(edge("a", "b", { openCount: 0, failedCount: 1, flowCount: 2, lastFailure: "refused" }))).toBe(
      "closed",
    );
  });
});

describe("nextRow", () => {
  const isRow = [false, true, true, false, true];

  it("skips headings", () => {
    expect(nextRow(isRow, -1, 1)).toBe(1);
    expect(nextRow(isRow, 2, 1)).toBe(4);
    expect(nextRow(isRow, 4, -1)).toBe(2);
  });

  it("stays at the ends", () => {
    expect(nextRow(isRow, 4, 1)).toBe(4);
    expect(nextRow(isRow, 1, -1)).toBe(1);
    expect(nextRow(isRow, 1, 100)).toBe(4);
  });
});
