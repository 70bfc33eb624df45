import { describe, expect, it } from "vitest";
import { type Body, createLayout, entryPosition, type Layout } from "../../../../src/renderer/graph/layout.ts";
import type { LayoutGraph } from "../../../../src/renderer/graph/layout-messages.ts";

const graph = (
  ids: readonly string[],
  links: readonly (readonly [number, number])[],
  isReset = false,
): LayoutGraph => ({
  kind: "graph",
  version: 1,
  nodes: ids.map((id) => ({ id, radiusPx: 10 })),
  links,
  isReset,
  aspect: 1.4,
});

function cool(layout: Layout): number {
  let steps = 0;
  while (layout.step()) steps += 1;
  return steps;
}

function bodyOf(layout: Layout, id: string): Body {
  const body = layout.bodies().find((each) => each.id === id);
  if (body === undefined) throw new Error(`expected a body ${id}`);
  return body;
}

const distance = (a: { x: number; y: number }, b: { x: number; y: number }): number => Math.hypot(a.x - b.x, a.y - b.y);

const STAR = ["p", "a", "b", "c", "d", "q", "e", "f"];
const STAR_LINKS = [
  [0, 1],
  [0, 2],
  [0, 3],
  [0, 4],
  [5, 6],
  [5, 7],
] as const;

function settledStar(): Layout {
  const layout = createLayout();
  layout.setGraph(graph(STAR, STAR_LINKS, true));
  cool(layout);
  return layout;
}

describe("createLayout", () => {
  it("cools within three seconds of frames and then stays still", () => {
    const layout = createLayout();
    layout.setGraph(graph(STAR, STAR_LINKS, true));
    expect(cool(layout)).toBeLessThan(180);
    const still = layout.bodies().map((body) => [body.x, body.y]);
    expect(layout.step()).toBe(false);
    expect(layout.bodies().map((body) => [body.x, body.y])).toEqual(still);
  });

  it("gives finite positions that do not lie on each other", () => {
    const bodies = settledStar().bodies();
    for (const body of bodies) expect(Number.isFinite(body.x) && Number.isFinite(body.y)).toBe(true);
    for (const a of bodies) for (const b of bodies) if (a !== b) expect(distance(a, b)).toBeGreaterThan(15);
  });

  it("lets a newcomer enter beside its neighbour", () => {
    const layout = settledStar();
    const near = bodyOf(layout, "q");
    const at = { x: near.x, y: near.y };
    layout.setGraph(graph([...STAR, "new"], [...STAR_LINKS, [5, 8]]));
    expect(distance(bodyOf(layout, "new"), at)).toBeLessThan(60);
  });

  it("hardly moves what had settled when one node arrives", () => {
    const layout = settledStar();
    const before = new Map(layout.bodies().map((body) => [body.id, { x: body.x, y: body.y }]));
    layout.setGraph(graph([...STAR, "new"], [...STAR_LINKS, [5, 8]]));
    cool(layout);
    for (const id of ["a", "b", "c", "d"]) {
      const was = before.get(id);
      expect(was && distance(bodyOf(layout, id), was)).toBeLessThan(30);
    }
  });

  it("pins a dragged node and frees it again", () => {
    const layout = settledStar();
    layout.drag("a", 400, 300);
    layout.drop("a");
    cool(layout);
    expect([bodyOf(layout, "a").x, bodyOf(layout, "a").y]).toEqual([400, 300]);
    layout.free("a");
    cool(layout);
    expect(distance(bodyOf(layout, "a"), { x: 400, y: 300 })).toBeGreaterThan(20);
  });

  it("is the same for the same graph: nothing is left to chance", () => {
    const places = (layout: Layout): number[][] => layout.bodies().map((body) => [body.x, body.y]);
    expect(places(settledStar())).toEqual(places(settledStar()));
  });
});

describe("entryPosition", () => {
  it("keeps a fixed distance from the neighbour, in a new direction each time", () => {
    const neighbour = { x: 50, y: -20 };
    const entries = Array.from({ length: 12 }, (_, count) => entryPosition(neighbour, count));
    for (const entry of entries) expect(distance(entry, neighbour)).toBeCloseTo(46, 6);
    expect(new Set(entries.map((entry) => entry.x.toFixed(3))).size).toBe(12);
  });
});
