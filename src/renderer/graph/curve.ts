/** The gentle curve of an edge: bent to one side of its way, so that two programs that call each other have two. Pure. */
import type { Point } from "./camera.ts";

/** Share of the length the middle is moved sideways by. */
const BEND = 0.09;
/** Both middle points of a cubic stand at two thirds of where a quadratic's one would. */
const THIRDS = 2 / 3;
const LOOP_RISE = 1.5;

/** A cubic Bézier. */
export interface Curve {
  readonly from: Point;
  readonly near: Point;
  readonly far: Point;
  readonly to: Point;
}

/** `loop`: how far the curve of an edge that ends where it begins reaches, in the unit of the points; 0: it does not. */
export function curveBetween(from: Point, to: Point, loop = 0): Curve {
  if (loop > 0) {
    const y = from.y - loop * LOOP_RISE;
    return { from, near: { x: from.x - loop, y }, far: { x: from.x + loop, y }, to: from };
  }
  const dx = to.x - from.x;
  const dy = to.y - from.y;
  const bend = { x: -dy * BEND * THIRDS, y: dx * BEND * THIRDS };
  return {
    from,
    near: { x: from.x + dx / 3 + bend.x, y: from.y + dy / 3 + bend.y },
    far: { x: to.x - dx / 3 + bend.x, y: to.y - dy / 3 + bend.y },
    to,
  };
}

/** Out of the tile it leaves, whose half is the radius. */
export const loopOf = (radiusPx: number): number => radiusPx * 1.6 + 24;

export function pointOn({ from, near, far, to }: Curve, t: number): Point {
  const s = 1 - t;
  const [a, b, c, d] = [s * s * s, 3 * s * s * t, 3 * s * t * t, t * t * t];
  return {
    x: a * from.x + b * near.x + c * far.x + d * to.x,
    y: a * from.y + b * near.y + c * far.y + d * to.y,
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
