import { describe, expect, it } from "vitest";
import { curveBetween, distanceToCurve, pointOn } from "../../../../src/renderer/graph/curve.ts";
import { edgeAt, neighbourInDirection, nodeAt } from "../../../../src/renderer/graph/hit-test.ts";
import { buildScene } from "../../../../src/renderer/graph/scene.ts";
import { EMPTY_GRAPH, mergeGraph } from "../../../../src/renderer/store/graph-state.ts";
import { diff, localEdge, program, smallGraph } from "../made.ts";

// mongod, curl, api.segment.io, mirror.example
const POSITIONS = new Float32Array([0, 0, 0, 200, 200, 0, 200, 200]);
const SCENE = buildScene(smallGraph(), { selection: null, matches: null, nowNs: 0 });
const SELECTED = buildScene(smallGraph(), {
  selection: { kind: "node", id: program("curl").id },
  matches: null,
  nowNs: 0,
});

describe("nodeAt", () => {
  it("finds the node under the pointer, its slack included", () => {
    expect(nodeAt(SCENE, POSITIONS, { x: 3, y: -4 }, 1, 4)).toBe(0);
    expect(nodeAt(SCENE, POSITIONS, { x: 200 + 8 + 3, y: 0 }, 1, 4)).toBe(2);
    expect(nodeAt(SCENE, POSITIONS, { x: 200 + 8 + 5, y: 0 }, 1, 4)).toBe(-1);
  });

  it("hits the corner of a program's tile but not of a destination's disc", () => {
    expect(nodeAt(SCENE, POSITIONS, { x: 12, y: 12 }, 1, 0)).toBe(0);
    expect(nodeAt(SCENE, POSITIONS, { x: 207, y: 7 }, 1, 0)).toBe(-1);
  });

  it("prefers a clear node to a dimmed one on the same spot", () => {
    const stacked = new Float32Array([0, 0, 1, 1, 0, 0, 0, 0]);
    expect(nodeAt(SELECTED, stacked, { x: 0, y: 0 }, 1, 0)).toBe(3);
  });
});

describe("edgeAt", () => {
  it("finds an edge along its curve", () => {
    const middle = pointOn(curveBetween({ x: 0, y: 0 }, { x: 200, y: 0 }), 0.5);
    expect(edgeAt(SCENE, POSITIONS, middle, 6)).toBe(0);
    expect(edgeAt(SCENE, POSITIONS, { x: 100, y: -60 }, 6)).toBe(-1);
  });

  it("leaves dimmed edges alone", () => {
    const middle = pointOn(curveBetween({ x: 0, y: 0 }, { x: 200, y: 0 }), 0.5);
    expect(edgeAt(SELECTED, POSITIONS, middle, 6)).toBe(-1);
  });
});

describe("neighbourInDirection", () => {
  it("moves to the node ahead and stays when there is none", () => {
    expect(neighbourInDirection(SCENE, POSITIONS, 0, { x: 1, y: 0 })).toBe(2);
    expect(neighbourInDirection(SCENE, POSITIONS, 0, { x: 0, y: 1 })).toBe(1);
    expect(neighbourInDirection(SCENE, POSITIONS, 0, { x: -1, y: 0 })).toBe(-1);
  });
});

describe("distanceToCurve", () => {
  it("is zero on the curve and grows away from it", () => {
    const curve = curveBetween({ x: 0, y: 0 }, { x: 300, y: 100 });
    expect(distanceToCurve(curve, pointOn(curve, 0.37))).toBeLessThan(0.5);
    expect(distanceToCurve(curve, { x: 150, y: -300 })).toBeGreaterThan(200);
  });
});

describe("edges between programs of this machine", () => {
  const edges = [localEdge("app", "db"), localEdge("db", "app"), localEdge("db", "db")];
  const graph = mergeGraph(EMPTY_GRAPH, diff({ nodes: [program("app"), program("db")], edges }), true);
  const scene = buildScene(graph, { selection: null, matches: null, nowNs: 0 });
  const positions = new Float32Array([0, 0, 200, 0]);

  it("are two curves where two programs call each other", () => {
    const [there, back] = [
      curveBetween({ x: 0, y: 0 }, { x: 200, y: 0 }),
      curveBetween({ x: 200, y: 0 }, { x: 0, y: 0 }),
    ];
    expect(Math.abs(pointOn(there, 0.5).y - pointOn(back, 0.5).y)).toBeGreaterThan(15);
    expect(edgeAt(scene, positions, pointOn(there, 0.5), 6)).toBe(0);
    expect(edgeAt(scene, positions, pointOn(back, 0.5), 6)).toBe(1);
  });

  it("are a loop outside its tile where a program talks to itself", () => {
    const { loopPx } = scene.edges[2] ?? { loopPx: 0 };
    const top = pointOn(curveBetween({ x: 200, y: 0 }, { x: 200, y: 0 }, loopPx), 0.5);
    expect(-top.y).toBeGreaterThan((scene.nodes[1]?.radiusPx ?? 0) + 10);
    expect(edgeAt(scene, positions, top, 6)).toBe(2);
  });

  it("stand once in the list of edges at a node", () => {
    expect(graph.edgesOf.get(program("db").id)).toEqual(edges.map(({ id }) => id));
  });
});
