/**
 * Owns the two canvases, the layout worker and the frames between them.
 * Paints only when something changed: a cool graph costs nothing.
 */
import type { EdgeId, NodeId } from "../../core/model/ids.ts";
import type { GraphState } from "../store/graph-state.ts";
import {
  blendCameras,
  boundsOf,
  type Camera,
  fitCamera,
  type Point,
  panBy,
  type Size,
  toScreen,
  toWorld,
  zoomAt,
} from "./camera.ts";
import type { Frame } from "./frame.ts";
import { edgeAt, neighbourInDirection, nodeAt, positionAt } from "./hit-test.ts";
import { LayoutClient } from "./layout-client.ts";
import { paintGraph } from "./paint.ts";
import { forgetTextWidths } from "./paint-labels.ts";
import { readPalette } from "./palette.ts";
import { addPulses, livePulses, type Pulse, paintPulses } from "./pulses.ts";
import { buildScene, type Scene, type SceneChoices } from "./scene.ts";

const GLIDE_MS = 260;
/** Pointer slack in screen pixels: small things must be easy to hit. */
const NODE_SLACK_PX = 4;
const EDGE_SLACK_PX = 6;
/** Zoomed out further, a neighbourhood's labels have no room. */
const READABLE_SCALE = 0.55;
/** From this many nodes on, painting takes longer than a frame where there is no graphics card. */
const LARGE_GRAPH = 900;
const MOVED_REPAINT_MS = 160;

const positionPair = (positions: Float32Array, index: number): [number, number] => {
  const { x, y } = positionAt(positions, index);
  return [x, y];
};

export interface Hit {
  readonly node: NodeId | null;
  readonly edge: EdgeId | null;
}

interface Glide {
  readonly from: Camera;
  readonly to: Camera;
  readonly begunMs: number;
}

