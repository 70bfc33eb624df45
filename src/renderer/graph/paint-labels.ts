/** Labels: drawn last, in screen size, under their node. */
import { toScreen } from "./camera.ts";
import { positionAt } from "./hit-test.ts";
import { cullLabels, type LabelBox } from "./label-culling.ts";
import { DIMMED, type Frame } from "./paint.ts";
import type { SceneNode } from "./scene.ts";

const FAMILY = '"Inter Variable", system-ui, sans-serif';
const PROGRAM_FONT = `560 12px ${FAMILY}`;
const DESTINATION_FONT = `430 11.5px ${FAMILY}`;
const LINE_PX = 15;
const GAP_PX = 4;
/** Above this many neighbours, even their labels are culled: a solid block of text says nothing. */
const MAX_FORCED = 48;

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

const labelText = (node: SceneNode): string => (node.mark === null ? node.label : `${node.mark} ${node.label}`);
const labelFont = (node: SceneNode): string => (node.kind === "program" ? PROGRAM_FONT : DESTINATION_FONT);

export function paintLabels(ctx: CanvasRenderingContext2D, frame: Frame): void {
  const { scene, palette } = frame;
  ctx.textAlign = "center";
  ctx.textBaseline = "alphabetic";
  ctx.lineJoin = "round";
  for (const box of cullLabels(labelBoxes(ctx, frame))) {
    const node = scene.nodes[box.index];
    if (node === undefined) continue;
    ctx.globalAlpha = node.isDimmed && box.index !== frame.hoveredNode ? DIMMED : 1;
    ctx.font = labelFont(node);
    const x = box.left + box.width / 2;
    const y = box.top + LINE_PX - 4;
    ctx.strokeStyle = palette.canvas;
    ctx.lineWidth = 3.5;
    ctx.strokeText(labelText(node), x, y);
    ctx.fillStyle = node.kind === "program" || node.isNear || box.isForced ? palette.ink : palette.inkQuiet;
    ctx.fillText(labelText(node), x, y);
  }
  ctx.globalAlpha = 1;
}

function labelBoxes(ctx: CanvasRenderingContext2D, frame: Frame): LabelBox[] {
  const { scene, camera, size } = frame;
  const nearCount = scene.nodes.reduce((count, node) => count + Number(node.isNear), 0);
  const boxes: LabelBox[] = [];
  scene.nodes.forEach((node, index) => {
    const at = toScreen(camera, positionAt(frame.positions, index));
    if (at.x < -80 || at.y < -40 || at.x > size.width + 80 || at.y > size.height + 20) return;
    const isPointed = index === frame.hoveredNode || index === frame.focusedNode || node.isSelected;
    // Dimmed labels would only be noise under the ones that matter.
    if (node.isDimmed && !isPointed) return;
    const width = textWidth(ctx, labelFont(node), labelText(node));
    const top = at.y + node.radiusPx * camera.scale + GAP_PX;
    const priority = node.priority + (isPointed ? 1000 : 0) + (node.isNear ? 200 : 0);
    const isForced = isPointed || (node.isNear && nearCount <= MAX_FORCED);
    boxes.push({ index, left: at.x - width / 2, top, width, height: LINE_PX, priority, isForced });
  });
  return boxes;
}
