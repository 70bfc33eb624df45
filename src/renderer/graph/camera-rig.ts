/**
 * Moves the camera: follows the growing graph until the person takes over,
 * glides to a selection, and goes back after. Knows no canvas and no scene.
 */
import {
  type Bounds,
  blendCameras,
  type Camera,
  fitCamera,
  type Point,
  panBy,
  type Size,
  toScreen,
  zoomAt,
} from "./camera.ts";

const GLIDE_MS = 260;
/** Share of the way to the fitted camera that one step of the layout is followed. */
const FOLLOW_STEP = 0.12;
/** Zoomed out further, a neighbourhood's labels have no room. */
const READABLE_SCALE = 0.55;
/** A selection is shown, not magnified. */
const MAX_SELECTION_SCALE = 1.1;
const EDGE_PX = 24;
/** The legend, and a label below the node. */
const BOTTOM_PX = 76;

interface Glide {
  readonly from: Camera;
  readonly to: Camera;
  readonly begunMs: number;
}

export class CameraRig {
  readonly #isCalm: () => boolean;
  #camera: Camera = { scale: 1, x: 0, y: 0 };
  #size: Size = { width: 0, height: 0 };
  #coveredPx = 0;
  #glide: Glide | null = null;
  /** Follows the graph until the person moves the camera. */
  #isFollowing = true;
  /** It followed before a selection was shown, and will again after. */
  #isFollowingLater = false;

  constructor(isCalm: () => boolean) {
    this.#isCalm = isCalm;
  }

  get camera(): Camera {
    return this.#camera;
  }

  get size(): Size {
    return this.#size;
  }

  /** The part that no drawer lies over. */
  get visible(): Size {
    return { width: Math.max(1, this.#size.width - this.#coveredPx), height: this.#size.height };
  }

  get isGliding(): boolean {
    return this.#glide !== null;
  }

  /** How much of the right side a drawer covers. */
  cover(widthPx: number, graph: Bounds | null): void {
    if (widthPx === this.#coveredPx) return;
    this.#coveredPx = widthPx;
    if (this.#isFollowing && this.#size.width > 0 && this.#glide === null)
      this.#camera = fitCamera(graph, this.visible);
  }

  /** The camera went to a selection by itself, and nobody has moved it since. */
  get isAtSelection(): boolean {
    return this.#isFollowingLater;
  }

  resize(size: Size, graph: Bounds | null): void {
    const isFirst = this.#size.width === 0;
    const moved = { x: (size.width - this.#size.width) / 2, y: (size.height - this.#size.height) / 2 };
    this.#size = size;
    if (this.#isFollowingLater) this.#followAgain();
    if (isFirst) this.#camera = fitCamera(null, size);
    else if (this.#isFollowing) this.#camera = fitCamera(graph, this.visible);
    else this.#camera = panBy(this.#camera, moved.x, moved.y);
  }

  /** Another session: its graph is followed, wherever the last one was left. */
  startOver(): void {
    this.#isFollowing = true;
  }

  pan(dx: number, dy: number): void {
    this.takeOver();
    this.#camera = panBy(this.#camera, dx, dy);
  }

  zoom(anchor: Point | null, factor: number): void {
    this.takeOver();
    this.#camera = zoomAt(this.#camera, anchor ?? { x: this.visible.width / 2, y: this.#size.height / 2 }, factor);
  }

  /** The person moved the picture: from now on it stays where they put it. */
  takeOver(): void {
    this.#isFollowing = false;
    this.#isFollowingLater = false;
    this.#glide = null;
  }

  fit(graph: Bounds | null): void {
    this.#followAgain();
    this.#glideTo(fitCamera(graph, this.visible));
  }

  /** After a step of the layout. Follows smoothly, so that a growing graph does not make the picture jump. */
  follow(graph: Bounds | null, isCool: boolean, isSmooth: boolean): void {
    if (!this.#isFollowing || this.#glide !== null) return;
    const target = fitCamera(graph, this.visible);
    if (this.#isCalm() || !isSmooth) {
      this.#camera = target;
      return;
    }
    if (isCool) this.#glideTo(target);
    this.#camera = blendCameras(this.#camera, target, FOLLOW_STEP);
  }

  /**
   * Shows the selected neighbourhood when it is outside the view or too small
   * to read; when the selection ends, a view that followed the graph does so again.
   */
  showSelection(near: Bounds | null, graph: Bounds | null): void {
    if (near === null) {
      if (this.#isFollowingLater) this.fit(graph);
      return;
    }
    if (this.#isInView(near) && this.#camera.scale > READABLE_SCALE) return;
    this.#isFollowingLater ||= this.#isFollowing;
    this.#isFollowing = false;
    this.#glideTo(fitCamera(near, this.visible, MAX_SELECTION_SCALE));
  }

  /** One frame further on a glide. */
  advance(nowMs: number): void {
    if (this.#glide === null) return;
    const t = (nowMs - this.#glide.begunMs) / GLIDE_MS;
    this.#camera = blendCameras(this.#glide.from, this.#glide.to, t);
    if (t >= 1) this.#glide = null;
  }

  #followAgain(): void {
    this.#isFollowing = true;
    this.#isFollowingLater = false;
    this.#glide = null;
  }

  #isInView({ left, top, right, bottom }: Bounds): boolean {
    const from = toScreen(this.#camera, { x: left, y: top });
    const to = toScreen(this.#camera, { x: right, y: bottom });
    const { width, height } = this.visible;
    return from.x > EDGE_PX && from.y > EDGE_PX && to.x < width - EDGE_PX && to.y < height - BOTTOM_PX;
  }

  #glideTo(to: Camera): void {
    if (this.#isCalm()) this.#camera = to;
    else this.#glide = { from: this.#camera, to, begunMs: performance.now() };
  }
}
