/** Theme and pane widths: read once, written a moment after the last change. */
import type { StoreApi } from "zustand";
import type { Preferences, TelltaleApi } from "../../contract/ipc-schema.ts";
import type { ViewState } from "./stores.ts";

const SAVE_DELAY_MS = 400;

/** Loads what was saved and saves what changes from then on. */
export async function loadPreferences(api: TelltaleApi, view: StoreApi<ViewState>): Promise<void> {
  const preferences = await api.loadPreferences();
  view.setState({ preferences });
  let timer: ReturnType<typeof setTimeout> | undefined;
  view.subscribe((state, before) => {
    if (state.preferences === before.preferences) return;
    clearTimeout(timer);
    timer = setTimeout(() => void api.savePreferences(view.getState().preferences), SAVE_DELAY_MS);
  });
}

export function changePreferences(view: StoreApi<ViewState>, change: Partial<Preferences>): void {
  view.setState((state) => ({ preferences: { ...state.preferences, ...change } }));
}
