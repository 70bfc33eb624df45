/** The graph: canvas, legend, zoom buttons, and the same facts for people who do not see a canvas. */
import { Maximize, Minus, Plus } from "lucide-react";
import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from "react";
import type { NodeId } from "../../core/model/ids.ts";
import { IconButton } from "../components/IconButton.tsx";
import type { Point } from "../graph/camera.ts";
import { describeEdge, describeNode } from "../graph/describe.ts";
import { listenForGestures } from "../graph/gestures.ts";
import { GraphView } from "../graph/graph-view.ts";
import { select } from "../store/actions.ts";
import { useCollaborators, useSession, useView } from "../store/stores.ts";
import { useDrawerWidth } from "../store/use-drawer-width.ts";
import { useMatches } from "../store/use-matches.ts";
import styles from "./GraphPanel.module.css";
import { type Hover, HoverCard } from "./HoverCard.tsx";
import { Legend } from "./Legend.tsx";

const NO_HOVER: Hover = { hit: { node: null, edge: null }, at: { x: 0, y: 0 } };

export function GraphPanel() {
  const [view, setView] = useState<GraphView | null>(null);
  const [hover, setHover] = useState<Hover>(NO_HOVER);
  return (
    <div className={styles.panel}>
      <GraphCanvas onReady={setView} onHover={setHover} />
      {view === null ? null : <GraphFeed view={view} />}
      <HoverCard hover={hover} />
      <Legend />
      {view === null ? null : (
        <div className={styles.zoom} role="toolbar" aria-label="Zoom">
          <IconButton icon={Plus} label="Zoom in (+)" onClick={() => view.zoom(null, 1.4)} />
          <IconButton icon={Minus} label="Zoom out (-)" onClick={() => view.zoom(null, 1 / 1.4)} />
          <IconButton icon={Maximize} label="Show everything (0)" onClick={() => view.fit()} />
        </div>
      )}
      <HiddenEdgeList />
    </div>
  );
}

interface GraphCanvasProps {
  readonly onReady: (view: GraphView | null) => void;
  readonly onHover: (hover: Hover) => void;
}

const DIRECTIONS: Readonly<Record<string, Point>> = {
  ArrowLeft: { x: -1, y: 0 },
  ArrowRight: { x: 1, y: 0 },
  ArrowUp: { x: 0, y: -1 },
  ArrowDown: { x: 0, y: 1 },
};

function GraphCanvas({ onReady, onHover }: GraphCanvasProps) {
  const collaborators = useCollaborators();
  const box = useRef<HTMLDivElement>(null);
  const base = useRef<HTMLCanvasElement>(null);
  const overlay = useRef<HTMLCanvasElement>(null);
  const view = useRef<GraphView | null>(null);
  const [focused, setFocused] = useState<NodeId | null>(null);

  useEffect(() => {
    const baseContext = base.current?.getContext("2d");
    const overlayContext = overlay.current?.getContext("2d");
    if (!box.current || !overlay.current || !baseContext || !overlayContext) return;
    const calm = matchMedia("(prefers-reduced-motion: reduce)");
    const made = new GraphView(baseContext, overlayContext, () => calm.matches);
    view.current = made;
    const stopGestures = listenForGestures(overlay.current, made, {
      onSelect: (selection) => {
        made.noteClick(selection?.id ?? null);
        select(collaborators, selection);
      },
      onHover: (hit, at) => onHover({ hit, at }),
    });
    const observer = new ResizeObserver(([entry]) => {
      if (entry !== undefined) made.resize(entry.contentRect, devicePixelRatio);
    });
    observer.observe(box.current);
    const themes = new MutationObserver(() => made.refreshPalette());
    themes.observe(document.documentElement, { attributeFilter: ["data-theme"] });
    onReady(made);
    return () => {
      onReady(null);
      themes.disconnect();
      observer.disconnect();
      stopGestures();
      made.destroy();
    };
  }, [collaborators, onHover, onReady]);

  const onKeyDown = (event: KeyboardEvent): void => {
    const direction = DIRECTIONS[event.key];
    if (direction !== undefined) setFocused(view.current?.moveFocus(direction) ?? null);
    else if (event.key === "Enter" && focused !== null) select(collaborators, { kind: "node", id: focused });
    else if (event.key === "+" || event.key === "=") view.current?.zoom(null, 1.25);
    else if (event.key === "-") view.current?.zoom(null, 0.8);
    else if (event.key === "0") view.current?.fit();
    else return;
    event.preventDefault();
  };
  return (
    <div ref={box} className={styles.box}>
      <canvas ref={base} className={styles.painted} />
      <canvas
        ref={overlay}
        className={styles.canvas}
        data-testid="graph-canvas"
        tabIndex={0}
        aria-label="Graph of programs and the destinations they contact. Arrow keys move between nodes, Enter selects. The table holds the same facts."
        onKeyDown={onKeyDown}
        onBlur={() => {
          view.current?.clearFocus();
          setFocused(null);
        }}
      />
      <FocusedNode id={focused} />
    </div>
  );
}

function FocusedNode({ id }: { readonly id: NodeId | null }) {
  const node = useSession((state) => (id === null ? undefined : state.graph.nodes.get(id)));
  return (
    <p className="visually-hidden" aria-live="polite" data-testid="focused-node">
      {node === undefined ? "" : describeNode(node)}
    </p>
  );
}

/** Hands every change to the view; renders nothing. */
function GraphFeed({ view }: { readonly view: GraphView }) {
  const graph = useSession((state) => state.graph);
  const generation = useSession((state) => state.generation);
  const contacts = useSession((state) => state.contacts);
  const second = useSession((state) => Math.floor((state.status?.nowNs ?? 0) / 5e9) * 5e9);
  const selection = useView((state) => state.selection);
  const matches = useMatches();
  useEffect(() => {
    view.setGraph(graph, generation, { selection, matches, nowNs: second });
  }, [view, graph, generation, selection, matches, second]);
  useEffect(() => view.pulse(contacts), [view, contacts]);
  const coveredPx = useDrawerWidth(selection !== null);
  useEffect(() => {
    view.cover(coveredPx);
    // What was clicked on the canvas is in view already, unless the drawer opens over it; a picture that jumps under
    // the pointer is lost.
    if (selection === null || coveredPx > 0 || !view.wasClicked(selection.id)) view.showSelection();
  }, [view, selection, coveredPx]);
  return null;
}

const MAX_LISTED = 500;

function HiddenEdgeList() {
  const graph = useSession((state) => state.graph);
  const lines = useMemo(
    () =>
      [...graph.edges.values()].slice(0, MAX_LISTED).map((edge) => ({ id: edge.id, text: describeEdge(graph, edge) })),
    [graph],
  );
  return (
    <ul className="visually-hidden" aria-label="Graph edges" data-testid="graph-edges">
      {lines.map((line) => (
        <li key={line.id}>{line.text}</li>
      ))}
    </ul>
  );
}
