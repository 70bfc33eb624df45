/** Draws one frame. A pure function of its arguments: `paintGraph(ctx, frame)`. */
import type { Frame } from "./frame.ts";
import { paintEdges } from "./paint-edges.ts";
import { paintLabels } from "./paint-labels.ts";
import { paintNodes } from "./paint-nodes.ts";

export function paintGraph(ctx: CanvasRenderingContext2D, frame: Frame): void {
  const { pixelRatio, size } = frame;
  ctx.setTransform(pixelRatio, 0, 0, pixelRatio, 0, 0);
  ctx.clearRect(0, 0, size.width, size.height);
  paintEdges(ctx, frame);
  paintNodes(ctx, frame);
  paintLabels(ctx, frame);
  ctx.globalAlpha = 1;
}
