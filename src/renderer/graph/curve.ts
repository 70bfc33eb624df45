/** The gentle curve of an edge: one quadratic, bent to the same side whichever way it is read. Pure. */
import type { Point } from "./camera.ts";

/** Share of the length the middle is moved sideways by. */
const BEND = 0.09;

export interface Curve {
  readonly from: Point;
  readonly control: Point;
  readonly to: Point;
}

export function curveBetween(from: Point, to: Point): Curve {
  const dx = to.x - from.x;
  const dy = to.y - from.y;
  return {
    from,
    control: { x: (from.x + to.x) / 2 - dy * BEND, y: (from.y + to.y) / 2 + dx * BEND },
    to,
  };
}

export function pointOn(curve: Curve, t: number): Point {
  const a = (1 - t) * (1 - t);
  const b = 2 * t * (1 - t);
  const c = t * t;
  return {
    x: a * curve.from.x + b * curve.control.x + c * curve.to.x,
    y: a * curve.from.y + b * curve.control.y + c * curve.to.y,
  };
}

const SAMPLES = 12;

/** Distance from a point to the curve, to within a fraction of a pixel at the lengths we draw. */
export function distanceToCurve(curve: Curve, point: Point): number {
  let nearest = Number.POSITIVE_INFINITY;
  let before = curve.from;
  for (let sample = 1; sample <= SAMPLES; sample += 1) {
    const after = pointOn(curve, sample / SAMPLES);
    nearest = Math.min(nearest, distanceToSegment(before, after, point));
    before = after;
  }
  return nearest;
}

function distanceToSegment(a: Point, b: Point, point: Point): number {
  const dx = b.x - a.x;
  const dy = b.y - a.y;
  const lengthSquared = dx * dx + dy * dy;
  const along = lengthSquared === 0 ? 0 : ((point.x - a.x) * dx + (point.y - a.y) * dy) / lengthSquared;
  const t = Math.min(1, Math.max(0, along));
  return Math.hypot(point.x - a.x - dx * t, point.y - a.y - dy * t);
}
