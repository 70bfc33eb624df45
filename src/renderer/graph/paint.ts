/** Draws one frame. A pure function of its arguments: `paintGraph(ctx, frame)`. */
import type { Camera, Size } from "./camera.ts";
import { paintEdges } from "./paint-edges.ts";
import { paintLabels } from "./paint-labels.ts";
import { paintNodes } from "./paint-nodes.ts";
import type { Palette } from "./palette.ts";
import type { Scene } from "./scene.ts";

export interface Frame {
  readonly scene: Scene;
  /** World x, y of each scene node. */
  readonly positions: Float32Array;
  readonly camera: Camera;
  readonly size: Size;
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

export function paintGraph(ctx: CanvasRenderingContext2D, frame: Frame): void {
  const { pixelRatio, size } = frame;
  ctx.setTransform(pixelRatio, 0, 0, pixelRatio, 0, 0);
  ctx.clearRect(0, 0, size.width, size.height);
  paintEdges(ctx, frame);
  paintNodes(ctx, frame);
  paintLabels(ctx, frame);
  ctx.globalAlpha = 1;
}
