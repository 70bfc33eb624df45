import { describe, expect, it } from "vitest";
import {
  blendCameras,
  boundsOf,
  fitCamera,
  MAX_SCALE,
  MIN_SCALE,
  toScreen,
  toWorld,
  zoomAt,
} from "../../../../src/renderer/graph/camera.ts";

const SIZE = { width: 800, height: 600 };

describe("camera", () => {
  it("goes to the screen and back", () => {
    const camera = { scale: 0.7, x: 120, y: -30 };
    const back = toWorld(camera, toScreen(camera, { x: 13, y: 77 }));
    expect(back.x).toBeCloseTo(13, 9);
    expect(back.y).toBeCloseTo(77, 9);
  });

  it("keeps the point under the pointer where it is while zooming", () => {
    const camera = { scale: 1, x: 100, y: 100 };
    const anchor = { x: 333, y: 222 };
    const zoomed = zoomAt(camera, anchor, 2);
    expect(toScreen(zoomed, toWorld(camera, anchor))).toEqual(anchor);
  });

  it("stops zooming at its limits", () => {
    expect(zoomAt({ scale: 1, x: 0, y: 0 }, { x: 0, y: 0 }, 1e9).scale).toBe(MAX_SCALE);
    expect(zoomAt({ scale: 1, x: 0, y: 0 }, { x: 0, y: 0 }, 1e-9).scale).toBe(MIN_SCALE);
  });

  it("fits everything inside the view", () => {
    const bounds = { left: -900, top: -300, right: 1500, bottom: 800 };
    const camera = fitCamera(bounds, SIZE);
    const corner = toScreen(camera, { x: bounds.left, y: bounds.top });
    const opposite = toScreen(camera, { x: bounds.right, y: bounds.bottom });
    expect(Math.min(corner.x, corner.y)).toBeGreaterThan(0);
    expect(opposite.x).toBeLessThan(SIZE.width);
    expect(opposite.y).toBeLessThan(SIZE.height);
  });

  it("does not blow up a single node", () => {
    const camera = fitCamera(boundsOf(new Float32Array([5, 5]), 1), SIZE);
    expect(camera.scale).toBeLessThan(1.2);
  });

  it("has no bounds without nodes, and then looks at the middle", () => {
    expect(boundsOf(new Float32Array(0), 0)).toBeNull();
    expect(fitCamera(null, SIZE)).toEqual({ scale: 1, x: 400, y: 300 });
  });

  it("ends a glide exactly at its target", () => {
    const to = { scale: 2, x: 10, y: 20 };
    expect(blendCameras({ scale: 1, x: 0, y: 0 }, to, 1)).toEqual(to);
  });
});
