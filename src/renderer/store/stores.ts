/**
 * The window's state: one store for what main tells us, one for what the
 * person chose. Created by the composition root and passed by context.
 */
import { createContext, useContext } from "react";
import { createStore, type StoreApi, useStore } from "zustand";
import type { Preferences, SessionStatus, TelltaleApi } from "../../contract/ipc-schema.ts";
import type { EdgeId, NodeId } from "../../core/model/ids.ts";
import type { Tone } from "../tone.ts";
import { emptyTimeline, type Sparks, type Timeline } from "./activity.ts";
import { EMPTY_GRAPH, type GraphState } from "./graph-state.ts";

export interface SessionState {
  readonly graph: GraphState;
  /** null until the first update. */
  readonly status: SessionStatus | null;
  readonly timeline: Timeline;
  readonly sparks: Sparks;
  /** Edges with a new contact in the newest update: they pulse once. */
  readonly contacts: readonly EdgeId[];
  /** Counts sessions: up at every reset. */
  readonly generation: number;
}

export type Selection = { readonly kind: "node"; readonly id: NodeId } | { readonly kind: "edge"; readonly id: EdgeId };

export interface TimeRange {
  readonly fromNs: number;
  readonly toNs: number;
}

export interface Notice {
  readonly id: number;
  readonly tone: "done" | "failed";
  readonly title: string;
  readonly detail: string | null;
}

export interface ViewState {
  readonly view: "graph" | "table";
  readonly selection: Selection | null;
  readonly query: string;
  readonly hiddenTones: ReadonlySet<Tone>;
  readonly brush: TimeRange | null;
  readonly preferences: Preferences;
  readonly isSystemDark: boolean;
  readonly notice: Notice | null;
}

export interface Stores {
  readonly session: StoreApi<SessionState>;
  readonly view: StoreApi<ViewState>;
}

export const DEFAULT_PREFERENCES: Preferences = { theme: "system", leftWidthPx: 272, rightWidthPx: 344 };

export function createStores(): Stores {
  return {
    session: createStore<SessionState>(() => ({
      graph: EMPTY_GRAPH,
      status: null,
      timeline: emptyTimeline(0),
      sparks: new Map(),
      contacts: [],
      generation: 0,
    })),
    view: createStore<ViewState>(() => ({
      view: "graph",
      selection: null,
      query: "",
      hiddenTones: new Set(),
      brush: null,
      preferences: DEFAULT_PREFERENCES,
      isSystemDark: true,
      notice: null,
    })),
  };
}

export interface Collaborators extends Stores {
  readonly api: TelltaleApi;
}

export const CollaboratorsContext = createContext<Collaborators | null>(null);

export function useCollaborators(): Collaborators {
  const collaborators = useContext(CollaboratorsContext);
  if (collaborators === null) throw new Error("expected a CollaboratorsContext above this component");
  return collaborators;
}

export const useSession = <T>(select: (state: SessionState) => T): T => useStore(useCollaborators().session, select);
export const useView = <T>(select: (state: ViewState) => T): T => useStore(useCollaborators().view, select);
