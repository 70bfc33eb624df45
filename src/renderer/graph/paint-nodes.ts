/** Nodes: programs are lettered tiles, destinations are discs; the verdict's shape repeats its colour. */

import { TONE_POLYGONS } from "../tone.ts";
import { nodeScale, type Point, toScreen } from "./camera.ts";
import { DIMMED, type Frame } from "./frame.ts";
import { positionAt } from "./hit-test.ts";
import type { SceneNode } from "./scene.ts";

const FONT = '"Inter Variable", system-ui, sans-serif';
/** A letter smaller than this is a smudge. */
const MIN_LETTER_RADIUS_PX = 7;
/** A verdict's shape smaller than this is a smudge. */
const MIN_SHAPE_RADIUS_PX = 4.5;

export function paintNodes(ctx: CanvasRenderingContext2D, frame: Frame): void {
  const { scene, size } = frame;
  const late: number[] = [];
  scene.nodes.forEach((node, index) => {
    if (node.isDimmed) paintNode(ctx, frame, node, index, size.width, size.height);
    else late.push(index);
  });
  for (const index of late) {
    const node = scene.nodes[index];
    if (node !== undefined) paintNode(ctx, frame, node, index, size.width, size.height);
  }
  ctx.setLineDash([]);
  ctx.globalAlpha = 1;
}

function paintNode(
  ctx: CanvasRenderingContext2D,
  frame: Frame,
  node: SceneNode,
  index: number,
  width: number,
  height: number,
): void {
  const at = toScreen(frame.camera, positionAt(frame.positions, index));
  const radius = node.radiusPx * nodeScale(frame.camera.scale);
  if (at.x < -radius - 8 || at.y < -radius - 8 || at.x > width + radius + 8 || at.y > height + radius + 8) return;
  ctx.globalAlpha = node.isDimmed ? DIMMED : node.isQuiet ? 0.76 : 1;
  if (node.isSelected || index === frame.hoveredNode || index === frame.focusedNode) {
    paintHalo(ctx, frame, node, at, radius, node.isSelected || index === frame.focusedNode);
  }
  if (node.kind === "program") paintProgram(ctx, frame, node, at, radius);
  else paintDestination(ctx, frame, node, at, radius);
  if (frame.pinned.has(node.id)) paintPin(ctx, frame, at, radius);
}

function tracePath(ctx: CanvasRenderingContext2D, node: SceneNode, at: Point, radius: number): void {
  ctx.beginPath();
  if (node.kind === "program") ctx.roundRect(at.x - radius, at.y - radius, 2 * radius, 2 * radius, radius * 0.42);
  else ctx.arc(at.x, at.y, radius, 0, 2 * Math.PI);
}

function paintHalo(
  ctx: CanvasRenderingContext2D,
  frame: Frame,
  node: SceneNode,
  at: Point,
  radius: number,
  isStrong: boolean,
): void {
  ctx.strokeStyle = frame.palette.focus;
  ctx.lineWidth = isStrong ? 2 : 1.5;
  ctx.setLineDash([]);
  const alpha = ctx.globalAlpha;
  ctx.globalAlpha = isStrong ? 1 : 0.55;
  tracePath(ctx, node, at, radius + 4);
  ctx.stroke();
  ctx.globalAlpha = alpha;
}

const isVerdict = (node: SceneNode): boolean => node.tone !== "ordinary" && node.tone !== "infrastructure";

function paintProgram(ctx: CanvasRenderingContext2D, frame: Frame, node: SceneNode, at: Point, radius: number): void {
  const { palette } = frame;
  tracePath(ctx, node, at, radius);
  ctx.fillStyle = palette.tile;
  ctx.fill();
  ctx.strokeStyle = isVerdict(node) ? palette.tones[node.tone] : palette.edge;
  ctx.lineWidth = isVerdict(node) ? Math.max(1.5, Math.min(2.5, radius * 0.14)) : 1;
  ctx.setLineDash(node.isSuspected ? [4, 3] : []);
  ctx.stroke();
  ctx.setLineDash([]);
  if (radius >= MIN_LETTER_RADIUS_PX) {
    ctx.fillStyle = palette.tileInk;
    ctx.font = `600 ${Math.round(radius * 0.98)}px ${FONT}`;
    ctx.textAlign = "center";
    ctx.textBaseline = "middle";
    ctx.fillText(node.letter, at.x, at.y + radius * 0.05);
  }
  if (isVerdict(node) && radius >= MIN_LETTER_RADIUS_PX) {
    const badge = Math.max(4.5, radius * 0.36);
    const corner = { x: at.x + radius * 0.92, y: at.y - radius * 0.92 };
    ctx.beginPath();
    ctx.arc(corner.x, corner.y, badge + 2, 0, 2 * Math.PI);
    ctx.fillStyle = palette.canvas;
    ctx.fill();
    paintShape(ctx, node, corner, badge, palette.tones[node.tone]);
  }
}

function paintDestination(
  ctx: CanvasRenderingContext2D,
  frame: Frame,
  node: SceneNode,
  at: Point,
  radius: number,
): void {
  const { palette } = frame;
  const color = palette.tones[node.tone];
  tracePath(ctx, node, at, radius);
  ctx.fillStyle = node.isAmbiguous ? palette.canvas : palette.disc;
  ctx.fill();
  if (!node.isAmbiguous) paintTint(ctx, node, color);
  ctx.strokeStyle = color;
  ctx.lineWidth = isVerdict(node) ? Math.max(1.25, Math.min(2, radius * 0.16)) : 1.25;
  ctx.setLineDash(node.isSuspected ? [4, 3] : []);
  ctx.stroke();
  ctx.setLineDash([]);
  if (node.isAmbiguous) paintInnerRing(ctx, node, at, radius);
  if (isVerdict(node) && radius >= MIN_SHAPE_RADIUS_PX) paintShape(ctx, node, at, radius * 0.5, color);
}

/** Fills the traced path lightly with its verdict's colour. */
function paintTint(ctx: CanvasRenderingContext2D, node: SceneNode, color: string): void {
  const alpha = ctx.globalAlpha;
  ctx.globalAlpha = alpha * (isVerdict(node) ? 0.24 : 0.16);
  ctx.fillStyle = color;
  ctx.fill();
  ctx.globalAlpha = alpha;
}

/** Hollow with a second ring, dotted: several names share the address. Reads without colour, and is not the dashes of a suspicion. */
function paintInnerRing(ctx: CanvasRenderingContext2D, node: SceneNode, at: Point, radius: number): void {
  tracePath(ctx, node, at, radius - Math.max(2.5, radius * 0.28));
  ctx.setLineDash([1.5, 2.5]);
  ctx.stroke();
  ctx.setLineDash([]);
}

/** The shape that says the verdict without colour, `half` its half width. */
function paintShape(ctx: CanvasRenderingContext2D, node: SceneNode, at: Point, half: number, color: string): void {
  const polygon = TONE_POLYGONS[node.tone];
  if (polygon === null) return;
  ctx.beginPath();
  for (const [x, y] of polygon) ctx.lineTo(at.x + (x / 5 - 1) * half, at.y + (y / 5 - 1) * half);
  ctx.closePath();
  ctx.fillStyle = color;
  ctx.fill();
}

function paintPin(ctx: CanvasRenderingContext2D, frame: Frame, at: Point, radius: number): void {
  ctx.beginPath();
  ctx.arc(at.x - radius * 0.8, at.y - radius * 0.8, 2.5, 0, 2 * Math.PI);
  ctx.fillStyle = frame.palette.ink;
  ctx.fill();
}