export class GraphView {
  readonly #base: CanvasRenderingContext2D;
  readonly #overlay: CanvasRenderingContext2D;
  readonly #layout: LayoutClient;
  readonly #isCalm: () => boolean;
  #scene: Scene = { nodes: [], edges: [], indexOf: new Map(), edgeIndexOf: new Map() };
  #structure = -1;
  #generation = -1;
  #positions: Float32Array<ArrayBufferLike> = new Float32Array(0);
  #camera: Camera = { scale: 1, x: 0, y: 0 };
  #size: Size = { width: 0, height: 0 };
  #palette = readPalette(getComputedStyle(document.documentElement));
  #hoveredNode = -1;
  #hoveredEdge = -1;
  #focusedNode = -1;
  #pulses: Pulse[] = [];
  #glide: Glide | null = null;
  /** Follows the graph until the person moves the camera. */
  #isFollowing = true;
  /** It followed before a selection was shown, and will again after. */
  #isFollowingLater = false;
  #clicked: NodeId | EdgeId | null = null;
  #frame = 0;
  #isBaseStale = false;
  #paintedCamera: Camera = this.#camera;
  #paintedMs = 0;
  #settleTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(base: CanvasRenderingContext2D, overlay: CanvasRenderingContext2D, isCalm: () => boolean) {
    this.#base = base;
    this.#overlay = overlay;
    this.#isCalm = isCalm;
    this.#layout = new LayoutClient((positions, isCool) => this.#onPositions(positions, isCool));
    void document.fonts.ready.then(() => {
      forgetTextWidths();
      this.repaint();
    });
  }

  destroy(): void {
    cancelAnimationFrame(this.#frame);
    clearTimeout(this.#settleTimer);
    this.#layout.destroy();
  }

  resize(size: Size, pixelRatio: number): void {
    for (const ctx of [this.#base, this.#overlay]) {
      ctx.canvas.width = Math.round(size.width * pixelRatio);
      ctx.canvas.height = Math.round(size.height * pixelRatio);
    }
    const isFirst = this.#size.width === 0;
    const moved = { x: (size.width - this.#size.width) / 2, y: (size.height - this.#size.height) / 2 };
    this.#size = size;
    if (isFirst) this.#camera = fitCamera(null, size);
    else if (this.#isFollowing) this.#camera = this.#fitted();
    else this.#camera = panBy(this.#camera, moved.x, moved.y);
    this.repaint();
    this.#paintNow();
  }

  setGraph(graph: GraphState, generation: number, choices: SceneChoices): void {
    const isReset = generation !== this.#generation;
    const focusedId = this.#scene.nodes[this.#focusedNode]?.id;
    this.#scene = buildScene(graph, choices);
    if (isReset) this.#isFollowing = true;
    if (isReset || graph.structure !== this.#structure) {
      this.#positions = this.#layout.setScene(this.#scene, isReset, this.#size.width / Math.max(1, this.#size.height));
      this.#pulses = [];
    }
    this.#focusedNode = focusedId === undefined ? -1 : (this.#scene.indexOf.get(focusedId) ?? -1);
    this.#generation = generation;
    this.#structure = graph.structure;
    this.repaint();
  }

  pulse(edges: readonly EdgeId[]): void {
    if (this.#isCalm() || document.hidden) return;
    const indexes = edges.map((id) => this.#scene.edgeIndexOf.get(id)).filter((index) => index !== undefined);
    if (indexes.length === 0) return;
    this.#pulses = addPulses(this.#pulses, indexes, performance.now());
    this.#schedule();
  }

  refreshPalette(): void {
    this.#palette = readPalette(getComputedStyle(document.documentElement));
    this.repaint();
  }

  repaint(): void {
    this.#isBaseStale = true;
    this.#schedule();
  }

  hit(point: Point): Hit {
    const world = toWorld(this.#camera, point);
    const node = nodeAt(this.#scene, this.#positions, world, this.#camera.scale, NODE_SLACK_PX);
    if (node >= 0) return { node: this.#scene.nodes[node]?.id ?? null, edge: null };
    const edge = edgeAt(this.#scene, this.#positions, world, EDGE_SLACK_PX / this.#camera.scale);
    return { node: null, edge: this.#scene.edges[edge]?.id ?? null };
  }

  noteClick(id: NodeId | EdgeId | null): void {
    this.#clicked = id;
  }

  wasClicked(id: NodeId | EdgeId): boolean {
    return this.#clicked === id;
  }

  hover(hit: Hit): void {
    const node = hit.node === null ? -1 : (this.#scene.indexOf.get(hit.node) ?? -1);
    const edge = hit.edge === null ? -1 : (this.#scene.edgeIndexOf.get(hit.edge) ?? -1);
    if (node === this.#hoveredNode && edge === this.#hoveredEdge) return;
    this.#hoveredNode = node;
    this.#hoveredEdge = edge;
    this.repaint();
  }

  /** Moves the keyboard's focus in a direction; the first move focuses the most telling node. */
  moveFocus(direction: Point): NodeId | null {
    const next =
      this.#focusedNode < 0
        ? this.#mostTelling()
        : neighbourInDirection(this.#scene, this.#positions, this.#focusedNode, direction);
    if (next >= 0) this.#focusedNode = next;
    this.repaint();
    return this.#scene.nodes[this.#focusedNode]?.id ?? null;
  }

  clearFocus(): void {
    if (this.#focusedNode < 0) return;
    this.#focusedNode = -1;
    this.repaint();
  }

  pan(dx: number, dy: number): void {
    this.#takeOver();
    this.#camera = panBy(this.#camera, dx, dy);
    this.#schedule();
  }

  zoom(anchor: Point | null, factor: number): void {
    this.#takeOver();
    this.#camera = zoomAt(this.#camera, anchor ?? { x: this.#size.width / 2, y: this.#size.height / 2 }, factor);
    this.#schedule();
  }

  fit(): void {
    this.#isFollowing = true;
    this.#isFollowingLater = false;
    this.#glideTo(this.#fitted());
  }

  /**
   * Shows the selected neighbourhood when it is outside the view or too small
   * to read; when the selection ends, a view that followed the graph does so again.
   */
  showSelection(): void {
    const near: number[] = [];
    this.#scene.nodes.forEach((node, index) => {
      if (node.isNear) near.push(...positionPair(this.#positions, index));
    });
    const bounds = boundsOf(new Float32Array(near), near.length / 2);
    if (bounds === null) {
      if (this.#isFollowingLater) this.fit();
      return;
    }
    const from = toScreen(this.#camera, { x: bounds.left, y: bounds.top });
    const to = toScreen(this.#camera, { x: bounds.right, y: bounds.bottom });
    const isInside = from.x > 24 && from.y > 24 && to.x < this.#size.width - 24 && to.y < this.#size.height - 24;
    if (isInside && this.#camera.scale > READABLE_SCALE) return;
    this.#isFollowingLater ||= this.#isFollowing;
    this.#isFollowing = false;
    this.#glideTo(fitCamera(bounds, this.#size));
  }

  drag(id: NodeId, point: Point): void {
    const index = this.#scene.indexOf.get(id);
    if (index === undefined) return;
    const world = toWorld(this.#camera, point);
    this.#takeOver();
    this.#positions[index * 2] = world.x;
    this.#positions[index * 2 + 1] = world.y;
    this.#layout.drag(id, world);
    this.repaint();
  }

  drop(id: NodeId): void {
    this.#layout.drop(id);
  }

  free(id: NodeId): void {
    this.#layout.free(id);
    this.repaint();
  }

  /** The person moved the picture: from now on it stays where they put it. */
  #takeOver(): void {
    this.#isFollowing = false;
    this.#isFollowingLater = false;
    this.#glide = null;
  }

  #onPositions(positions: Float32Array, isCool: boolean): void {
    this.#positions = positions;
    if (this.#isFollowing && this.#glide === null) this.#camera = this.#followed(isCool);
    this.repaint();
  }

  /** Follows smoothly, so that a growing graph does not make the picture jump. */
  #followed(isCool: boolean): Camera {
    const target = this.#fitted();
    if (this.#isCalm() || this.#scene.nodes.length < 2) return target;
    if (isCool) this.#glideTo(target);
    return blendCameras(this.#camera, target, 0.12);
  }

  #fitted(): Camera {
    return fitCamera(boundsOf(this.#positions, this.#scene.nodes.length), this.#size);
  }

  #mostTelling(): number {
    let found = -1;
    this.#scene.nodes.forEach((node, index) => {
      if (node.isSelected) found = index;
      const best = this.#scene.nodes[found];
      if (best === undefined || (!best.isSelected && node.priority > best.priority)) found = index;
    });
    return found;
  }

  #glideTo(to: Camera): void {
    if (this.#isCalm()) this.#camera = to;
    else this.#glide = { from: this.#camera, to, begunMs: performance.now() };
    this.repaint();
  }

  #schedule(): void {
    if (this.#frame !== 0 || this.#size.width === 0) return;
    this.#frame = requestAnimationFrame(() => {
      this.#frame = 0;
      this.#paintNow();
    });
  }

  #paintNow(): void {
    const nowMs = performance.now();
    this.#advanceGlide(nowMs);
    const frame = this.#currentFrame();
    if (this.#isBaseStale || this.#mustRepaintMoved(nowMs)) this.#paintBase(frame, nowMs);
    else this.#shiftPainted();
    const hadPulses = this.#pulses.length > 0;
    this.#pulses = livePulses(this.#pulses, nowMs);
    if (hadPulses) paintPulses(this.#overlay, frame, this.#pulses, nowMs);
    if (this.#glide !== null) this.#schedule();
    if (this.#pulses.length > 0) this.#schedule();
  }

  /** A small graph is painted at every move; a large one is moved as a picture and painted now and then. */
  #mustRepaintMoved(nowMs: number): boolean {
    if (this.#camera === this.#paintedCamera) return false;
    return this.#scene.nodes.length < LARGE_GRAPH || nowMs - this.#paintedMs > MOVED_REPAINT_MS;
  }

  #paintBase(frame: Frame, nowMs: number): void {
    clearTimeout(this.#settleTimer);
    paintGraph(this.#base, frame);
    this.#base.canvas.style.transform = "";
    this.#isBaseStale = false;
    this.#paintedCamera = this.#camera;
    this.#paintedMs = nowMs;
  }

  /** Shows the last painted picture where the camera now has it, and paints it sharp when the camera rests. */
  #shiftPainted(): void {
    if (this.#camera === this.#paintedCamera) return;
    const { scale, x, y } = this.#paintedCamera;
    const factor = this.#camera.scale / scale;
    const shift = `translate(${this.#camera.x - x * factor}px, ${this.#camera.y - y * factor}px)`;
    this.#base.canvas.style.transform = `${shift} scale(${factor})`;
    clearTimeout(this.#settleTimer);
    this.#settleTimer = setTimeout(() => this.repaint(), MOVED_REPAINT_MS);
  }

  #advanceGlide(nowMs: number): void {
    if (this.#glide === null) return;
    const t = (nowMs - this.#glide.begunMs) / GLIDE_MS;
    this.#camera = blendCameras(this.#glide.from, this.#glide.to, t);
    if (t >= 1) this.#glide = null;
  }

  #currentFrame(): Frame {
    return {
      scene: this.#scene,
      positions: this.#positions,
      camera: this.#camera,
      size: this.#size,
      pixelRatio: this.#base.canvas.width / Math.max(1, this.#size.width),
      palette: this.#palette,
      hoveredNode: this.#hoveredNode,
      hoveredEdge: this.#hoveredEdge,
      focusedNode: this.#focusedNode,
      pinned: this.#layout.pinned,
    };
  }
}
