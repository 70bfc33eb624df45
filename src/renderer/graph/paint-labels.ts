/** Labels: drawn last, in screen size, beside their node where there is room. */
import { nodeScale, type Point, toScreen } from "./camera.ts";
import { DIMMED, type Frame } from "./frame.ts";
import { positionAt } from "./hit-test.ts";
import { cullLabels, type LabelBox, type Obstacle } from "./label-culling.ts";
import { MARK_WIDTH_PX, paintMark } from "./paint-mark.ts";
import type { SceneNode } from "./scene.ts";

const FAMILY = '"Inter Variable", system-ui, sans-serif';
const PROGRAM_FONT = `580 12px ${FAMILY}`;
const DESTINATION_FONT = `430 11.5px ${FAMILY}`;
const LINE_PX = 15;
const GAP_PX = 4;
/** Above this many neighbours, even their labels are culled: a solid block of text says nothing. */
const MAX_FORCED = 48;
/** With this many nodes small on screen, a label over a disc is better than none in the middle. */
const CROWD = 150;
/** Labels tried for a place; the rest would find none. */
const MAX_CANDIDATES = 420;

/** Widths by font and text; text is the dearest thing to measure. Emptied when it grows too large. */
const widths = new Map<string, number>();
const MAX_WIDTHS = 8000;

function textWidth(ctx: CanvasRenderingContext2D, font: string, text: string): number {
  const key = `${font}|${text}`;
  let width = widths.get(key);
  if (width === undefined) {
    if (widths.size > MAX_WIDTHS) widths.clear();
    ctx.font = font;
    width = ctx.measureText(text).width;
    widths.set(key, width);
  }
  return width;
}

/** Measured with a fallback font, widths are wrong once the real font is there. */
export const forgetTextWidths = (): void => widths.clear();

const labelFont = (node: SceneNode): string => (node.kind === "program" ? PROGRAM_FONT : DESTINATION_FONT);

export function paintLabels(ctx: CanvasRenderingContext2D, frame: Frame): void {
  ctx.textAlign = "left";
  ctx.textBaseline = "alphabetic";
  ctx.lineJoin = "round";
  ctx.textRendering = "geometricPrecision";
  for (const { box, left, top } of cullLabels(labelBoxes(ctx, frame), tileObstacles(frame), frame.visible)) {
    const node = frame.scene.nodes[box.index];
    if (node !== undefined) paintLabel(ctx, frame, node, box, left, top);
  }
  ctx.globalAlpha = 1;
}

function paintLabel(
  ctx: CanvasRenderingContext2D,
  { palette, hoveredNode }: Frame,
  node: SceneNode,
  box: LabelBox,
  left: number,
  top: number,
): void {
  const isLoud = node.kind === "program" || node.isNear || box.isForced;
  const textLeft = left + (node.mark === null ? 0 : MARK_WIDTH_PX);
  const baseline = top + LINE_PX - 4;
  ctx.globalAlpha = node.isDimmed && box.index !== hoveredNode ? DIMMED : node.isQuiet && !node.isNear ? 0.7 : 1;
  ctx.font = labelFont(node);
  ctx.strokeStyle = palette.canvas;
  ctx.lineWidth = 3.5;
  ctx.strokeText(node.label, textLeft, baseline);
  ctx.fillStyle = isLoud ? palette.ink : palette.inkQuiet;
  ctx.fillText(node.label, textLeft, baseline);
  if (node.mark === null) return;
  ctx.strokeStyle = palette.inkQuiet;
  ctx.fillStyle = palette.inkQuiet;
  paintMark(ctx, node.mark, left + 4, baseline - 4);
}

interface Candidate {
  readonly index: number;
  readonly node: SceneNode;
  readonly at: Point;
  readonly priority: number;
  readonly isForced: boolean;
}

function labelBoxes(ctx: CanvasRenderingContext2D, frame: Frame): LabelBox[] {
  const wanted = candidates(frame).sort((a, b) => b.priority - a.priority);
  return wanted.slice(0, MAX_CANDIDATES).map(({ index, node, at, priority, isForced }) => ({
    index,
    x: at.x,
    y: at.y,
    reach: node.radiusPx * nodeScale(frame.camera.scale) + GAP_PX,
    width: textWidth(ctx, labelFont(node), node.label) + (node.mark === null ? 0 : MARK_WIDTH_PX),
    height: LINE_PX,
    priority,
    isForced,
  }));
}

function candidates({ scene, camera, size, positions, hoveredNode, focusedNode }: Frame): Candidate[] {
  const nearCount = scene.nodes.reduce((count, node) => count + Number(node.isNear), 0);
  const found: Candidate[] = [];
  scene.nodes.forEach((node, index) => {
    const isPointed = index === hoveredNode || index === focusedNode || node.isSelected;
    // Dimmed labels would only be noise under the ones that matter.
    if ((node.isDimmed && !isPointed) || node.label === "") return;
    const at = toScreen(camera, positionAt(positions, index));
    if (at.x < -80 || at.y < -40 || at.x > size.width + 80 || at.y > size.height + 20) return;
    const priority = node.priority + (isPointed ? 1000 : 0) + (node.isNear ? 200 : 0);
    found.push({ index, node, at, priority, isForced: isPointed || (node.isNear && nearCount <= MAX_FORCED) });
  });
  return found;
}

/** Text goes around programs always, and around destinations while there is room for both. */
function tileObstacles({ scene, camera, positions }: Frame): Obstacle[] {
  const obstacles: Obstacle[] = [];
  const isCrowded = scene.nodes.length > CROWD && camera.scale < 0.9;
  scene.nodes.forEach((node, index) => {
    if (node.isDimmed || (isCrowded && node.kind === "destination")) return;
    const at = toScreen(camera, positionAt(positions, index));
    const half = node.radiusPx * nodeScale(camera.scale) * (node.kind === "program" ? 1 : 0.8);
    obstacles.push({ index, left: at.x - half, top: at.y - half, width: 2 * half, height: 2 * half });
  });
  return obstacles;
}
