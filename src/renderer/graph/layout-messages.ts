/** What the window and the layout worker say to each other. */
export interface LayoutNode {
  readonly id: string;
  readonly radiusPx: number;
}

export interface LayoutGraph {
  readonly kind: "graph";
  /** Comes back with the positions, so that they are matched to the right node list. */
  readonly version: number;
  readonly nodes: readonly LayoutNode[];
  /** Pairs of indexes into `nodes`. */
  readonly links: readonly (readonly [number, number])[];
  /** Forget all earlier positions. */
  readonly isReset: boolean;
  /** Width over height of the view; the layout takes that shape. */
  readonly aspect: number;
}

export type LayoutRequest =
  | LayoutGraph
  | { readonly kind: "drag"; readonly id: string; readonly x: number; readonly y: number }
  | { readonly kind: "drop"; readonly id: string }
  | { readonly kind: "free"; readonly id: string };

export interface LayoutPositions {
  readonly version: number;
  /** x, y of each node, in the order of the graph with this version. */
  readonly positions: Float32Array;
  readonly isCool: boolean;
}
