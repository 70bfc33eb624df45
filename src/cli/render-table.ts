/** Rows of edges as lines of a terminal: plain ANSI, never wider than asked. */
import type { Category } from "../core/model/verdict.ts";
import type { EdgeRow } from "./edge-rows.ts";
import { columnsOf, fitText } from "./fit-text.ts";

interface Column {
  readonly title: string;
  readonly of: (row: EdgeRow) => string;
  readonly align?: "right";
  readonly minimum: number;
  /** Share of the columns that are left when every minimum is met. */
  readonly stretch: number;
  /** Columns leave from the highest number when the terminal is narrow; 0 stays. */
  readonly leaves: number;
}

const COLUMNS: readonly Column[] = [
  { title: "PROGRAM", of: (row) => row.program, minimum: 12, stretch: 1, leaves: 0 },
  { title: "", of: (row) => row.direction, minimum: 1, stretch: 0, leaves: 1 },
  { title: "", of: (row) => row.mark, minimum: 1, stretch: 0, leaves: 0 },
  { title: "DESTINATION", of: (row) => row.destination, minimum: 22, stretch: 3, leaves: 0 },
  { title: "HOW KNOWN", of: (row) => row.howKnown, minimum: 12, stretch: 1, leaves: 6 },
  { title: "SERVICE", of: (row) => row.service, minimum: 10, stretch: 3, leaves: 4 },
  { title: "VERDICT", of: (row) => row.verdict, minimum: 12, stretch: 3, leaves: 0 },
  { title: "SENT", of: (row) => row.sent, align: "right", minimum: 7, stretch: 0, leaves: 2 },
  { title: "RECEIVED", of: (row) => row.received, align: "right", minimum: 8, stretch: 0, leaves: 3 },
  { title: "LAST", of: (row) => row.age, align: "right", minimum: 10, stretch: 0, leaves: 5 },
];

/** SGR colours; meaning is in the words too, so colour is only a help. */
const COLOURS: Partial<Record<Category, string>> = {
  telemetry: "31",
  "crash-reporting": "31",
  monitoring: "31",
  analytics: "33",
  advertising: "35",
  "update-check": "36",
  infrastructure: "90",
};

export interface TableOptions {
  readonly columns: number;
  readonly hasColour: boolean;
}

const widthOf = (columns: readonly Column[]): number => columns.reduce((sum, column) => sum + column.minimum + 1, -1);

function chooseColumns(available: number): readonly Column[] {
  let chosen = COLUMNS;
  for (let round = 6; round > 0 && widthOf(chosen) > available; round -= 1) {
    chosen = chosen.filter((column) => column.leaves !== round);
  }
  return chosen;
}

/** No wider than its longest cell: what one column does not need goes to the others. */
function widthsFor(columns: readonly Column[], rows: readonly EdgeRow[], available: number): number[] {
  const wanted = columns.map((column) => Math.max(column.minimum, ...rows.map((row) => columnsOf(column.of(row)))));
  const widths = columns.map((column) => column.minimum);
  let left = available - widthOf(columns);
  while (left > 0) {
    const hungry = columns.flatMap((column, index) =>
      column.stretch > 0 && (widths[index] ?? 0) < (wanted[index] ?? 0) ? [{ index, stretch: column.stretch }] : [],
    );
    if (hungry.length === 0) break;
    for (const { index, stretch } of hungry) {
      const width = widths[index] ?? 0;
      const grown = Math.min(stretch, left, (wanted[index] ?? 0) - width);
      widths[index] = width + grown;
      left -= grown;
    }
  }
  return widths;
}

export function renderTable(rows: readonly EdgeRow[], options: TableOptions): readonly string[] {
  const columns = chooseColumns(options.columns);
  const widths = widthsFor(columns, rows, options.columns);
  const line = (cell: (column: Column) => string): string =>
    fitText(
      columns.map((column, index) => fitText(cell(column), widths[index] ?? 0, column.align)).join(" "),
      options.columns,
    ).trimEnd();
  const paint = (text: string, colour: string | undefined): string =>
    options.hasColour && colour !== undefined ? `\x1b[${colour}m${text}\x1b[0m` : text;
  return [
    paint(
      line((column) => column.title),
      "1",
    ),
    ...rows.map((row) =>
      paint(
        line((column) => column.of(row)),
        COLOURS[row.category],
      ),
    ),
  ];
}
