import { describe, expect, it } from "vitest";
import { type Camera, toScreen } from "../../../../src/renderer/graph/camera.ts";
import { CameraRig } from "../../../../src/renderer/graph/camera-rig.ts";

const SIZE = { width: 800, height: 600 };
const GRAPH = { left: -300, top: -200, right: 300, bottom: 200 };
const WIDER = { left: -900, top: -200, right: 300, bottom: 200 };
const HUGE = { left: -1500, top: -900, right: 1500, bottom: 900 };
const CORNER = { left: 260, top: 160, right: 300, bottom: 200 };

/** Calm: glides arrive at once, so that each step has one answer. */
function calmRig(): CameraRig {
  const rig = new CameraRig(() => true);
  rig.resize(SIZE, null);
  rig.follow(GRAPH, true, true);
  return rig;
}

const middleX = (camera: Camera, left: number, right: number): number =>
  toScreen(camera, { x: (left + right) / 2, y: 0 }).x;

describe("the camera rig", () => {
  it("follows a growing graph until the person moves the picture, and then never again", () => {
    const rig = calmRig();
    const before = rig.camera;
    rig.follow(WIDER, false, true);
    expect(rig.camera.scale).toBeLessThan(before.scale);
    rig.pan(10, 0);
    const taken = rig.camera;
    rig.follow(GRAPH, true, true);
    expect(rig.camera).toBe(taken);
  });

  it("leaves a selection where it is while it can be read", () => {
    const rig = calmRig();
    const before = rig.camera;
    rig.showSelection(CORNER, GRAPH);
    expect(rig.camera).toBe(before);
  });

  it("brings a selection out from under a drawer, and goes back when it closes", () => {
    const rig = calmRig();
    rig.follow(HUGE, true, true);
    const before = rig.camera;
    rig.cover(360, HUGE);
    rig.showSelection(CORNER, HUGE);
    expect(middleX(rig.camera, CORNER.left, CORNER.right)).toBeCloseTo((800 - 360) / 2, 6);
    rig.cover(0, HUGE);
    rig.showSelection(null, HUGE);
    expect(rig.camera).toEqual(before);
  });

  it("looks at the whole graph again when the window grows round a selection it went to", () => {
    const rig = calmRig();
    rig.cover(360, GRAPH);
    rig.showSelection(CORNER, GRAPH);
    rig.cover(0, GRAPH);
    rig.resize({ width: 1600, height: 1000 }, GRAPH);
    const fresh = new CameraRig(() => true);
    fresh.resize({ width: 1600, height: 1000 }, null);
    fresh.follow(GRAPH, true, true);
    expect(rig.camera).toEqual(fresh.camera);
  });

  it("does not go back to a view the person left by hand", () => {
    const rig = calmRig();
    rig.cover(360, GRAPH);
    rig.showSelection(CORNER, GRAPH);
    rig.zoom(null, 2);
    const taken = rig.camera;
    rig.showSelection(null, GRAPH);
    expect(rig.camera).toBe(taken);
  });

  it("keeps what is in the middle there when the window changes after the person took over", () => {
    const rig = calmRig();
    rig.pan(50, 0);
    const before = middleX(rig.camera, GRAPH.left, GRAPH.right);
    rig.resize({ width: 1000, height: 600 }, GRAPH);
    expect(middleX(rig.camera, GRAPH.left, GRAPH.right)).toBeCloseTo(before + 100, 6);
  });
});
