import { describe, expect, it } from "vitest";
import { EMPTY_GRAPH, edgesAt, mergeGraph } from "../../../../src/renderer/store/graph-state.ts";
import { destination, diff, edge, program, smallGraph } from "../made.ts";

describe("mergeGraph", () => {
  it("returns the same graph for an update that says nothing", () => {
    const graph = smallGraph();
    expect(mergeGraph(graph, diff({}), false)).toBe(graph);
  });

  it("replaces a changed node and leaves the structure as it was", () => {
    const graph = smallGraph();
    const next = mergeGraph(graph, diff({ nodes: [program("curl", { bytesSent: 99 })] }), false);
    expect(next.nodes.get(program("curl").id)?.bytesSent).toBe(99);
    expect(next.structure).toBe(graph.structure);
    expect(next.edgesOf).toBe(graph.edgesOf);
  });

  it("keeps the very objects of nodes that did not change, so their rows need not render", () => {
    const graph = smallGraph();
    const next = mergeGraph(graph, diff({ nodes: [program("curl", { bytesSent: 99 })] }), false);
    expect(next.nodes.get(program("mongod").id)).toBe(graph.nodes.get(program("mongod").id));
  });

  it("counts the structure up and indexes both ends when an edge arrives", () => {
    const graph = smallGraph();
    const next = mergeGraph(graph, diff({ edges: [edge("curl", "api.segment.io")] }), false);
    expect(next.structure).toBe(graph.structure + 1);
    expect(edgesAt(next, destination("api.segment.io").id).map((each) => each.source)).toEqual([
      program("mongod").id,
      program("curl").id,
    ]);
  });

  it("forgets removed nodes and edges", () => {
    const gone = edge("curl", "mirror.example");
    const next = mergeGraph(smallGraph(), diff({ removedNodes: [gone.source], removedEdges: [gone.id] }), false);
    expect(next.nodes.has(gone.source)).toBe(false);
    expect(edgesAt(next, gone.source)).toEqual([]);
    expect(edgesAt(next, gone.target).map((each) => each.source)).toEqual([program("mongod").id]);
  });

  it("replaces everything at a reset", () => {
    const next = mergeGraph(smallGraph(), diff({ nodes: [program("git")] }), true);
    expect([...next.nodes.keys()]).toEqual([program("git").id]);
    expect(next.edges.size).toBe(0);
  });

  it("does not change the graph it was given", () => {
    const before = EMPTY_GRAPH.nodes.size;
    mergeGraph(EMPTY_GRAPH, diff({ nodes: [program("git")] }), false);
    expect(EMPTY_GRAPH.nodes.size).toBe(before);
  });
});
