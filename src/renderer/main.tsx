/** Composition root of the window. */
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import type { TelltaleApi } from "../contract/ipc-schema.ts";
import { App } from "./App.tsx";
import "./base.css";
import { connectFeed } from "./store/feed.ts";
import { loadPreferences } from "./store/preferences.ts";
import { CollaboratorsContext, createStores } from "./store/stores.ts";
import { followTheme } from "./theme.ts";

declare global {
  interface Window {
    /** Set by preload; the window's only way out. */
    readonly telltale: TelltaleApi;
  }
}

const root = document.getElementById("root");
if (root === null) throw new Error("expected an element with id root in index.html");

const api = window.telltale;
const stores = createStores();
followTheme(stores, document.documentElement);
void loadPreferences(api, stores.view);
connectFeed(api, stores);

createRoot(root).render(
  <StrictMode>
    <CollaboratorsContext value={{ ...stores, api }}>
      <App />
    </CollaboratorsContext>
  </StrictMode>,
);
