import { describe, expect, it } from "vitest";
import { cullLabels, type LabelBox, MAX_LABELS } from "../../../../src/renderer/graph/label-culling.ts";

const VIEW = { width: 1000, height: 1000 };
const label = (index: number, x: number, y: number, change: Partial<LabelBox> = {}): LabelBox => ({
  index,
  x,
  y,
  reach: 12,
  width: 80,
  height: 15,
  priority: 1,
  isForced: false,
  ...change,
});

describe("cullLabels", () => {
  it("puts a lone label under its node", () => {
    const [placed] = cullLabels([label(0, 500, 500)], [], VIEW);
    expect(placed).toMatchObject({ left: 460, top: 512 });
  });

  it("moves to another side of the node when a node is in the way", () => {
    const [placed] = cullLabels([label(0, 500, 500)], [{ index: 1, left: 490, top: 515, width: 20, height: 20 }], VIEW);
    expect(placed).toMatchObject({ left: 460, top: 473 });
  });

  it("may touch its own node", () => {
    const [placed] = cullLabels([label(0, 500, 500)], [{ index: 0, left: 488, top: 488, width: 24, height: 24 }], VIEW);
    expect(placed?.top).toBe(512);
  });

  it("drops the less important of labels that have no room for both", () => {
    const crowd = Array.from({ length: 30 }, (_, index) => label(index, 500 + index, 500, { priority: index }));
    const placed = cullLabels(crowd, [], VIEW);
    expect(placed.length).toBeLessThan(30);
    expect(placed[0]?.box.index).toBe(29);
  });

  it("draws forced labels whatever they cover, before all others", () => {
    const crowd = Array.from({ length: 30 }, (_, index) =>
      label(index, 500, 500, { isForced: true, priority: -index }),
    );
    const placed = cullLabels([label(99, 500, 500, { priority: 500 }), ...crowd], [], VIEW);
    expect(placed.filter((each) => each.box.isForced)).toHaveLength(30);
    expect(placed[0]?.box.index).toBe(0);
  });

  it("keeps labels where they can be read whole", () => {
    const [placed] = cullLabels([label(0, 5, 500)], [], VIEW);
    expect(placed?.left).toBe(17);
    expect(cullLabels([label(0, -200, 500)], [], VIEW)).toEqual([]);
  });

  it("never overlaps two labels that were not forced, and never draws more than the cap", () => {
    const many = Array.from({ length: 900 }, (_, index) => label(index, (index * 137) % 1000, (index * 71) % 1000));
    const placed = cullLabels(many, [], VIEW);
    expect(placed.length).toBeGreaterThan(50);
    expect(placed.length).toBeLessThanOrEqual(MAX_LABELS);
    const overlapping = placed.filter((a, i) =>
      placed.some(
        (b, j) =>
          j > i &&
          a.left < b.left + b.width &&
          b.left < a.left + a.width &&
          a.top < b.top + b.height &&
          b.top < a.top + a.height,
      ),
    );
    expect(overlapping).toEqual([]);
  });
});
