/** The brief pulse that runs along an edge at a contact; on a canvas of its own, so it never repaints the graph. */
import { toScreen } from "./camera.ts";
import { curveBetween, pointOn } from "./curve.ts";
import type { Frame } from "./frame.ts";
import { positionAt } from "./hit-test.ts";

const PULSE_MS = 700;
/** More at once is a flicker, not information. */
const MAX_PULSES = 40;

export interface Pulse {
  /** Index into the scene's edges. */
  readonly edge: number;
  readonly begunMs: number;
}

export const addPulses = (pulses: readonly Pulse[], edges: readonly number[], nowMs: number): Pulse[] =>
  [...livePulses(pulses, nowMs), ...edges.map((edge): Pulse => ({ edge, begunMs: nowMs }))].slice(-MAX_PULSES);

export const livePulses = (pulses: readonly Pulse[], nowMs: number): Pulse[] =>
  pulses.filter((pulse) => nowMs - pulse.begunMs < PULSE_MS);

export function paintPulses(
  ctx: CanvasRenderingContext2D,
  frame: Frame,
  pulses: readonly Pulse[],
  nowMs: number,
): void {
  const { camera, palette, pixelRatio, positions, scene, size } = frame;
  ctx.setTransform(pixelRatio, 0, 0, pixelRatio, 0, 0);
  ctx.clearRect(0, 0, size.width, size.height);
  for (const pulse of pulses) {
    const edge = scene.edges[pulse.edge];
    if (edge === undefined || edge.isDimmed) continue;
    const t = Math.min(1, (nowMs - pulse.begunMs) / PULSE_MS);
    const from = toScreen(camera, positionAt(positions, edge.source));
    const to = toScreen(camera, positionAt(positions, edge.target));
    const at = pointOn(curveBetween(from, to, edge.loopPx * camera.scale), edge.direction === "inbound" ? 1 - t : t);
    ctx.globalAlpha = Math.sin(Math.PI * t);
    ctx.fillStyle = edge.tone === "infrastructure" ? palette.edge : palette.tones[edge.tone];
    ctx.beginPath();
    ctx.arc(at.x, at.y, 2.2 + edge.widthPx * 0.4, 0, 2 * Math.PI);
    ctx.fill();
  }
  ctx.globalAlpha = 1;
}
