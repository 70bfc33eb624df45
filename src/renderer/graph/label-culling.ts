/** Which labels are drawn and where: by priority, none over another or over a node. Pure; units are screen pixels. */
export interface LabelBox {
  /** The node it belongs to. */
  readonly index: number;
  /** Centre of the node, and how far from it the label keeps. */
  readonly x: number;
  readonly y: number;
  readonly reach: number;
  readonly width: number;
  readonly height: number;
  readonly priority: number;
  /** Drawn even when it covers something, up to the cap: the selected neighbourhood. */
  readonly isForced: boolean;
}

interface Rect {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

export interface Obstacle extends Rect {
  /** The node it is; a label may touch its own. */
  readonly index: number;
}

/** Where labels can be read whole. */
export interface LabelView {
  readonly width: number;
  readonly height: number;
}

const isInside = (rect: Rect, view: LabelView): boolean =>
  rect.left >= 0 && rect.top >= 0 && rect.left + rect.width <= view.width && rect.top + rect.height <= view.height;

export interface PlacedLabel extends Rect {
  readonly box: LabelBox;
}

/** More words than this is noise, and text is the dearest thing to paint. */
export const MAX_LABELS = 160;
/** How much further from its node a label goes that must be drawn. */
const FORCED_DISTANCES_PX = [0, 16, 32];
/** Cells of the occupancy grid: about one label high, so a label touches few. */
const CELL_PX = 24;
const MARGIN_PX = 3;
/** A label belongs to no node when others ask whether its place is free. */
const LABEL = -1;

/** The labels to draw, most important first. */
export function cullLabels(
  boxes: readonly LabelBox[],
  obstacles: readonly Obstacle[],
  view: LabelView,
  max = MAX_LABELS,
): PlacedLabel[] {
  const order = [...boxes].sort((a, b) => Number(b.isForced) - Number(a.isForced) || b.priority - a.priority);
  const nodes = createOccupancy();
  for (const obstacle of obstacles) nodes.add(obstacle, obstacle.index);
  const labels = createOccupancy();
  const placed: PlacedLabel[] = [];
  for (const box of order) {
    if (placed.length >= max) break;
    const places = placesOf(box);
    const inside = places.filter((rect) => isInside(rect, view));
    const place = inside.find((rect) => nodes.isFree(rect, box.index) && labels.isFree(rect, box.index));
    const isClear = (rect: Rect): boolean => isInside(rect, view) && labels.isFree(rect, box.index);
    const forced = box.isForced ? forcedPlace(box, isClear) : undefined;
    const chosen = place ?? forced;
    if (chosen === undefined) continue;
    placed.push({ box, ...chosen });
    labels.add(chosen, LABEL);
  }
  return placed;
}

/** Below, above, right, left of the node, then the corners, in this order of liking. */
function placesOf({ x, y, reach, width, height }: LabelBox): Rect[] {
  const corner = reach * 0.8;
  return [
    { left: x - width / 2, top: y + reach, width, height },
    { left: x - width / 2, top: y - reach - height, width, height },
    { left: x + reach, top: y - height / 2, width, height },
    { left: x - reach - width, top: y - height / 2, width, height },
    { left: x + corner, top: y + corner - height / 2, width, height },
    { left: x + corner, top: y - corner - height / 2, width, height },
    { left: x - corner - width, top: y + corner - height / 2, width, height },
    { left: x - corner - width, top: y - corner - height / 2, width, height },
  ];
}

/** Over a node rather than over another label; further out rather than over either; under the node if all is full. */
function forcedPlace(box: LabelBox, isClear: (rect: Rect) => boolean): Rect | undefined {
  for (const distance of FORCED_DISTANCES_PX) {
    const clear = placesOf({ ...box, reach: box.reach + distance }).find(isClear);
    if (clear !== undefined) return clear;
  }
  return placesOf(box)[0];
}

interface Occupancy {
  readonly add: (rect: Rect, owner: number) => void;
  readonly isFree: (rect: Rect, owner: number) => boolean;
}

function createOccupancy(): Occupancy {
  const cells = new Map<number, { readonly rect: Rect; readonly owner: number }[]>();
  return {
    add: (rect, owner) => {
      for (const cell of cellsOf(rect)) {
        const held = cells.get(cell);
        if (held === undefined) cells.set(cell, [{ rect, owner }]);
        else held.push({ rect, owner });
      }
    },
    isFree: (rect, owner) => {
      for (const cell of cellsOf(rect)) {
        if (cells.get(cell)?.some((held) => held.owner !== owner && overlaps(rect, held.rect))) return false;
      }
      return true;
    },
  };
}

const overlaps = (a: Rect, b: Rect): boolean =>
  a.left < b.left + b.width + MARGIN_PX &&
  b.left < a.left + a.width + MARGIN_PX &&
  a.top < b.top + b.height + MARGIN_PX &&
  b.top < a.top + a.height + MARGIN_PX;

function cellsOf(rect: Rect): number[] {
  const cells: number[] = [];
  const lastColumn = Math.floor((rect.left + rect.width + MARGIN_PX) / CELL_PX);
  const lastRow = Math.floor((rect.top + rect.height + MARGIN_PX) / CELL_PX);
  for (let column = Math.floor((rect.left - MARGIN_PX) / CELL_PX); column <= lastColumn; column += 1) {
    for (let row = Math.floor((rect.top - MARGIN_PX) / CELL_PX); row <= lastRow; row += 1) {
      // Rows and columns stay far below 2^15 on any screen.
      cells.push((column + 0x8000) * 0x10000 + row + 0x8000);
    }
  }
  return cells;
}
