import { describe, expect, it } from "vitest";
import {
  buildScene,
  freshnessOf,
  radiusOfBytes,
  tileLetter,
  widthOfBytes,
} from "../../../../src/renderer/graph/scene.ts";
import { mergeGraph } from "../../../../src/renderer/store/graph-state.ts";
import { matchGraph } from "../../../../src/renderer/store/matches.ts";
import type { Selection } from "../../../../src/renderer/store/stores.ts";
import { destination, diff, edge, program, smallGraph } from "../made.ts";

const CHOICES = { selection: null, matches: null, nowNs: 0 };
const clearLabels = (selection: Selection | null): string[] =>
  buildScene(smallGraph(), { ...CHOICES, selection })
    .nodes.filter((node) => !node.isDimmed)
    .map((node) => node.label);

describe("buildScene", () => {
  it("dims nothing without a selection", () => {
    expect(clearLabels(null)).toEqual(["mongod", "curl", "api.segment.io", "mirror.example"]);
  });

  it("keeps a selected program and what it contacts clear, and dims the rest", () => {
    expect(clearLabels({ kind: "node", id: program("curl").id })).toEqual(["curl", "mirror.example"]);
  });

  it("keeps both ends of a selected edge clear", () => {
    expect(clearLabels({ kind: "edge", id: edge("mongod", "api.segment.io").id })).toEqual([
      "mongod",
      "api.segment.io",
    ]);
  });

  it("dims what a search does not match", () => {
    const graph = smallGraph();
    const matches = matchGraph(graph, { query: "curl", hiddenTones: new Set(), activeEdges: null });
    const scene = buildScene(graph, { ...CHOICES, matches });
    expect(scene.nodes.map((node) => node.isDimmed)).toEqual([true, false, true, false]);
    expect(scene.edges.map((each) => each.isDimmed)).toEqual([true, true, false]);
  });

  it("marks a destination by how the selected program knows it", () => {
    const graph = mergeGraph(
      smallGraph(),
      diff({
        edges: [
          edge("mongod", "mirror.example", { nameSource: "server-name" }),
          edge("curl", "mirror.example", { nameSource: "host-answer" }),
        ],
      }),
      false,
    );
    const markFor = (selection: Selection | null): string | null | undefined =>
      buildScene(graph, { ...CHOICES, selection }).nodes.find((node) => node.label === "mirror.example")?.mark;
    expect(markFor(null)).toBe("●");
    expect(markFor({ kind: "node", id: program("curl").id })).toBe("◌");
  });

  it("shows hostile names escaped, shortened and never empty", () => {
    const graph = mergeGraph(
      smallGraph(),
      diff({
        nodes: [
          program("evil\u202egpj.exe"),
          destination("x".repeat(300)),
          destination("", { id: destination("nameless").id }),
        ],
      }),
      true,
    );
    const labels = buildScene(graph, CHOICES).nodes.map((node) => node.label);
    expect(labels[0]).toBe("evil\\u202egpj.exe");
    expect(labels[1]).toHaveLength(38);
    expect(labels[2]).toBe("(no name)");
  });

  it("leaves out an edge whose end is unknown instead of drawing to nowhere", () => {
    const graph = mergeGraph(smallGraph(), diff({ removedNodes: [program("curl").id] }), false);
    expect(buildScene(graph, CHOICES).edges).toHaveLength(2);
  });
});

describe("sizes", () => {
  it("go by the logarithm of bytes, within 8 and 28 px", () => {
    expect(radiusOfBytes(0)).toBe(8);
    expect(radiusOfBytes(1e12)).toBe(28);
    expect(radiusOfBytes(1e6)).toBeGreaterThan(radiusOfBytes(1e4));
    expect(widthOfBytes(0)).toBe(1);
    expect(widthOfBytes(1e12)).toBe(5);
  });

  it("fade with age but never vanish", () => {
    expect(freshnessOf(1e9)).toBe(1);
    expect(freshnessOf(60e9)).toBeLessThan(1);
    expect(freshnessOf(1e15)).toBe(0.3);
  });
});

describe("tileLetter", () => {
  it("is the first letter or digit of any script, or a dot", () => {
    expect(["mongod", "[kworker]", "שלום", "7z", "…"].map(tileLetter)).toEqual(["M", "K", "ש", "7", "·"]);
  });
});
