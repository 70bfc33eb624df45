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
/** What a person would care about first; then by name, so that no row moves while bytes arrive. */
const INITIAL = {
  sorting: [
    { id: "verdict", desc: false },
    { id: "program", desc: false },
    { id: "destination", desc: false },
  ],
};
const getRowId = (row: EdgeRow): string => row.key;

export function EdgeTable() {
  const collaborators = useCollaborators();
  const graph = useSession((state) => state.graph);
  const selection = useView((state) => state.selection);
  const matches = useMatches();
  const data = useMemo(() => buildEdgeRows(graph, matches, selection), [graph, matches, selection]);
  const columns = useMemo(
    () =>
      EDGE_COLUMNS.map(({ id, sortValue }) => ({
        id,
        accessorFn: sortValue,
        sortFn: compareValues,
      })),
    [],
  );
  const table = useTable({ features, columns, data, getRowId, initialState: INITIAL });
  const rows = table.getRowModel().rows.map((row) => row.original);
  const sorted = table.state.sorting[0];
  // Text from A, numbers and times from the largest and newest; a second click turns it round, there is no third state.
  const sortBy = (id: string, isNumber: boolean): void =>
    table.setSorting([{ id, desc: sorted?.id === id ? !sorted.desc : isNumber }]);
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
    <div ref={scroller} className={styles.scroller}>
      <table className={styles.table} aria-label="Connections" aria-rowcount={rows.length + 1} {...listProps}>
        <thead>
          <tr className={styles.head}>
            {EDGE_COLUMNS.map(({ id, header, hint, isNumber }) => {
              const isSorted = sorted?.id === id;
              const order = sorted?.desc ? "descending" : "ascending";
              return (
                <th key={id} className={isNumber ? styles.number : ""} aria-sort={isSorted ? order : "none"}>
                  <button type="button" title={hint} onClick={() => sortBy(id, isNumber)}>
                    {header}
                    {isSorted ? <SortArrow order={order} /> : null}
                  </button>
                </th>
              );
            })}
          </tr>
        </thead>
        <tbody className={styles.inner} style={{ height: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map((item) => {
            const row = rows[item.index];
            return row === undefined ? null : (
              <TableRow
                key={item.key}
                row={row}
                index={item.index}
                startPx={item.start}
                isActive={row.key === activeKey}
                isSelected={selection?.id === row.key}
                onChoose={choose}
              />
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

function SortArrow({ order }: { readonly order: "ascending" | "descending" }) {
  const Arrow = order === "descending" ? ArrowDown : ArrowUp;
  return <Arrow size={12} aria-hidden="true" />;
}

interface TableRowProps {
  readonly row: EdgeRow;
  readonly index: number;
  readonly startPx: number;
  readonly isActive: boolean;
  readonly isSelected: boolean;
  readonly onChoose: (row: EdgeRow) => void;
}

function TableRow({ row, index, startPx, isActive, isSelected, onChoose }: TableRowProps) {
  return (
    <tr
      id={`edge-row-${row.key}`}
      className={`${styles.row} ${isActive ? styles.active : ""}`}
      style={{ transform: `translateY(${startPx}px)` }}
      tabIndex={-1}
      aria-rowindex={index + 2}
      aria-selected={isSelected}
      data-testid="edge-row"
      data-program={row.program.label}
      data-destination={row.destination.label}
      onClick={() => onChoose(row)}
      onKeyDown={() => undefined}
    >
      {EDGE_COLUMNS.map(({ id, isNumber, Cell }) => (
        <td key={id} className={isNumber ? styles.number : styles.cell}>
          <Cell row={row} />
        </td>
      ))}
    </tr>
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
