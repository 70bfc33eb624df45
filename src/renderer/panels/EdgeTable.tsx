/** Every contact as a row: the same facts as the graph, sortable, filtered by the same search. */
import { createSortedRowModel, rowSortingFeature, tableFeatures, useTable } from "@tanstack/react-table";
import { useVirtualizer } from "@tanstack/react-virtual";
import { ArrowDown, ArrowUp } from "lucide-react";
import { useMemo, useRef } from "react";
import type { EdgeId } from "../../core/model/ids.ts";
import { useRowKeys } from "../components/use-row-keys.ts";
import { select } from "../store/actions.ts";
import { buildEdgeRows, type EdgeRow } from "../store/edge-rows.ts";
import { useCollaborators, useSession, useView } from "../store/stores.ts";
import { useMatches } from "../store/use-matches.ts";
import styles from "./EdgeTable.module.css";
import { EDGE_COLUMNS } from "./edge-columns.tsx";

const features = tableFeatures({ rowSortingFeature, sortedRowModel: createSortedRowModel() });
const ROW_PX = 34;
const INITIAL = { sorting: [{ id: "lastSeen", desc: true }] };
const getRowId = (row: EdgeRow): string => row.key;

export function EdgeTable() {
  const collaborators = useCollaborators();
  const graph = useSession((state) => state.graph);
  const selection = useView((state) => state.selection);
  const matches = useMatches();
  const data = useMemo(() => buildEdgeRows(graph, matches, selection), [graph, matches, selection]);
  const columns = useMemo(
    () =>
      EDGE_COLUMNS.map(({ id, sortValue, isNumber }) => ({
        id,
        accessorFn: sortValue,
        sortDescFirst: isNumber,
        sortFn: compareValues,
      })),
    [],
  );
  const table = useTable({ features, columns, data, getRowId, initialState: INITIAL });
  const rows = table.getRowModel().rows.map((row) => row.original);
  const sorted = table.state.sorting[0];
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PX,
    getItemKey: (index) => rows[index]?.key ?? index,
    overscan: 12,
    scrollPaddingStart: ROW_PX,
  });
  const choose = (row: EdgeRow): void => select(collaborators, { kind: "edge", id: row.key as EdgeId });
  const { activeKey, listProps } = useRowKeys({
    rows,
    isRow: () => true,
    onActivate: choose,
    scrollTo: (index) => virtual.scrollToIndex(index),
    idPrefix: "edge-row",
  });
  return (
    <div
      ref={scroller}
      className={styles.scroller}
      role="grid"
      aria-label="Connections"
      aria-rowcount={rows.length + 1}
      {...listProps}
    >
      <div className={styles.head} role="row" tabIndex={-1}>
        {EDGE_COLUMNS.map(({ id, header, hint, isNumber }) => (
          <div
            key={id}
            className={isNumber ? styles.number : ""}
            role="columnheader"
            tabIndex={-1}
            aria-sort={sorted?.id !== id ? "none" : sorted.desc ? "descending" : "ascending"}
          >
            <button type="button" title={hint} onClick={() => table.getColumn(id)?.toggleSorting()}>
              {header}
              {sorted?.id !== id ? null : sorted.desc ? (
                <ArrowDown size={12} aria-hidden="true" />
              ) : (
                <ArrowUp size={12} aria-hidden="true" />
              )}
            </button>
          </div>
        ))}
      </div>
      <div className={styles.inner} style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map((item) => {
          const row = rows[item.index];
          if (row === undefined) return null;
          const isSelected = selection?.id === row.key;
          return (
            <div
              key={item.key}
              id={`edge-row-${row.key}`}
              className={`${styles.row} ${row.key === activeKey ? styles.active : ""}`}
              style={{ transform: `translateY(${item.start}px)` }}
              role="row"
              tabIndex={-1}
              aria-rowindex={item.index + 2}
              aria-selected={isSelected}
              data-testid="edge-row"
              data-program={row.program.label}
              data-destination={row.destination.label}
              onClick={() => choose(row)}
              onKeyDown={() => undefined}
            >
              {EDGE_COLUMNS.map(({ id, isNumber, Cell }) => (
                <div key={id} role="gridcell" tabIndex={-1} className={isNumber ? styles.number : styles.cell}>
                  <Cell row={row} />
                </div>
              ))}
            </div>
          );
        })}
      </div>
    </div>
  );
}

interface ValueRow {
  readonly getValue: (column: string) => unknown;
}

function compareValues(a: ValueRow, b: ValueRow, column: string): number {
  const left = a.getValue(column);
  const right = b.getValue(column);
  if (typeof left === "number" && typeof right === "number") return left - right;
  return String(left).localeCompare(String(right), "en", { sensitivity: "base", numeric: true });
}
