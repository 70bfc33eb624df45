/**
 * Arrow keys, Home, End and Enter in a virtual list. The list keeps the focus
 * and names its active row (aria-activedescendant), because a row that is
 * scrolled away does not exist.
 */
import { type KeyboardEvent, useState } from "react";

interface RowKeys<Row extends { readonly key: string }> {
  readonly rows: readonly Row[];
  readonly isRow: (row: Row) => boolean;
  readonly onActivate: (row: Row) => void;
  readonly scrollTo: (index: number) => void;
  readonly idPrefix: string;
}

interface RowKeysResult {
  readonly activeKey: string | null;
  readonly listProps: {
    readonly tabIndex: 0;
    readonly "aria-activedescendant": string | undefined;
    readonly onKeyDown: (event: KeyboardEvent) => void;
    readonly onBlur: () => void;
  };
}

const PAGE_ROWS = 10;

/** The next row in a direction that can be active; the same when there is none. */
export function nextRow(isRow: readonly boolean[], from: number, step: number): number {
  const direction = Math.sign(step);
  let found = from;
  for (
    let index = from + direction, left = Math.abs(step);
    index >= 0 && index < isRow.length && left > 0;
    index += direction
  ) {
    if (!isRow[index]) continue;
    found = index;
    left -= 1;
  }
  return found;
}

export function useRowKeys<Row extends { readonly key: string }>(options: RowKeys<Row>): RowKeysResult {
  const { rows, isRow, onActivate, scrollTo, idPrefix } = options;
  const [activeKey, setActiveKey] = useState<string | null>(null);
  const onKeyDown = (event: KeyboardEvent): void => {
    const current = rows.findIndex((row) => row.key === activeKey);
    const steps: Readonly<Record<string, number>> = {
      ArrowDown: 1,
      ArrowUp: -1,
      PageDown: PAGE_ROWS,
      PageUp: -PAGE_ROWS,
      Home: -rows.length,
      End: rows.length,
    };
    const step = steps[event.key];
    if (step !== undefined) {
      event.preventDefault();
      const from = current < 0 && step < 0 ? rows.length : current;
      const next = nextRow(rows.map(isRow), from, step);
      const row = rows[next];
      if (row === undefined) return;
      setActiveKey(row.key);
      scrollTo(next);
    }
    const active = rows[current];
    if (active !== undefined && (event.key === "Enter" || event.key === " ")) {
      event.preventDefault();
      onActivate(active);
    }
  };
  return {
    activeKey,
    listProps: {
      tabIndex: 0,
      "aria-activedescendant": activeKey === null ? undefined : `${idPrefix}-${activeKey}`,
      onKeyDown,
      onBlur: () => setActiveKey(null),
    },
  };
}
