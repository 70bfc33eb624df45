/** The marks for how a name is known, as paths: fonts draw these glyphs at different sizes. */
import type { NameMark } from "../../core/model/format.ts";

/** Room a mark takes before a label. */
export const MARK_WIDTH_PX = 13;
const RADIUS_PX = 3.4;
/** Six around the circle: finer dots run together into a ring on screens of ordinary density. */
const DOTS = [1.5, 2.06];

/** Draws `mark` around a centre, in the current fill and stroke styles. */
export function paintMark(ctx: CanvasRenderingContext2D, mark: NameMark, x: number, y: number): void {
  ctx.lineWidth = 1.3;
  ctx.setLineDash(mark === "◌" ? DOTS : []);
  ctx.beginPath();
  if (mark === "–") {
    ctx.moveTo(x - 3, y);
    ctx.lineTo(x + 3, y);
  } else if (mark === "△") {
    ctx.moveTo(x, y - 4);
    ctx.lineTo(x + 4, y + 3);
    ctx.lineTo(x - 4, y + 3);
    ctx.closePath();
  } else if (mark === "?") {
    ctx.arc(x, y - 1.6, 2.1, Math.PI, Math.PI * 2.35);
    ctx.lineTo(x, y + 1.2);
    ctx.moveTo(x, y + 3.4);
    ctx.lineTo(x, y + 3.8);
  } else {
    ctx.arc(x, y, RADIUS_PX, 0, 2 * Math.PI);
  }
  if (mark === "●") ctx.fill();
  else ctx.stroke();
  ctx.setLineDash([]);
}
