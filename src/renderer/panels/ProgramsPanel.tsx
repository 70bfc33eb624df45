/** Left pane: search on top, then programs in groups, and the destinations a search finds. */

import { useVirtualizer } from "@tanstack/react-virtual";
import { Search, X } from "lucide-react";
import { useEffect, useMemo, useRef } from "react";
import { IconButton } from "../components/IconButton.tsx";
import { useRowKeys } from "../components/use-row-keys.ts";
import { select } from "../store/actions.ts";
import { buildProgramRows, type ListRow } from "../store/program-rows.ts";
import { useCollaborators, useSession, useView } from "../store/stores.ts";
import { useMatches } from "../store/use-matches.ts";
import { DestinationListRow, ProgramListRow } from "./ProgramListRow.tsx";
import styles from "./ProgramsPanel.module.css";

const HEADING_PX = 32;
const ROW_PX = 40;

export function ProgramsPanel() {
  return (
    <nav className={styles.panel} aria-label="Programs">
      <SearchField />
      <ProgramList />
    </nav>
  );
}

function SearchField() {
  const { view } = useCollaborators();
  const query = useView((state) => state.query);
  return (
    <div className={styles.search}>
      <Search size={14} strokeWidth={2} aria-hidden="true" />
      <input
        type="text"
        data-testid="search"
        placeholder="Search"
        aria-label="Search programs, destinations and addresses"
        spellCheck={false}
        autoComplete="off"
        value={query}
        onChange={(event) => view.setState({ query: event.target.value })}
        onKeyDown={(event) => {
          if (event.key === "Escape" && query !== "") {
            event.stopPropagation();
            view.setState({ query: "" });
          }
        }}
      />
      {query === "" ? (
        <kbd>/</kbd>
      ) : (
        <IconButton icon={X} label="Clear search" onClick={() => view.setState({ query: "" })} />
      )}
    </div>
  );
}

function ProgramList() {
  const collaborators = useCollaborators();
  const graph = useSession((state) => state.graph);
  const query = useView((state) => state.query);
  const selection = useView((state) => state.selection);
  const matches = useMatches();
  const rows = useMemo(() => buildProgramRows(graph, matches, query), [graph, matches, query]);
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => (rows[index]?.kind === "heading" ? HEADING_PX : ROW_PX),
    getItemKey: (index) => rows[index]?.key ?? index,
    overscan: 8,
  });
  useScrollToSelection(rows, (index) => virtual.scrollToIndex(index));
  const { activeKey, listProps } = useRowKeys({
    rows,
    isRow: (row) => row.kind !== "heading",
    onActivate: (row) => {
      if (row.kind !== "heading") select(collaborators, { kind: "node", id: row.node.id });
    },
    scrollTo: (index) => virtual.scrollToIndex(index),
    idPrefix: "program-list",
  });
  return (
    <div ref={scroller} className={styles.scroller} role="listbox" aria-label="Programs" {...listProps}>
      <div className={styles.inner} style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map((item) => {
          const row = rows[item.index];
          if (row === undefined) return null;
          return (
            <div
              key={item.key}
              className={styles.slot}
              style={{ transform: `translateY(${item.start}px)`, height: item.size }}
            >
              <ListRowView
                row={row}
                isActive={row.key === activeKey}
                isSelected={row.kind !== "heading" && selection?.id === row.node.id}
              />
            </div>
          );
        })}
      </div>
    </div>
  );
}

/** What was selected elsewhere, on the canvas or in the table, comes into view here; updates never scroll. */
function useScrollToSelection(rows: readonly ListRow[], scrollTo: (index: number) => void): void {
  const { view } = useCollaborators();
  const latest = useRef({ rows, scrollTo });
  useEffect(() => {
    latest.current = { rows, scrollTo };
  });
  useEffect(
    () =>
      view.subscribe(({ selection }, before) => {
        if (selection === null || selection === before.selection) return;
        const index = latest.current.rows.findIndex((row) => row.key === selection.id);
        if (index >= 0) latest.current.scrollTo(index);
      }),
    [view],
  );
}

interface ListRowViewProps {
  readonly row: ListRow;
  readonly isActive: boolean;
  readonly isSelected: boolean;
}

function ListRowView({ row, isActive, isSelected }: ListRowViewProps) {
  const elementId = `program-list-${row.key}`;
  switch (row.kind) {
    case "heading":
      return (
        <h2 className={styles.heading}>
          {row.label} <span>{row.count}</span>
        </h2>
      );
    case "program":
      return <ProgramListRow node={row.node} elementId={elementId} isActive={isActive} isSelected={isSelected} />;
    case "destination":
      return <DestinationListRow node={row.node} elementId={elementId} isActive={isActive} isSelected={isSelected} />;
  }
}
