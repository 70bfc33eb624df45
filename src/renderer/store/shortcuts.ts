/** Keys that work anywhere in the window, except while typing. */
import type { StoreApi } from "zustand";
import type { ViewState } from "./stores.ts";

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement;

export function handleShortcut(event: KeyboardEvent, view: StoreApi<ViewState>): void {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Escape") {
    clearOneLayer(view);
    return;
  }
  if (isTyping(event.target)) return;
  if (event.key === "/") {
    event.preventDefault();
    focusSearch(view);
  }
  if (event.key === "g") view.setState({ view: "graph" });
  if (event.key === "t") view.setState({ view: "table" });
}

/** One layer at a time: the selection, then the search and filters, then the focus. */
function clearOneLayer(view: StoreApi<ViewState>): void {
  const { selection, query, brush, hiddenTones } = view.getState();
  if (selection !== null) view.setState({ selection: null });
  else if (query !== "" || brush !== null || hiddenTones.size > 0) {
    view.setState({ query: "", brush: null, hiddenTones: new Set() });
  } else if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
}

function focusSearch(view: StoreApi<ViewState>): void {
  const { preferences } = view.getState();
  if (preferences.leftWidthPx === 0) view.setState({ preferences: { ...preferences, leftWidthPx: 272 } });
  // After the pane is there.
  requestAnimationFrame(() => document.querySelector<HTMLInputElement>('[data-testid="search"]')?.select());
}
