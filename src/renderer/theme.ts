/** Puts the chosen or the system's theme on the root element. */
import type { Stores } from "./store/stores.ts";

export function followTheme(stores: Stores, root: HTMLElement): () => void {
  const query = matchMedia("(prefers-color-scheme: dark)");
  const noteSystem = (): void => stores.view.setState({ isSystemDark: query.matches });
  const apply = (): void => {
    const { preferences, isSystemDark } = stores.view.getState();
    const system = isSystemDark ? "dark" : "light";
    const theme = preferences.theme === "system" ? system : preferences.theme;
    if (root.dataset.theme !== theme) root.dataset.theme = theme;
  };
  noteSystem();
  apply();
  query.addEventListener("change", noteSystem);
  const stop = stores.view.subscribe(apply);
  return () => {
    query.removeEventListener("change", noteSystem);
    stop();
  };
}
