/** The canvas the graph is painted on. Between paintings a large graph moves as a picture: sharp again when it rests. */
import type { Camera } from "./camera.ts";
import type { Frame } from "./frame.ts";
import { paintGraph } from "./paint.ts";

/** From this many nodes on, painting takes longer than a frame where there is no graphics card. */
const LARGE_GRAPH = 900;
const MOVED_REPAINT_MS = 160;

export class PaintedLayer {
  readonly #ctx: CanvasRenderingContext2D;
  readonly #onRest: () => void;
  #isStale = false;
  #paintedCamera: Camera | null = null;
  #paintedMs = 0;
  #restTimer: ReturnType<typeof setTimeout> | undefined;

  /** `onRest` is called when the camera has stood still after the picture was moved. */
  constructor(ctx: CanvasRenderingContext2D, onRest: () => void) {
    this.#ctx = ctx;
    this.#onRest = onRest;
  }

  destroy(): void {
    clearTimeout(this.#restTimer);
  }

  markStale(): void {
    this.#isStale = true;
  }

  show(frame: Frame, nowMs: number): void {
    const painted = this.#paintedCamera;
    if (painted === null || this.#isStale || this.#mustRepaint(painted, frame, nowMs)) this.#paint(frame, nowMs);
    else if (painted !== frame.camera) this.#shift(painted, frame.camera);
  }

  /** A small graph is painted at every move; a large one now and then. */
  #mustRepaint(painted: Camera, { camera, scene }: Frame, nowMs: number): boolean {
    if (camera === painted) return false;
    return scene.nodes.length < LARGE_GRAPH || nowMs - this.#paintedMs > MOVED_REPAINT_MS;
  }

  #paint(frame: Frame, nowMs: number): void {
    clearTimeout(this.#restTimer);
    paintGraph(this.#ctx, frame);
    this.#ctx.canvas.style.transform = "";
    this.#isStale = false;
    this.#paintedCamera = frame.camera;
    this.#paintedMs = nowMs;
  }

  #shift(painted: Camera, camera: Camera): void {
    const factor = camera.scale / painted.scale;
    const shift = `translate(${camera.x - painted.x * factor}px, ${camera.y - painted.y * factor}px)`;
    this.#ctx.canvas.style.transform = `${shift} scale(${factor})`;
    clearTimeout(this.#restTimer);
    this.#restTimer = setTimeout(this.#onRest, MOVED_REPAINT_MS);
  }
}
