/** The table that stays on the screen while watching. It uses the terminal's second screen, so the first is back at the end. */
import type { Session } from "../core/session/session-api.ts";
import { edgeRows } from "./edge-rows.ts";
import { cutText } from "./fit-text.ts";
import type { Output } from "./output.ts";
import { renderTable } from "./render-table.ts";
import { coverageLines, statusLine } from "./status-lines.ts";

export interface LiveScreen {
  readonly setState: (state: string) => void;
  readonly paint: () => void;
  readonly close: () => void;
}

const ENTER = "\x1b[?1049h\x1b[?25l";
const LEAVE = "\x1b[?25h\x1b[?1049l";
const HOME = "\x1b[H";
const ERASE_LINE_END = "\x1b[K";
const ERASE_BELOW = "\x1b[J";

export function screenLines(session: Session, state: string, output: Output): readonly string[] {
  const columns = output.columns();
  const graph = session.graph();
  const head = [statusLine(state, graph, session.coverage()), ...coverageLines(session.coverage()).slice(0, 2)];
  const room = Math.max(0, output.rows() - head.length - 3);
  const rows = edgeRows(graph, session.newestNs(), room);
  const hidden = graph.edges.size - rows.length;
  const table =
    rows.length === 0
      ? ["Nothing seen yet. Open a program that uses the network."]
      : renderTable(rows, { columns, hasColour: output.hasColour });
  const foot = hidden > 0 ? [`${hidden} more; a taller window shows them`] : [];
  return [...head.map((line) => cutText(line, columns)), "", ...table, ...foot];
}

export function openLiveScreen(session: Session, output: Output): LiveScreen {
  let state = "asking for permission";
  let isOpen = false; // sudo may ask for a password on the first screen: it must stay visible till then
  const paint = (): void => {
    if (!isOpen) return;
    const lines = screenLines(session, state, output);
    output.write(HOME + lines.map((line) => `${line}${ERASE_LINE_END}\n`).join("") + ERASE_BELOW);
  };
  output.onResize(paint);
  return {
    setState: (next) => {
      state = next;
      if (!isOpen) output.write(ENTER);
      isOpen = true;
      paint();
    },
    paint,
    close: () => {
      if (isOpen) output.write(LEAVE);
      isOpen = false;
    },
  };
}
