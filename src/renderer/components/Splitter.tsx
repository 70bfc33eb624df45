/** The line between two panes: drag, arrow keys, double-click or Enter to fold. */
import { type KeyboardEvent, type PointerEvent, useRef } from "react";
import styles from "./Splitter.module.css";

interface SplitterProps {
  readonly label: string;
  readonly widthPx: number;
  readonly minPx: number;
  readonly maxPx: number;
  readonly defaultPx: number;
  /** Which way a drag to the right changes the width. */
  readonly side: "left" | "right";
  readonly onResize: (widthPx: number) => void;
}

const KEY_STEP_PX = 16;

export function Splitter({ label, widthPx, minPx, maxPx, defaultPx, side, onResize }: SplitterProps) {
  const drag = useRef<{ x: number; widthPx: number } | null>(null);
  const sign = side === "left" ? 1 : -1;
  // Dragged to under half its least width, a pane folds away.
  const resize = (px: number): void => onResize(px < minPx / 2 ? 0 : Math.round(Math.min(maxPx, Math.max(minPx, px))));
  const toggle = (): void => onResize(widthPx === 0 ? defaultPx : 0);
  const onPointerDown = (event: PointerEvent<HTMLHRElement>): void => {
    event.currentTarget.setPointerCapture(event.pointerId);
    drag.current = { x: event.clientX, widthPx };
  };
  const onPointerMove = (event: PointerEvent<HTMLHRElement>): void => {
    if (drag.current !== null) resize(drag.current.widthPx + (event.clientX - drag.current.x) * sign);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const steps: Readonly<Record<string, number>> = { ArrowLeft: -KEY_STEP_PX, ArrowRight: KEY_STEP_PX };
    const step = steps[event.key];
    if (step !== undefined) resize(Math.max(widthPx, minPx) + step * sign);
    else if (event.key === "Enter") toggle();
    else return;
    event.preventDefault();
  };
  return (
    <hr
      className={styles.splitter}
      aria-orientation="vertical"
      aria-label={label}
      aria-valuenow={widthPx}
      aria-valuemin={0}
      aria-valuemax={maxPx}
      tabIndex={0}
      onPointerDown={onPointerDown}
      onPointerMove={onPointerMove}
      onLostPointerCapture={() => {
        drag.current = null;
      }}
      onDoubleClick={toggle}
      onKeyDown={onKeyDown}
    />
  );
}
