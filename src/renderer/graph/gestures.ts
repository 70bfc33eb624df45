/** Pointer and wheel on the canvas: click selects, drag pans or moves a node, double-click frees or zooms in. */
import type { NodeId } from "../../core/model/ids.ts";
import type { Selection } from "../store/stores.ts";
import type { Point } from "./camera.ts";
import type { GraphView, Hit } from "./graph-view.ts";

/** Below this the hand only trembled: a click. */
const DRAG_THRESHOLD_PX = 4;
const WHEEL_FACTOR = 0.0016;

export interface GestureActions {
  readonly onSelect: (selection: Selection | null) => void;
  readonly onHover: (hit: Hit, at: Point) => void;
}

interface Press {
  readonly pointer: number;
  readonly at: Point;
  readonly node: NodeId | null;
  readonly hit: Hit;
  last: Point;
  isDrag: boolean;
}

/** Listens until the returned function is called. */
export function listenForGestures(canvas: HTMLCanvasElement, view: GraphView, actions: GestureActions): () => void {
  const ending = new AbortController();
  const { signal } = ending;
  let press: Press | null = null;
  const pointOf = (event: MouseEvent): Point => {
    const box = canvas.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  };
  const hover = (at: Point): void => {
    const hit = view.hit(at);
    view.hover(hit);
    canvas.style.cursor = hit.node !== null || hit.edge !== null ? "pointer" : "default";
    actions.onHover(hit, at);
  };
  const leave = (): void => {
    view.hover({ node: null, edge: null });
    actions.onHover({ node: null, edge: null }, { x: 0, y: 0 });
  };

  canvas.addEventListener(
    "pointerdown",
    (event) => {
      if (event.button !== 0) return;
      const at = pointOf(event);
      const hit = view.hit(at);
      press = { pointer: event.pointerId, at, node: hit.node, hit, last: at, isDrag: false };
      canvas.setPointerCapture(event.pointerId);
    },
    { signal },
  );
  canvas.addEventListener(
    "pointermove",
    (event) => {
      const at = pointOf(event);
      if (press === null) {
        hover(at);
        return;
      }
      press.isDrag ||= Math.hypot(at.x - press.at.x, at.y - press.at.y) > DRAG_THRESHOLD_PX;
      if (!press.isDrag) return;
      canvas.style.cursor = "grabbing";
      if (press.node === null) view.pan(at.x - press.last.x, at.y - press.last.y);
      else view.drag(press.node, at);
      press.last = at;
    },
    { signal },
  );
  const release = (event: PointerEvent): void => {
    if (press === null || press.pointer !== event.pointerId) return;
    const { isDrag, node, hit } = press;
    press = null;
    if (isDrag && node !== null) view.drop(node);
    if (!isDrag && event.type === "pointerup") actions.onSelect(selectionOf(hit));
    hover(pointOf(event));
  };
  canvas.addEventListener("pointerup", release, { signal });
  canvas.addEventListener("pointercancel", release, { signal });
  canvas.addEventListener("pointerleave", leave, { signal });
  canvas.addEventListener(
    "dblclick",
    (event) => {
      const { node } = view.hit(pointOf(event));
      if (node === null) view.zoom(pointOf(event), 1.6);
      else view.free(node);
    },
    { signal },
  );
  canvas.addEventListener(
    "wheel",
    (event) => {
      event.preventDefault();
      // A pinch arrives as a wheel with ctrl and small steps.
      const step = event.deltaY * (event.ctrlKey ? 6 : 1) * (event.deltaMode === 1 ? 24 : 1);
      view.zoom(pointOf(event), Math.exp(-step * WHEEL_FACTOR));
    },
    { signal, passive: false },
  );
  return () => ending.abort();
}

function selectionOf(hit: Hit): Selection | null {
  if (hit.node !== null) return { kind: "node", id: hit.node };
  return hit.edge === null ? null : { kind: "edge", id: hit.edge };
}
