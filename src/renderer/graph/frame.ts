/** What one frame is drawn from. */
import type { Camera, Size } from "./camera.ts";
import type { Palette } from "./palette.ts";
import type { Scene } from "./scene.ts";

export interface Frame {
  readonly scene: Scene;
  /** World x, y of each scene node. */
  readonly positions: Float32Array;
  readonly camera: Camera;
  readonly size: Size;
  /** The part of it, from the top left, that no drawer covers. */
  readonly visible: Size;
  readonly pixelRatio: number;
  readonly palette: Palette;
  /** Index of the hovered or focused node and edge, or -1. */
  readonly hoveredNode: number;
  readonly hoveredEdge: number;
  readonly focusedNode: number;
  readonly pinned: ReadonlySet<string>;
}

/** Opacity of what is not selected or does not match. */
export const DIMMED = 0.15;
