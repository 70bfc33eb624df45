/** Which labels are drawn: by priority, none over another. Pure; all units are screen pixels. */
export interface LabelBox {
  readonly index: number;
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  readonly priority: number;
  /** Drawn whatever it covers, up to the cap: the selected neighbourhood. */
  readonly isForced: boolean;
}

/** More words than this is noise, and text is the dearest thing to paint. */
export const MAX_LABELS = 160;
/** Cells of the occupancy grid: about one label high, so a label touches few. */
const CELL_PX = 24;
const MARGIN_PX = 3;

/** Indexes of the boxes to draw, most important first. */
export function cullLabels(boxes: readonly LabelBox[], max = MAX_LABELS): LabelBox[] {
  const order = [...boxes].sort((a, b) => Number(b.isForced) - Number(a.isForced) || b.priority - a.priority);
  const cells = new Map<number, LabelBox[]>();
  const kept: LabelBox[] = [];
  for (const box of order) {
    if (kept.length >= max) break;
    if (!box.isForced && isCovered(box, cells)) continue;
    kept.push(box);
    for (const cell of cellsOf(box)) {
      const held = cells.get(cell);
      if (held === undefined) cells.set(cell, [box]);
      else held.push(box);
    }
  }
  return kept;
}

function isCovered(box: LabelBox, cells: ReadonlyMap<number, readonly LabelBox[]>): boolean {
  for (const cell of cellsOf(box)) {
    if (cells.get(cell)?.some((held) => overlaps(box, held))) return true;
  }
  return false;
}

const overlaps = (a: LabelBox, b: LabelBox): boolean =>
  a.left < b.left + b.width + MARGIN_PX &&
  b.left < a.left + a.width + MARGIN_PX &&
  a.top < b.top + b.height + MARGIN_PX &&
  b.top < a.top + a.height + MARGIN_PX;

function* cellsOf(box: LabelBox): Generator<number> {
  const lastColumn = Math.floor((box.left + box.width + MARGIN_PX) / CELL_PX);
  const lastRow = Math.floor((box.top + box.height + MARGIN_PX) / CELL_PX);
  for (let column = Math.floor((box.left - MARGIN_PX) / CELL_PX); column <= lastColumn; column += 1) {
    for (let row = Math.floor((box.top - MARGIN_PX) / CELL_PX); row <= lastRow; row += 1) {
      // Rows and columns stay far below 2^15 on any screen.
      yield (column + 0x8000) * 0x10000 + row + 0x8000;
    }
  }
}
