/** Where the canvas looks: world to screen and back. Pure; screen units are CSS pixels. */
export interface Camera {
  readonly scale: number;
  /** Screen position of the world's origin. */
  readonly x: number;
  readonly y: number;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

export interface Bounds {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** Below, labels and shapes say nothing more; above, one node fills the view. */
export const MIN_SCALE = 0.08;
export const MAX_SCALE = 5;
/** A small graph is spread out over the window, a single node is not blown up: from 1 to this, by its extent. */
const MAX_FIT_SCALE = 2.2;
const SPREAD_EXTENT = 320;
const FIT_MARGIN_PX = 64;
/** Beside a drawer there is little width to give away. */
const MAX_MARGIN_SHARE = 0.12;
/** Room for the legend and the labels below the lowest nodes. */
const FIT_BOTTOM_PX = 96;

const clamp = (value: number, low: number, high: number): number => Math.min(high, Math.max(low, value));

/** Nodes change less than distances do: zoomed out many stay readable, zoomed in they make room for names. */
export const nodeScale = (scale: number): number => (scale < 1 ? scale ** 0.72 : scale ** 0.4);

export const toScreen = (camera: Camera, point: Point): Point => ({
  x: point.x * camera.scale + camera.x,
  y: point.y * camera.scale + camera.y,
});

export const toWorld = (camera: Camera, point: Point): Point => ({
  x: (point.x - camera.x) / camera.scale,
  y: (point.y - camera.y) / camera.scale,
});

export const panBy = (camera: Camera, dx: number, dy: number): Camera => ({
  scale: camera.scale,
  x: camera.x + dx,
  y: camera.y + dy,
});

/** Zooms by `factor` and keeps the world point under `anchor` where it is. */
export function zoomAt(camera: Camera, anchor: Point, factor: number): Camera {
  const scale = clamp(camera.scale * factor, MIN_SCALE, MAX_SCALE);
  const world = toWorld(camera, anchor);
  return { scale, x: anchor.x - world.x * scale, y: anchor.y - world.y * scale };
}

/** The camera that shows `bounds` whole; the world's origin in the middle when there is nothing. */
export function fitCamera(bounds: Bounds | null, size: Size, maxScale = MAX_FIT_SCALE): Camera {
  if (bounds === null) return { scale: 1, x: size.width / 2, y: size.height / 2 };
  const width = Math.max(1, bounds.right - bounds.left);
  const height = Math.max(1, bounds.bottom - bounds.top);
  const sidePx = Math.min(FIT_MARGIN_PX, size.width * MAX_MARGIN_SHARE);
  const scale = clamp(
    Math.min((size.width - 2 * sidePx) / width, (size.height - FIT_MARGIN_PX - FIT_BOTTOM_PX) / height),
    MIN_SCALE,
    Math.min(maxScale, 1 + (MAX_FIT_SCALE - 1) * Math.min(1, Math.max(width, height) / SPREAD_EXTENT)),
  );
  return {
    scale,
    x: size.width / 2 - ((bounds.left + bounds.right) / 2) * scale,
    y: (size.height + FIT_MARGIN_PX - FIT_BOTTOM_PX) / 2 - ((bounds.top + bounds.bottom) / 2) * scale,
  };
}

/** Between two cameras, for `t` from 0 to 1, eased out. */
export function blendCameras(from: Camera, to: Camera, t: number): Camera {
  const eased = 1 - (1 - clamp(t, 0, 1)) ** 3;
  const blend = (a: number, b: number): number => a + (b - a) * eased;
  return { scale: blend(from.scale, to.scale), x: blend(from.x, to.x), y: blend(from.y, to.y) };
}

/** Box around `count` interleaved x, y pairs; null when there are none. */
export function boundsOf(positions: Float32Array, count: number): Bounds | null {
  if (count === 0) return null;
  let left = Number.POSITIVE_INFINITY;
  let top = Number.POSITIVE_INFINITY;
  let right = Number.NEGATIVE_INFINITY;
  let bottom = Number.NEGATIVE_INFINITY;
  for (let index = 0; index < count; index += 1) {
    const x = positions[index * 2] ?? 0;
    const y = positions[index * 2 + 1] ?? 0;
    left = Math.min(left, x);
    right = Math.max(right, x);
    top = Math.min(top, y);
    bottom = Math.max(bottom, y);
  }
  return { left, top, right, bottom };
}
