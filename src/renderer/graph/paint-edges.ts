/** Edges: width by bytes, colour by verdict, fading towards the end that answers. */
import { type Bounds, type Point, toScreen } from "./camera.ts";
import { type Curve, curveBetween } from "./curve.ts";
import { DIMMED, type Frame } from "./frame.ts";
import { positionAt } from "./hit-test.ts";
import type { SceneEdge } from "./scene.ts";

/** Above this many edges on screen a gradient each costs more than it tells. */
const MAX_GRADIENTS = 420;
const DASH_PX = [5, 4];

interface DrawnEdge {
  readonly edge: SceneEdge;
  readonly curve: Curve;
  readonly color: string;
  readonly alpha: number;
  readonly widthPx: number;
}

export function paintEdges(ctx: CanvasRenderingContext2D, frame: Frame): void {
  const drawn: DrawnEdge[] = [];
  const screen = { left: 0, top: 0, right: frame.size.width, bottom: frame.size.height };
  frame.scene.edges.forEach((edge, index) => {
    const from = toScreen(frame.camera, positionAt(frame.positions, edge.source));
    const to = toScreen(frame.camera, positionAt(frame.positions, edge.target));
    const loop = edge.loopPx * frame.camera.scale;
    if (isOutside(from, to, screen, loop)) return;
    drawn.push(styleEdge(frame, edge, index, curveBetween(from, to, loop)));
  });
  const dimmed = drawn.filter((each) => each.edge.isDimmed);
  const clear = drawn.filter((each) => !each.edge.isDimmed);
  ctx.lineCap = "round";
  strokeBatched(ctx, dimmed);
  if (clear.length > MAX_GRADIENTS) strokeBatched(ctx, clear);
  else for (const each of clear) strokeWithDirection(ctx, each);
  ctx.setLineDash([]);
  ctx.globalAlpha = 1;
}

function styleEdge(frame: Frame, edge: SceneEdge, index: number, curve: Curve): DrawnEdge {
  const isLit = edge.isSelected || index === frame.hoveredEdge;
  const color =
    edge.tone === "ordinary" || edge.tone === "infrastructure" ? frame.palette.edge : frame.palette.tones[edge.tone];
  const zoom = Math.min(1, Math.max(0.45, frame.camera.scale));
  return {
    edge,
    curve,
    color: isLit ? frame.palette.focus : color,
    alpha: edge.isDimmed ? DIMMED * 0.7 : isLit ? 1 : 0.85 * edge.freshness,
    widthPx: edge.widthPx * zoom + (isLit ? 1 : 0),
  };
}

const isOutside = (from: Point, to: Point, screen: Bounds, loop: number): boolean => {
  const margin = Math.hypot(to.x - from.x, to.y - from.y) * 0.1 + loop * 1.2 + 4;
  return (
    Math.max(from.x, to.x) < screen.left - margin ||
    Math.min(from.x, to.x) > screen.right + margin ||
    Math.max(from.y, to.y) < screen.top - margin ||
    Math.min(from.y, to.y) > screen.bottom + margin
  );
};

function traceCurve(ctx: CanvasRenderingContext2D, { from, near, far, to }: Curve): void {
  ctx.moveTo(from.x, from.y);
  ctx.bezierCurveTo(near.x, near.y, far.x, far.y, to.x, to.y);
}

/** Strong at the end that began, faint at the other. */
function strokeWithDirection(ctx: CanvasRenderingContext2D, { edge, curve, color, alpha, widthPx }: DrawnEdge): void {
  ctx.globalAlpha = alpha;
  ctx.lineWidth = widthPx;
  ctx.setLineDash(edge.isSuspected ? DASH_PX : []);
  // A gradient between a point and itself paints nothing.
  if (edge.direction === "both" || edge.loopPx > 0) {
    ctx.strokeStyle = color;
  } else {
    const [start, end] = edge.direction === "outbound" ? [curve.from, curve.to] : [curve.to, curve.from];
    const gradient = ctx.createLinearGradient(start.x, start.y, end.x, end.y);
    gradient.addColorStop(0, color);
    gradient.addColorStop(1, `color-mix(in srgb, ${color} 28%, transparent)`);
    ctx.strokeStyle = gradient;
  }
  ctx.beginPath();
  traceCurve(ctx, curve);
  ctx.stroke();
}

/** One path per style: thousands of curves in a few strokes. */
function strokeBatched(ctx: CanvasRenderingContext2D, drawn: readonly DrawnEdge[]): void {
  const batches = new Map<string, DrawnEdge[]>();
  for (const each of drawn) {
    const key = `${each.color} ${each.alpha.toFixed(1)} ${each.widthPx.toFixed(0)} ${each.edge.isSuspected}`;
    const batch = batches.get(key);
    if (batch === undefined) batches.set(key, [each]);
    else batch.push(each);
  }
  for (const batch of batches.values()) {
    const [first] = batch;
    if (first === undefined) continue;
    ctx.globalAlpha = first.alpha * 0.75;
    ctx.strokeStyle = first.color;
    ctx.lineWidth = Math.max(0.6, Math.round(first.widthPx));
    ctx.setLineDash(first.edge.isSuspected ? DASH_PX : []);
    ctx.beginPath();
    for (const each of batch) traceCurve(ctx, each.curve);
    ctx.stroke();
  }
}
