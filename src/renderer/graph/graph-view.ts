/**
 * Owns the two canvases, the layout worker and the frames between them.
 * Paints only when something changed: a cool graph costs nothing.
 */
import type { EdgeId, NodeId } from "../../core/model/ids.ts";
import type { GraphState } from "../store/graph-state.ts";
import { type Bounds, boundsOf, type Point, type Size, toWorld } from "./camera.ts";
import { CameraRig } from "./camera-rig.ts";
import type { Frame } from "./frame.ts";
import { edgeAt, neighbourInDirection, nodeAt, positionAt } from "./hit-test.ts";
import { LayoutClient } from "./layout-client.ts";
import { forgetTextWidths } from "./paint-labels.ts";
import { PaintedLayer } from "./painted-layer.ts";
import { readPalette } from "./palette.ts";
import { addPulses, livePulses, type Pulse, paintPulses } from "./pulses.ts";
import { buildScene, type Scene, type SceneChoices } from "./scene.ts";

/** Pointer slack in screen pixels: small things must be easy to hit. */
const NODE_SLACK_PX = 4;
const EDGE_SLACK_PX = 6;
const positionPair = (positions: Float32Array, index: number): [number, number] => {
  const { x, y } = positionAt(positions, index);
  return [x, y];
};

export interface Hit {
  readonly node: NodeId | null;
  readonly edge: EdgeId | null;
}

export class GraphView {
  readonly #base: CanvasRenderingContext2D;
  readonly #overlay: CanvasRenderingContext2D;
  readonly #layout: LayoutClient;
  readonly #isCalm: () => boolean;
  readonly #rig: CameraRig;
  readonly #painted: PaintedLayer;
  #scene: Scene = { nodes: [], edges: [], indexOf: new Map(), edgeIndexOf: new Map() };
  #structure = -1;
  #generation = -1;
  #positions: Float32Array<ArrayBufferLike> = new Float32Array(0);
  #palette = readPalette(getComputedStyle(document.documentElement));
  #hoveredNode = -1;
  #hoveredEdge = -1;
  #focusedNode = -1;
  #pulses: Pulse[] = [];
  #clicked: NodeId | EdgeId | null = null;
  #frame = 0;

  constructor(base: CanvasRenderingContext2D, overlay: CanvasRenderingContext2D, isCalm: () => boolean) {
    this.#base = base;
    this.#overlay = overlay;
    this.#isCalm = isCalm;
    this.#rig = new CameraRig(isCalm);
    this.#painted = new PaintedLayer(base, () => this.repaint());
    this.#layout = new LayoutClient((positions, isCool) => this.#onPositions(positions, isCool));
    void document.fonts.ready.then(() => {
      forgetTextWidths();
      this.repaint();
    });
  }

  destroy(): void {
    cancelAnimationFrame(this.#frame);
    this.#painted.destroy();
    this.#layout.destroy();
  }

  resize(size: Size, pixelRatio: number): void {
    for (const ctx of [this.#base, this.#overlay]) {
      ctx.canvas.width = Math.round(size.width * pixelRatio);
      ctx.canvas.height = Math.round(size.height * pixelRatio);
    }
    const wasAtSelection = this.#rig.isAtSelection;
    this.#rig.resize(size, this.#bounds());
    if (wasAtSelection) this.showSelection();
    this.repaint();
    this.#paintNow();
  }

  setGraph(graph: GraphState, generation: number, choices: SceneChoices): void {
    const isReset = generation !== this.#generation;
    const focusedId = this.#scene.nodes[this.#focusedNode]?.id;
    this.#scene = buildScene(graph, choices);
    if (isReset) this.#rig.startOver();
    if (isReset || graph.structure !== this.#structure) {
      const { width, height } = this.#rig.visible;
      this.#positions = this.#layout.setScene(this.#scene, isReset, width / Math.max(1, height));
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
    this.#painted.markStale();
    this.#schedule();
  }

  hit(point: Point): Hit {
    const { camera } = this.#rig;
    const world = toWorld(camera, point);
    const node = nodeAt(this.#scene, this.#positions, world, camera.scale, NODE_SLACK_PX);
    if (node >= 0) return { node: this.#scene.nodes[node]?.id ?? null, edge: null };
    const edge = edgeAt(this.#scene, this.#positions, world, EDGE_SLACK_PX / camera.scale);
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
    this.#rig.pan(dx, dy);
    this.#schedule();
  }

  zoom(anchor: Point | null, factor: number): void {
    this.#rig.zoom(anchor, factor);
    this.#schedule();
  }

  fit(): void {
    this.#rig.fit(this.#bounds());
    this.repaint();
  }

  /** How much of the right side a drawer covers: labels and the selection keep out of there. */
  cover(widthPx: number): void {
    this.#rig.cover(widthPx, this.#bounds());
    this.repaint();
  }

  showSelection(): void {
    const near: number[] = [];
    this.#scene.nodes.forEach((node, index) => {
      if (node.isNear) near.push(...positionPair(this.#positions, index));
    });
    this.#rig.showSelection(boundsOf(new Float32Array(near), near.length / 2), this.#bounds());
    this.repaint();
  }

  drag(id: NodeId, point: Point): void {
    const index = this.#scene.indexOf.get(id);
    if (index === undefined) return;
    const world = toWorld(this.#rig.camera, point);
    this.#rig.takeOver();
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

  #onPositions(positions: Float32Array, isCool: boolean): void {
    this.#positions = positions;
    this.#rig.follow(this.#bounds(), isCool, this.#scene.nodes.length > 1);
    this.repaint();
  }

  #bounds(): Bounds | null {
    return boundsOf(this.#positions, this.#scene.nodes.length);
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

  #schedule(): void {
    if (this.#frame !== 0 || this.#rig.size.width === 0) return;
    this.#frame = requestAnimationFrame(() => {
      this.#frame = 0;
      this.#paintNow();
    });
  }

  #paintNow(): void {
    const nowMs = performance.now();
    this.#rig.advance(nowMs);
    const frame = this.#currentFrame();
    this.#painted.show(frame, nowMs);
    const hadPulses = this.#pulses.length > 0;
    this.#pulses = livePulses(this.#pulses, nowMs);
    if (hadPulses) paintPulses(this.#overlay, frame, this.#pulses, nowMs);
    if (this.#rig.isGliding) this.#schedule();
    if (this.#pulses.length > 0) this.#schedule();
  }

  #currentFrame(): Frame {
    return {
      scene: this.#scene,
      positions: this.#positions,
      camera: this.#rig.camera,
      size: this.#rig.size,
      visible: this.#rig.visible,
      pixelRatio: this.#base.canvas.width / Math.max(1, this.#rig.size.width),
      palette: this.#palette,
      hoveredNode: this.#hoveredNode,
      hoveredEdge: this.#hoveredEdge,
      focusedNode: this.#focusedNode,
      pinned: this.#layout.pinned,
    };
  }
}
